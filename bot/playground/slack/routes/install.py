"""Routes of the OAuth installation: the consent page and what is pressed on it."""

from __future__ import annotations

from html import escape

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from ..model import Json, LocalSlackError
from .consent import consent_page
from .parts import Parts


def install_routes(parts: Parts) -> APIRouter:
    """Slack's side of installing the bot."""
    router = APIRouter()

    async def ask(request: Request) -> Response:
        query: Json = dict(request.query_params)
        try:
            parts.oauth.refuse_bad_request(query)
        except LocalSlackError as refusal:
            return _oops(refusal)
        with parts.state.lock:
            return HTMLResponse(consent_page(query, list(parts.state.workspaces.values())))

    async def decide(request: Request) -> Response:
        async with request.form() as form:
            query: Json = {name: str(value) for name, value in form.items()}
        try:
            allowed = query.get("decision") == "allow"
            url = parts.oauth.approve(query, query["user"]) if allowed else parts.oauth.deny(query)
        except LocalSlackError as refusal:
            return _oops(refusal)
        return RedirectResponse(url, 302)

    router.add_api_route("/oauth/v2/authorize", ask, methods=["GET"])
    router.add_api_route("/oauth/v2/authorize", decide, methods=["POST"])
    return router


def _oops(refusal: LocalSlackError) -> Response:
    page = f"<!doctype html><title>Oops</title><h1>Something went wrong</h1><p>{escape(str(refusal))}</p>"
    return HTMLResponse(page, 400)
