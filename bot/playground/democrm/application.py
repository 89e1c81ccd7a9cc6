"""The demo CRM's web application, put together from its rooms."""

from collections.abc import Callable

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from bot.playground.democrm import api, pages, signin
from bot.playground.democrm.authserver import OAuthError, UntrustedRequestError
from bot.playground.democrm.context import Site
from bot.playground.democrm.model import DuplicateError, RecordMissingError, RefusedError
from bot.playground.democrm.problems import ProblemError, on_problem, problem
from bot.playground.democrm.rendering import HERE


def build(site: Site) -> FastAPI:
    """API, sign-in and pages of one site; the API's description is at `/docs`."""
    app = FastAPI(title="Demo CRM", version="1", description=api.__doc__ or "", redoc_url=None)
    app.state.site = site
    for router in (api.router, signin.router, pages.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    handlers: dict[type[Exception], Callable[[Request, Exception], Response]] = {
        ProblemError: on_problem,
        DuplicateError: on_problem,
        RefusedError: on_problem,
        RequestValidationError: on_problem,
        OAuthError: signin.on_oauth_error,
        UntrustedRequestError: signin.on_oauth_error,
        HTTPException: _on_missing,
        RecordMissingError: _on_missing,
    }
    for error, handler in handlers.items():
        app.add_exception_handler(error, handler)
    return app


def _on_missing(request: Request, exc: Exception) -> Response:
    """No such record or route: a problem document for programs, a page for people."""
    site: Site = request.app.state.site
    if not request.url.path.startswith(("/api/", "/oauth/")):
        return pages.missing_page(site, exc.status_code if isinstance(exc, HTTPException) else 404)
    if isinstance(exc, HTTPException):
        code, detail = _MISSING.get(exc.status_code, ("request_refused", str(exc.detail)))
        return problem(exc.status_code, code, detail, dict(exc.headers or {}))
    return on_problem(request, exc)


_MISSING = {
    404: ("not_found", "There is no such address; see /docs for those there are."),
    405: ("method_not_allowed", "This address does not take that method; see the Allow header."),
}
