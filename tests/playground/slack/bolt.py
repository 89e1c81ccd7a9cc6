"""A tiny real Bolt app on a port: verifies signatures, records what it gets, does what a test tells it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request, Response
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient
from starlette.concurrency import run_in_threadpool

from bot.playground.slack import LocalSlack
from bot.playground.slack.server import ThreadedServer

Listener = Callable[..., None]
_ANYTHING = re.compile(".*")


class Bot:
    """`on` maps a kind of request (action, view, command, options, closed, event) to a listener."""

    def __init__(self, slack: LocalSlack, signing_secret: str) -> None:
        self.client = WebClient(token="xoxb-local", base_url=slack.api_url)
        self.on: dict[str, Listener] = {}
        self.seen: list[dict[str, Any]] = []
        self.requests: list[tuple[dict[str, str], bytes]] = []
        self.headers: dict[str, str] = {}
        self._app = App(
            client=self.client,
            signing_secret=signing_secret,
            token_verification_enabled=False,
            process_before_response=True,
        )
        self._listen()
        self._server = ThreadedServer(0)

    def _listen(self) -> None:
        self._app.action(_ANYTHING)(self._listener("action"))
        self._app.view(_ANYTHING)(self._listener("view"))
        self._app.view_closed(_ANYTHING)(self._listener("closed"))
        self._app.command(_ANYTHING)(self._listener("command"))
        self._app.options(_ANYTHING)(self._listener("options"))
        self._app.event(_ANYTHING)(self._listener("event"))

    def _listener(self, kind: str) -> Listener:
        def listen(ack: Any, body: dict[str, Any], respond: Any) -> None:
            self.seen.append(body)
            if kind in self.on:
                self.on[kind](ack=ack, body=body, respond=respond)
            else:
                ack()

        return listen

    @property
    def last(self) -> dict[str, Any]:
        """The last request's body."""
        return self.seen[-1]

    def start(self) -> None:
        web = FastAPI()

        @web.post("/slack/events")
        async def events(request: Request) -> Response:
            body = await request.body()
            self.requests.append((dict(request.headers), body))
            asked = BoltRequest(body=body.decode(), headers=dict(request.headers))
            answer = await run_in_threadpool(self._app.dispatch, asked)
            headers = {name: values[0] for name, values in answer.headers.items()}
            return Response(answer.body, answer.status, headers | self.headers)

        self._server.start(web)
        self.url = f"http://127.0.0.1:{self._server.port}"

    def stop(self) -> None:
        self._server.stop()
