"""What those who watch over the bot are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.store.database import Database
from bot.usecases.house import House
from bot.web.metrics import Metrics

from ..support import serving
from .client import Api, build_app, least


def samples(api: Api) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """What Prometheus would read."""
    text = api.get("/metrics").text
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


@pytest.fixture
def elsewhere(house: House, tmp_path: Path) -> Iterator[Api]:
    """A bot on a database that was never migrated."""
    database = Database(f"sqlite:///{tmp_path / 'empty.db'}")
    with serving(build_app(replace(house, database=database), Metrics())) as url, Api(url).http as http:
        yield Api(url, http)
    database.close()


def test_alive_and_ready(api: Api) -> None:
    """Both 200 on a migrated database that answers."""
    assert api.get("/healthz").json() == {"status": "alive"}
    assert api.get("/readyz").json() == {"status": "ready"}


def test_not_ready_before_migration(elsewhere: Api) -> None:
    """503 with the command that helps, while alive."""
    response = elsewhere.get("/readyz")
    assert response.status_code == 503
    assert "handoff migrate" in response.json()["detail"]
    assert elsewhere.get("/healthz").status_code == 200


def test_not_ready_without_a_database(house: House, tmp_path: Path) -> None:
    """503 where the database can't be opened, and the numbers are still there."""
    database = Database(f"sqlite:///{tmp_path / 'no such folder' / 'handoff.db'}")
    with serving(build_app(replace(house, database=database), Metrics())) as url, Api(url).http as http:
        api = Api(url, http)
        assert api.get("/readyz").status_code == 503
        assert api.get("/metrics").status_code == 200
        assert api.send(least()).status_code == 503
    database.close()


def test_numbers_of_requests_and_work(api: Api) -> None:
    """Requests by route's pattern and status, applications by outcome, the outbox by kind and state."""
    created = api.send(least()).json()
    api.send(least())
    api.send({})
    api.state(created["id"])
    found = samples(api)
    count = "handoff_http_request_seconds_count"
    post = {("method", "POST"), ("route", "/api/v1/applications")}
    show = {("method", "GET"), ("route", "/api/v1/applications/{application_id}")}
    assert found[count, frozenset({*post, ("status", "201")})] == 1
    assert found[count, frozenset({*post, ("status", "200")})] == 1
    assert found[count, frozenset({*post, ("status", "422")})] == 1
    assert found[count, frozenset({*show, ("status", "200")})] == 1
    assert found["handoff_applications_received_total", frozenset({("outcome", "new")})] == 1
    assert found["handoff_applications_received_total", frozenset({("outcome", "replayed")})] == 1
    assert found["handoff_outbox_jobs", frozenset({("kind", "card"), ("state", "ready")})] == 1


def test_addresses_nobody_serves_share_one_number(api: Api) -> None:
    """A scanner can't fill the memory with series of its own."""
    for number in range(3):
        api.get(f"/nothing/{number}")
    routes = {label for _, labels in samples(api) for name, label in labels if name == "route"}
    assert routes == {"(unknown)"}


def test_two_bots_count_apart(metrics: Metrics) -> None:
    """Numbers belong to the object, not to the process."""
    metrics.received.labels("new").inc()
    assert b'outcome="new"} 1.0' in metrics.exposition()
    assert b'outcome="new"' not in Metrics().exposition()
