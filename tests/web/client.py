"""A program that sends applications, and the app it sends them to."""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass, field
from typing import Any

import requests
from fastapi import FastAPI

from bot.usecases.house import House
from bot.web import health, intake, problems
from bot.web.metrics import Metrics, Timing
from bot.web.openapi import EXAMPLE

TOKEN = "first-workspace-token"
OTHER_TEAM = "T0002"
OTHER_TOKEN = "second-workspace-token"
PATH = "/api/v1/applications"
LEAST: dict[str, Any] = {
    "external_id": "1",
    "source": "Indeed",
    "vacancy": {"reference": "JOB-42", "title": "Site Engineer"},
    "candidate": {"last_name": "Novák", "email": "ana@example.com"},
}


def build_app(house: House, metrics: Metrics) -> FastAPI:
    """The rooms under test, put together as the product does."""
    app = FastAPI(docs_url=None, redoc_url=None, title="Handoff", version="1")
    app.include_router(intake.router(house, metrics))
    app.include_router(health.router(house, metrics))

    @app.get("/broken", include_in_schema=False)
    def broken() -> None:
        raise ValueError("ana@example.com")

    problems.install(app)
    app.add_middleware(Timing, metrics=metrics)
    return app


@dataclass
class Api:
    """Sends with a token; `None` leaves it out."""

    base_url: str
    http: requests.Session = field(default_factory=requests.Session)

    def send(self, document: Any, token: str | None = TOKEN) -> requests.Response:
        """A JSON document."""
        return self.send_body(json.dumps(document).encode(), token)

    def send_body(self, body: Any, token: str | None = TOKEN, **headers: str) -> requests.Response:
        """Any body."""
        return self.http.post(
            self.base_url + PATH,
            data=body,
            headers=_bearer(token) | {"Content-Type": "application/json"} | headers,
        )

    def state(self, application_id: str, token: str | None = TOKEN) -> requests.Response:
        """Ask for an application."""
        return self.get(f"{PATH}/{application_id}", token)

    def get(self, path: str, token: str | None = None) -> requests.Response:
        """Any address."""
        return self.http.get(self.base_url + path, headers=_bearer(token))

    def faults(self, document: Any) -> dict[str, str]:
        """The fields a refused document was refused for, with the sentences."""
        response = self.send(document)
        assert response.status_code == 422, response.text
        assert response.headers["content-type"] == "application/problem+json"
        return {error["field"]: error["message"] for error in response.json()["errors"]}


def full(**changes: Any) -> dict[str, Any]:
    """The documented example with some members changed."""
    return copy.deepcopy(EXAMPLE) | changes


def least(**changes: Any) -> dict[str, Any]:
    """The smallest acceptable document with some members changed; `candidate__email` goes one level down."""
    document = copy.deepcopy(LEAST)
    for path, value in changes.items():
        *parents, name = path.split("__")
        part = document
        for parent in parents:
            part = part.setdefault(parent, {})
        part[name] = value
    return document


def _bearer(token: str | None) -> dict[str, str]:
    return {} if token is None else {"Authorization": f"Bearer {token}"}
