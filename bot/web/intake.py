"""The intake API: applications come in, and their state can be asked for."""

import re
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse

from bot.errors import Invalid, NotFound
from bot.models import Application
from bot.store import settings
from bot.usecases import receive
from bot.usecases.house import House
from bot.web import openapi, reference
from bot.web.bearer import team_of_token
from bot.web.bodies import limited_body
from bot.web.metrics import Metrics
from bot.web.state import ApplicationState, Created, state_of
from bot.web.submission import Submission, parse

log = structlog.get_logger(__name__)

MAX_BODY = 15_000_000
_PATH = "/api/v1/applications"
_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")


def router(house: House, metrics: Metrics | None = None) -> APIRouter:
    """`POST /api/v1/applications`, `GET /api/v1/applications/{id}`, and `GET /docs` about them."""
    counted = metrics or Metrics()
    routes = APIRouter(tags=["Applications"])
    routes.include_router(reference.router(house.config.public_url))
    Team = Annotated[str, Depends(team_of_token(house))]  # noqa: N806  a type, made for this house
    Body = Annotated[bytes, Depends(limited_body(MAX_BODY))]  # noqa: N806  a type as well

    # The token comes first among the parameters, so that nobody without one has a body read.
    @routes.post(
        _PATH,
        status_code=201,
        response_model=Created,
        summary="Send an application",
        responses=openapi.POST_ANSWERS,
        openapi_extra=openapi.POST_BODY,
    )
    def create(team_id: Team, body: Body) -> JSONResponse:
        """Answers once the application is stored; its card in Slack follows by itself."""
        application, cv = _parsed(body, counted).application(team_id, house.clock())
        stored, is_new = receive.receive(house, application, cv)
        counted.received.labels("new" if is_new else "replayed").inc()
        log.info("application_received", application=stored.id, team=team_id, is_new=is_new)
        url = f"{house.config.public_url}{_PATH}/{stored.id}"
        answer = Created(id=stored.id, url=url)
        return JSONResponse(answer.model_dump(), 201 if is_new else 200, {"Location": url})

    @routes.get(
        _PATH + "/{application_id}",
        response_model=ApplicationState,
        summary="Ask for an application's state",
        responses=openapi.GET_ANSWERS,
    )
    def show(team_id: Team, application_id: str) -> ApplicationState:
        """The light, the status, how far the handoff is, and where the card is."""
        return state_of(*_found(house, team_id, application_id))

    return routes


def _parsed(body: bytes, metrics: Metrics) -> Submission:
    try:
        return parse(body)
    except Invalid as error:
        for field in {fault.field for fault in error.faults if fault.field.startswith("cv.")}:
            metrics.cv_refusals.labels(field).inc()
        raise


def _found(house: House, team_id: str, application_id: str) -> tuple[Application, str]:
    if not _ID.fullmatch(application_id):
        raise NotFound("There is no application with this id.")
    application = receive.find(house, team_id, application_id)
    with house.database.reading() as connection:
        names = {status.key: status.name for status in settings.load_statuses(connection, team_id)}
    return application, names.get(application.status, application.status)
