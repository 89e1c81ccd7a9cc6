"""Signing in to a CRM: where the Login button leads, and where the CRM sends the person back to."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.errors import HandoffError
from bot.usecases import connect
from bot.usecases.connect import Attempt, SignInFailed
from bot.usecases.house import House
from bot.web.pages import page

log = structlog.get_logger(__name__)

# The address bar holds codes and states: nothing of it may travel on in a Referer, or stay in a cache.
_PRIVATE = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


def router(house: House, on_return: Callable[[Attempt, str | None], None]) -> APIRouter:
    """`GET /crm/login` and `GET /crm/callback`.

    `on_return` hears of everybody who comes back from a CRM; also why nothing came of it, if so.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.get("/crm/login")
    def login(ticket: str = "") -> Response:
        try:
            return RedirectResponse(connect.begin(house, ticket), 303, headers=_PRIVATE)
        except HandoffError as error:
            return _failure(str(error))

    @routes.get("/crm/callback")
    def callback(request: Request) -> Response:
        try:
            attempt, account = connect.finish(house, request.query_params)
        except SignInFailed as failed:
            log.warning(
                "crm_sign_in_failed", crm=failed.attempt.crm.key, reason=type(failed.__cause__).__name__
            )
            on_return(failed.attempt, str(failed))
            return _failure(str(failed))
        except HandoffError as refusal:
            log.warning("crm_sign_in_not_finished", reason=type(refusal).__name__)
            return _failure(str(refusal))
        on_return(attempt, None)
        return HTMLResponse(page("connected.html", crm=attempt.crm.name, account=account), headers=_PRIVATE)

    return routes


def _failure(sentence: str) -> HTMLResponse:
    return HTMLResponse(page("not_connected.html", sentence=sentence), 400, headers=_PRIVATE)
