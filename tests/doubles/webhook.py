"""A receiver of the signed webhook, as its page tells people to build one: it verifies before it believes."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from tests.doubles._server import Double

SECRET = "a-secret-of-both-sides"
SCHEMA = json.loads((Path(__file__).parents[2] / "docs" / "crm" / "handoff.schema.json").read_text("utf-8"))
PATH = "/hooks/applicants"
_OLDEST = 300


class WebhookDouble(Double):
    """Keeps every delivery that came, and one record for each application."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.arrived: list[dict[str, Any]] = []
        self.records: dict[str, dict[str, Any]] = {}
        self.answer: Callable[[str], Response] | None = None
        """What is answered to the delivery of that id in place of the record's."""
        super().__init__(Starlette(routes=[Route(PATH, self._take, methods=["POST"])]), clock)

    @property
    def url(self) -> str:
        """Where deliveries go."""
        return self.base_url + PATH

    def reset(self) -> None:
        """Back to the first day."""
        self.arrived.clear()
        self.records.clear()
        self.answer = None
        super().reset()

    async def _take(self, request: Request) -> Response:
        raw = await request.body()
        if not is_genuine(request.headers, raw):
            return PlainTextResponse("The signature does not fit.", 401)
        body = json.loads(raw)
        jsonschema.validate(body, SCHEMA, format_checker=jsonschema.FormatChecker())
        if body["id"] != request.headers["handoff-id"]:
            return PlainTextResponse("Two ids.", 400)
        if body["event"] == "ping":
            return Response(status_code=204)
        is_known = body["id"] in [known["id"] for known in self.arrived]
        self.arrived.append(body)
        if not is_known:
            self.records[body["application"]["id"]] = body
        if self.answer is not None:
            return self.answer(body["id"])
        record = f"rec-{list(self.records).index(body['application']['id']) + 1}"
        return JSONResponse({"id": record, "url": f"https://crm.example.com/{record}"}, 201)


def is_genuine(headers: Any, raw: bytes) -> bool:
    """Whether the secret's holder sent this, and just now."""
    stamp = headers.get("handoff-timestamp", "")
    if not stamp.isdecimal() or abs(time.time() - int(stamp)) > _OLDEST:
        return False
    mac = hmac.new(SECRET.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    return hmac.compare_digest(headers.get("handoff-signature", ""), f"v1={mac}")
