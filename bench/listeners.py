"""What a click is compared with: a listener that does nothing, on the same server and on Bolt's own."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Request, Response
from slack_bolt import Ack, App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bench.load import BOT_TOKEN, SIGNING_SECRET
from bot.app import server_config


def _bolt(*, stock: bool) -> App:
    def authorize(team_id: str | None, enterprise_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=BOT_TOKEN)

    app = App(
        client=WebClient(base_url="http://127.0.0.1:9/"),
        authorize=authorize,
        signing_secret=SIGNING_SECRET,
        token_verification_enabled=False,
        ssl_check_enabled=False,
        process_before_response=not stock,
    )

    @app.action("decide_green")
    def nothing(ack: Ack) -> None:
        ack()

    return app


async def _body(request: Request) -> bytes:
    return await request.body()


def _same_server(port: int) -> None:
    bolt, web = _bolt(stock=False), FastAPI(openapi_url=None)

    @web.post("/slack/events")
    def events(request: Request, body: Annotated[bytes, Depends(_body)]) -> Response:
        answer = bolt.dispatch(BoltRequest(body=body.decode(), headers=dict(request.headers)))
        return Response(answer.body, answer.status)

    uvicorn.Server(server_config(web, "127.0.0.1", port)).run()


if __name__ == "__main__":
    os.environ.pop("SLACK_VERIFICATION_TOKEN", None)
    kind, port_ = sys.argv[1], int(sys.argv[2])
    if kind == "same":
        _same_server(port_)
    else:
        _bolt(stock=True).start(port=port_, path="/slack/events", http_server_logger_enabled=False)
