"""Deliveries of our own making, signed as Slack signs them, for what its client would never send."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import requests

from tests.world import ADMIN, CHANNEL, SIGNING_SECRET, TEAM, World

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


def headers_for(body: bytes, kind: str, *, at: float | None = None) -> dict[str, str]:
    """Slack's headers for this body."""
    timestamp = str(int(time.time() if at is None else at))
    # By hand: the library signs text alone.
    digest = hmac.new(SIGNING_SECRET.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256).hexdigest()
    return {
        "Content-Type": kind,
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": f"v0={digest}",
    }


def send(world: World, body: bytes | str, kind: str = JSON, **changes: str) -> requests.Response:
    """Deliver a body, signed; `changes` replace headers (with _ for -)."""
    raw = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in changes.items()}
    return requests.post(
        f"{world.bot_url}/slack/events", data=raw, headers=headers_for(raw, kind) | named, timeout=10
    )


def send_payload(world: World, **payload: Any) -> requests.Response:
    """Deliver an interaction by the admin in the applicants' channel."""
    common = {
        "team": {"id": TEAM, "domain": "brightdesk"},
        "user": {"id": ADMIN, "username": "maya", "team_id": TEAM},
        "api_app_id": "AHANDOFF",
        "trigger_id": "1.1.a",
        "channel": {"id": CHANNEL, "name": "applicants"},
    }
    return send(world, urlencode({"payload": json.dumps(common | payload)}), FORM)


def send_event(
    world: World, event: Mapping[str, Any], *, headers: Mapping[str, str] | None = None, **changes: Any
) -> requests.Response:
    """Deliver an event of the workspace; `changes` replace fields around it."""
    body = {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "AHANDOFF",
        "event": event,
        "event_id": "Ev1",
        "event_time": int(time.time()),
    }
    return send(world, json.dumps(body | changes), **(headers or {}))
