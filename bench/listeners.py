"""What the product is compared with: listeners that do nothing, and an endpoint that stores one row."""

from __future__ import annotations

import os
import sys
from typing import Annotated

import uvicorn
from fastapi import Depends, FastAPI, Request, Response
from pydantic import Base64Bytes, BaseModel
from slack_bolt import Ack, App, BoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from sqlalchemy import JSON, Column, Integer, LargeBinary, MetaData, String, Table, insert

from bench.names import BOT_TOKEN, SIGNING_SECRET
from bot.serving import server_config
from bot.store.database import Database

_rows = Table(
    "bench_rows",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("external_id", String(200), nullable=False),
    Column("document", JSON, nullable=False),
    Column("cv", LargeBinary, nullable=False),
)


class _Cv(BaseModel):
    filename: str
    content_type: str
    content: Base64Bytes


class _Document(BaseModel):
    external_id: str
    source: str
    vacancy: dict[str, str]
    candidate: dict[str, str | list[str]]
    cover_letter: str
    cv: _Cv


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


def _empty() -> FastAPI:
    bolt, web = _bolt(stock=False), FastAPI(openapi_url=None)

    @web.post("/slack/events")
    def events(request: Request, body: Annotated[bytes, Depends(_body)]) -> Response:
        answer = bolt.dispatch(BoltRequest(body=body.decode(), headers=dict(request.headers)))
        return Response(answer.body, answer.status)

    return web


def _storing(database_url: str) -> FastAPI:
    database, web = Database(database_url), FastAPI(openapi_url=None)
    _rows.create(database.engine, checkfirst=True)
    add = insert(_rows)

    @web.post("/api/v1/applications", status_code=201)
    def create(document: _Document) -> dict[str, str]:
        rest = document.model_dump(exclude={"cv", "external_id"})
        values = {"external_id": document.external_id, "document": rest, "cv": document.cv.content}
        with database.transaction() as connection:
            connection.execute(add, values)
        return {"id": document.external_id}

    return web


def _serve(web: FastAPI, port: int) -> None:
    uvicorn.Server(server_config(web, "127.0.0.1", port)).run()


def main(kind: str, port: int, database_url: str = "") -> None:
    """Serve one of them."""
    if kind == "empty":
        _serve(_empty(), port)
    elif kind == "storing":
        _serve(_storing(database_url), port)
    else:
        _bolt(stock=True).start(port=port, path="/slack/events", http_server_logger_enabled=False)


if __name__ == "__main__":
    os.environ.pop("SLACK_VERIFICATION_TOKEN", None)
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
