"""What several stories do or look at: lines of the card, what the CRM was asked, clicks of our own making."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any
from urllib.parse import urlencode

import requests
from slack_sdk.signature import SignatureVerifier

from bot.blocks import ids
from bot.playground.democrm.model import Person
from bot.usecases import configure
from bot.usecases.configure import Wish
from tests.world import ADMIN, CHANNEL, SIGNING_SECRET, TEAM, World, an_application, login_link

SOON = 60.0
"""Seconds after which every first retry has come round."""
HANGS = 10.0
"""Seconds that a call hangs where nothing may wait for it: longer than any machine stands still."""


def handoff_line(world: World, application_id: str) -> str:
    """The card's line on the handoff; empty where it has none."""
    return _block(world, application_id, "handoff")


def standing(world: World, application_id: str) -> str:
    """The card's line on light, status and who decided, with the button beside it."""
    return _block(world, application_id, "standing")


def candidate(number: int, **changes: Any) -> dict[str, Any]:
    """The candidate of the nth application, with changes; None takes a field away."""
    fields = an_application(number)["candidate"] | changes
    return {name: value for name, value in fields.items() if value is not None}


def people_called(world: World, email: str) -> list[Person]:
    """Everybody in the CRM with this e-mail, whatever its letter case."""
    return [person for person in world.crm.people() if (person.email or "").casefold() == email.casefold()]


def person_of(world: World, application_id: str) -> Person:
    """The CRM's record that a handoff ended in."""
    wanted = world.state(application_id)["handoff"]["candidate_id"]
    return next(person for person in world.crm.people() if str(person.id) == wanted)


def crm_calls(world: World) -> list[str]:
    """What the CRM's API was asked for, as `POST /people`, but for who is signed in."""
    calls = [
        f"{call.method} {call.path.removeprefix('/api/v1')}"
        for call in world.crm.calls
        if "/api/v1" in call.path
    ]
    return [call for call in calls if call != "GET /me"]


def writes(world: World) -> list[str]:
    """What the CRM was asked to change."""
    return [call for call in crm_calls(world) if not call.startswith("GET")]


def connect(world: World) -> None:
    """An admin signs in to the demo CRM by the link in the settings modal, quicker than any hand."""
    admin = world.slack.as_user(ADMIN)
    admin.command("/handoff-settings", channel=CHANNEL)
    assert world.slack.wait_until(lambda: admin.view() is not None)
    if login_link(admin.view()) is None:
        admin.act_in_view(ids.SETTINGS_CRM, "DEMO")
        assert world.slack.wait_until(lambda: login_link(admin.view()) is not None)
    link = str(login_link(admin.view()))
    consent = requests.get(link, allow_redirects=False, timeout=30).headers["Location"]
    page = requests.get(world.crm.approve(consent), timeout=30)
    assert "is connected" in page.text
    admin.close()
    world.deliver()


def undo_window(world: World, seconds: int) -> None:
    """An admin sets how long this workspace can undo."""
    configure.save(world.house, TEAM, ADMIN, Wish(undo_seconds=seconds))


def together(*acts: Callable[[], Any]) -> Sequence[Any]:
    """Do all of these at the same moment; what each gave."""
    gate = Barrier(len(acts))

    def act(one: Callable[[], Any]) -> Any:
        gate.wait(30)
        return one()

    with ThreadPoolExecutor(len(acts)) as threads:
        return [done.result(30) for done in [threads.submit(act, one) for one in acts]]


def send_click(
    world: World,
    user: str,
    block_id: str,
    action: dict[str, Any],
    *,
    team: str = TEAM,
    user_team: str | None = None,
) -> int:
    """Send a click that no button made, correctly signed; the bot's status code."""
    payload = {
        "type": "block_actions",
        "team": {"id": team, "domain": "brightdesk"},
        "user": {"id": user, "username": user.lower(), "team_id": user_team or team},
        "api_app_id": "AHANDOFF",
        "container": {
            "type": "message",
            "message_ts": "1.1",
            "channel_id": "CAPPLICANTS",
            "is_ephemeral": False,
        },
        "channel": {"id": "CAPPLICANTS", "name": "applicants"},
        "trigger_id": "1.1.a",
        "response_url": f"{world.slack.base_url}/nowhere",
        "actions": [{"type": "button", "block_id": block_id, "action_ts": "1.1"} | action],
    }
    body = urlencode({"payload": json.dumps(payload)})
    timestamp = str(int(time.time()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=timestamp, body=body)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": str(signature),
    }
    return requests.post(f"{world.bot_url}/slack/events", data=body, headers=headers, timeout=30).status_code


def _block(world: World, application_id: str, role: str) -> str:
    blocks = world.card(application_id)["blocks"]
    own = [block for block in blocks if str(block.get("block_id", "")).startswith(f"card:{role}:")]
    return json.dumps(own[0], ensure_ascii=False) if own else ""
