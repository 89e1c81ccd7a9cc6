"""What the doubles of all CRMs share: addresses, signing in by OAuth 2, the way back to the first day."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.types import ASGIApp

from ._server import Double
from ._signin import SignIn

Refuse = Callable[[Request, Exception], Response]


def app_of(site: object, refused: type[Exception], refuse: Refuse, *routers: APIRouter) -> FastAPI:
    """The routes of a double, which find `site` in the app's state; `refuse` words whatever it refuses."""
    app = FastAPI(openapi_url=None)
    app.state.site = site
    for router in routers:
        app.include_router(router)
    for kind in (refused, RequestValidationError):
        app.add_exception_handler(kind, refuse)
    return app


class CrmDouble(Double):
    """A CRM on a port."""

    api_path: ClassVar[str] = ""
    """The path that all of the API is beneath."""

    @property
    def api_url(self) -> str:
        return self.base_url + self.api_path


class OAuthDouble(CrmDouble):
    """A CRM that one signs in to at `authorize_url`; `sign_in.approve` is the person there."""

    authorize_path: ClassVar[str]
    token_path: ClassVar[str]

    def __init__(self, app: ASGIApp, clock: Callable[[], float], sign_in: SignIn) -> None:
        super().__init__(app, clock)
        self.sign_in = sign_in

    @property
    def authorize_url(self) -> str:
        return self.base_url + self.authorize_path

    @property
    def token_url(self) -> str:
        return self.base_url + self.token_path

    def reset(self) -> None:
        self.sign_in.revoke_all()
        super().reset()
