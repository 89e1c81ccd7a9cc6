"""What Slack sends over HTTP, verified before anything looks at it, and the installation pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Request, Response
from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.web.bodies import limited_body

log = structlog.get_logger(__name__)

_LARGEST_DELIVERY = 2 * 1024 * 1024
_BODY = limited_body(_LARGEST_DELIVERY)


def router(bolt: App, signing_secret: str | None) -> APIRouter:
    """`POST /slack/events`, and `/slack/install` with its redirect where workspaces install by OAuth.

    Without a signing secret (Socket Mode) every delivery over HTTP is refused.
    """
    routes = APIRouter(include_in_schema=False)
    verifier = SignatureVerifier(signing_secret) if signing_secret else None

    @routes.post("/slack/events")
    def events(request: Request, body: Annotated[bytes, Depends(_BODY)]) -> Response:
        try:
            text = body.decode()
        except UnicodeDecodeError:  # before the signature: the library that checks it expects text
            return _malformed()
        refused = _refusal(verifier, request, text)
        if refused is not None:
            return refused
        answer = _dispatched(bolt, text, request.headers)
        return _malformed() if answer is None else _answer(answer)

    if bolt.oauth_flow is not None:
        flow = bolt.oauth_flow
        routes.get("/slack/install")(_page(flow.handle_installation))
        routes.get("/slack/oauth_redirect")(_page(flow.handle_callback))
    return routes


def _malformed() -> Response:
    log.warning("slack_delivery_malformed")
    return Response("This is not what Slack sends.", 400)


def _refusal(verifier: SignatureVerifier | None, request: Request, body: str) -> Response | None:
    timestamp = request.headers.get("x-slack-request-timestamp", "")
    signature = request.headers.get("x-slack-signature", "")
    if verifier is None or not timestamp or not signature:
        log.warning("slack_delivery_unsigned")
        return Response("This request is not signed by Slack.", 401)
    if not (timestamp.isascii() and timestamp.isdigit()):
        log.warning("slack_delivery_malformed")
        return Response("The timestamp is not a number.", 400)
    if not verifier.is_valid(body, timestamp, signature):
        log.warning("slack_delivery_signature_wrong")
        return Response("The signature is wrong, or the request is too old.", 401)
    return None


def _dispatched(bolt: App, body: str, headers: Mapping[str, str]) -> BoltResponse | None:
    """What Bolt answers to the delivery; None if it is nothing that Slack sends."""
    try:
        read = BoltRequest(body=body, headers={**headers})
        return bolt.dispatch(read) if isinstance(read.body, dict) and read.body else None
    except (ValueError, TypeError, AttributeError, LookupError, RecursionError):
        return None


def _page(handle: Callable[[BoltRequest], BoltResponse]) -> Callable[[Request], Response]:
    def page(request: Request) -> Response:
        return _answer(
            handle(BoltRequest(body="", query=str(request.query_params), headers=dict(request.headers)))
        )

    return page


def _answer(answer: BoltResponse) -> Response:
    response = Response(answer.body, answer.status)
    for name, values in answer.headers.items():
        if name.lower() == "content-length":
            continue
        for value in values:
            response.headers.append(name, value)
    return response
