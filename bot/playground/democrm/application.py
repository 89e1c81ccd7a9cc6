"""The demo CRM's web application, put together from its rooms."""

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException

from bot.playground.democrm import api, pages, signin
from bot.playground.democrm.authserver import OAuthError, UntrustedRequestError
from bot.playground.democrm.context import Site
from bot.playground.democrm.problems import ProblemError, on_problem, problem
from bot.playground.democrm.records import DuplicateError, RecordMissingError, RefusedError
from bot.playground.democrm.rendering import HERE


def build(site: Site) -> FastAPI:
    """API, sign-in and pages of one site; the API's description is at `/docs`."""
    app = FastAPI(title="Demo CRM", version="1", description=api.__doc__ or "", redoc_url=None)
    app.state.site = site
    for router in (api.router, signin.router, pages.router):
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    for error in (ProblemError, DuplicateError, RefusedError, RequestValidationError):
        app.add_exception_handler(error, on_problem)
    for error in (OAuthError, UntrustedRequestError):
        app.add_exception_handler(error, signin.on_oauth_error)
    for error in (HTTPException, RecordMissingError):
        app.add_exception_handler(error, _on_missing)
    return app


def _on_missing(request: Request, exc: Exception) -> Response:
    """No such record or route: a problem document for programs, a page for people."""
    site: Site = request.app.state.site
    if not request.url.path.startswith(("/api/", "/oauth/")):
        return pages.not_found_page(site)
    if isinstance(exc, HTTPException):
        code = {404: "not_found", 405: "method_not_allowed"}.get(exc.status_code, "request_refused")
        return problem(exc.status_code, code, str(exc.detail), dict(exc.headers or {}))
    return on_problem(request, exc)
