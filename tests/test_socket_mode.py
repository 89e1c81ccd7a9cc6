"""Socket Mode: what Slack sends comes over a WebSocket, is acknowledged by its envelope, and has its
effect.
"""

from __future__ import annotations

import json
import queue
import threading
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import requests
from fastapi import FastAPI, Request, Response
from pydantic import SecretStr
from starlette.concurrency import run_in_threadpool
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import Server, ServerConnection, serve

from bot.blocks import ids
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.store.database import Database
from bot.usecases.checkup import Finding, check_up

from .support import HOST, Clock, forget_environment, serving
from .world import ANA, CHANNEL, TEAM, World, a_world, a_world_config

_PATIENCE = 30.0


class SocketSlack:
    """Slack's end of the WebSocket: hands out an address, sends envelopes, keeps the acknowledgements."""

    def __init__(self) -> None:
        self.opened = 0
        self.is_refusing = False
        self.acks: queue.Queue[dict[str, Any]] = queue.Queue()
        self._connections: queue.Queue[ServerConnection] = queue.Queue()
        self._server: Server = serve(self._talk, HOST, 0)
        self._thread = threading.Thread(target=self._server.serve_forever, name="socket-slack")
        self._thread.start()

    @property
    def url(self) -> str:
        return f"ws://{HOST}:{self._server.socket.getsockname()[1]}/link/?ticket=1"

    def connection(self) -> ServerConnection:
        """The next connection the bot makes."""
        return self._connections.get(timeout=_PATIENCE)

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join(_PATIENCE)

    def api(self, slack: LocalSlack) -> FastAPI:
        """The Web API: the address of the socket from here, everything else from the local Slack."""
        app = FastAPI(openapi_url=None)

        @app.post("/api/apps.connections.open")
        def opened(request: Request) -> dict[str, Any]:
            self.opened += 1
            if self.is_refusing or request.headers.get("authorization") != "Bearer xapp-1":
                return {"ok": False, "error": "internal_error" if self.is_refusing else "invalid_auth"}
            return {"ok": True, "url": self.url}

        @app.post("/api/{method}")
        async def forwarded(method: str, request: Request) -> Response:
            kept = ("authorization", "content-type")
            answer = await run_in_threadpool(
                requests.post,
                f"{slack.api_url}{method}",
                data=await request.body(),
                headers={name: value for name, value in request.headers.items() if name in kept},
                timeout=30,
            )
            return Response(answer.content, answer.status_code, media_type="application/json")

        return app

    def _talk(self, connection: ServerConnection) -> None:
        connection.send(json.dumps({"type": "hello", "num_connections": 1}))
        self._connections.put(connection)
        try:
            for message in connection:
                self.acks.put(json.loads(message))
        except ConnectionClosed:
            return


@pytest.fixture
def socket_slack() -> Iterator[SocketSlack]:
    """Slack's end of the socket."""
    double = SocketSlack()
    yield double
    double.close()


@pytest.fixture
def slack() -> Iterator[LocalSlack]:
    """The Slack behind it."""
    with LocalSlack() as slack:
        yield slack


@pytest.fixture
def world(
    database_url: str,
    database: Database,
    clock: Clock,
    slack: LocalSlack,
    socket_slack: SocketSlack,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """A bot in Socket Mode, on each kind of database."""
    forget_environment(monkeypatch)
    with serving(socket_slack.api(slack)) as api, DemoCrm() as crm:
        config = a_world_config(
            database_url,
            slack,
            crm,
            slack_api_url=f"{api}/api/",
            slack_app_token="xapp-1",
            slack_signing_secret=None,
        )
        with a_world(config, database, clock, slack, crm) as world:
            yield world


def _click(application_id: str, action_id: str, envelope_id: str) -> str:
    payload = {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "brightdesk"},
        "user": {"id": ANA, "username": "ana", "team_id": TEAM},
        "api_app_id": "AHANDOFF",
        "trigger_id": "1.1.a",
        "channel": {"id": CHANNEL, "name": "applicants"},
        "container": {"type": "message", "channel_id": CHANNEL, "message_ts": "1.1"},
        "actions": [
            {
                "type": "button",
                "action_id": action_id,
                "block_id": ids.card_block("lights", application_id, 0),
                "action_ts": "1.1",
            }
        ],
    }
    envelope = {
        "envelope_id": envelope_id,
        "type": "interactive",
        "accepts_response_payload": True,
        "payload": payload,
    }
    return json.dumps(envelope)


def test_a_click_is_acknowledged_by_its_envelope_and_decides(world: World, socket_slack: SocketSlack) -> None:
    """An envelope with a press of Green: its id comes back, and the application is green."""
    connection = socket_slack.connection()
    id_ = world.arrive()
    connection.send(_click(id_, ids.DECIDE_GREEN, "e-1"))
    assert socket_slack.acks.get(timeout=_PATIENCE)["envelope_id"] == "e-1"
    assert world.application(id_).light == "green"


def test_a_command_is_answered_through_the_socket(world: World, socket_slack: SocketSlack) -> None:
    """The answer to `help` travels in the acknowledgement."""
    connection = socket_slack.connection()
    fields = {
        "command": "/handoff-settings",
        "text": "help",
        "team_id": TEAM,
        "user_id": ANA,
        "trigger_id": "1",
    }
    connection.send(json.dumps({"envelope_id": "e-2", "type": "slash_commands", "payload": fields}))
    ack = socket_slack.acks.get(timeout=_PATIENCE)
    assert ack["envelope_id"] == "e-2"
    assert "Green" in ack["payload"]["text"]
    assert world.slack.calls


def test_it_connects_again_when_slack_asks_to(world: World, socket_slack: SocketSlack) -> None:
    """Slack renews connections every few hours: the bot takes a new one, and clicks go on having their
    effect.
    """
    first = socket_slack.connection()
    id_ = world.arrive()
    first.send(json.dumps({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}))
    second = socket_slack.connection()
    assert socket_slack.opened == 2
    second.send(_click(id_, ids.DECIDE_RED, "e-3"))
    assert socket_slack.acks.get(timeout=_PATIENCE)["envelope_id"] == "e-3"
    assert world.application(id_).light == "red"


def test_it_connects_again_when_the_line_breaks(world: World, socket_slack: SocketSlack) -> None:
    """A connection that just ends is replaced."""
    socket_slack.connection().close()
    socket_slack.connection()
    assert world.slack.calls


def test_http_deliveries_are_refused_meanwhile(world: World, socket_slack: SocketSlack) -> None:
    """Without a signing secret nobody can pose as Slack over HTTP."""
    socket_slack.connection()
    answer = requests.post(f"{world.bot_url}/slack/events", data=b"{}", timeout=30)
    assert answer.status_code == 401


def test_doctor_looks_at_the_app_token(world: World, socket_slack: SocketSlack) -> None:
    """Accepted, refused with what to do, or not opened for a reason of Slack's."""
    assert Finding(True, "Socket Mode: app token accepted") in check_up(world.house)
    socket_slack.is_refusing = True
    assert Finding(False, "Socket Mode: not opened (internal_error).") in check_up(world.house)
    socket_slack.is_refusing = False
    config = world.house.config.model_copy(update={"slack_app_token": SecretStr("xapp-wrong")})
    (refused,) = (one for one in check_up(replace(world.house, config=config)) if "Socket" in one.text)
    assert not refused.is_good
    assert "connections:write" in refused.text
