"""For those who watch over the bot: alive, able to serve, and Prometheus' numbers."""

from __future__ import annotations

import structlog
from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from sqlalchemy.exc import SQLAlchemyError

from bot.store.migrate import is_migrated
from bot.usecases import readings
from bot.usecases.house import House
from bot.usecases.readings import Readings
from bot.web.metrics import Metrics
from bot.web.problems import NOT_READY, ProblemError

log = structlog.get_logger(__name__)


def router(house: House, metrics: Metrics) -> APIRouter:
    """`GET /healthz`, `GET /readyz` and `GET /metrics`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/healthz")
    def healthz() -> Response:
        return JSONResponse({"status": "alive"})

    @routes.get("/readyz")
    def readyz() -> Response:
        lacking = _lacking(house)
        if lacking:
            raise ProblemError(NOT_READY, lacking)
        return JSONResponse({"status": "ready"})

    @routes.get("/metrics")
    def numbers() -> Response:
        return Response(metrics.exposition(_readings(house)), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return routes


def _lacking(house: House) -> str | None:
    try:
        if not house.database.is_reachable():
            return "The database does not answer; check DATABASE_URL and that it runs."
        if not is_migrated(house.database):
            return "The database is not at this version; run “handoff migrate”."
    except SQLAlchemyError as error:
        log.error("database_unusable", error=type(error).__name__)  # noqa: TRY400  the message may quote the URL
        return "The database can't be used; “handoff doctor” tells its operator more."
    return None


def _readings(house: House) -> Readings | None:
    # The other numbers are worth most when the database is away.
    try:
        return readings.read(house)
    except SQLAlchemyError as error:
        log.error("outbox_not_counted", error=type(error).__name__)  # noqa: TRY400  the message may quote the URL
        return None
