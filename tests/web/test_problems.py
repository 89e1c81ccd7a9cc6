"""Refusals of every kind are problem documents, and faults of ours give nothing away."""

from __future__ import annotations

import pytest
import structlog.testing

from .client import PATH, Api


def test_every_refusal_is_a_problem_document(api: Api) -> None:
    """The five members, the status repeated, and a type that leads to an explanation on the API's page."""
    page = api.get("/docs").text
    refused = [
        *(api.send(None), api.send({}), api.send({}, token=None), api.state("nonsense")),
        *(api.get("/nowhere"), api.http.delete(api.base_url + PATH), api.get("/broken")),
    ]
    assert [response.status_code for response in refused] == [400, 422, 401, 404, 404, 405, 500]
    for response in refused:
        document = response.json()
        assert response.headers["content-type"] == "application/problem+json"
        assert document["status"] == response.status_code
        assert document["title"]
        assert document["detail"]
        assert f'id="{document["type"].removeprefix("/docs#")}"' in page


def test_a_wrong_method_names_the_right_one(api: Api) -> None:
    """Allow stays on the answer."""
    assert "POST" in api.http.delete(api.base_url + PATH).headers["allow"]


def test_a_fault_of_ours_gives_nothing_away(api: Api) -> None:
    """Outside a reference; in the log the same reference and the place, but not the message with its data."""
    with structlog.testing.capture_logs() as logs:
        response = api.get("/broken")
    assert response.status_code == 500
    assert "ana@example.com" not in response.text
    (line,) = [line for line in logs if line["event"] == "request_failed"]
    assert line["reference"] == response.json()["reference"]
    assert line["error"] == "ValueError"
    assert line["where"]
    assert "ana@example.com" not in str(line)


@pytest.mark.parametrize("path", ["/healthz", "/docs", "/openapi.json"])
def test_the_server_goes_on_after_a_fault(api: Api, path: str) -> None:
    """One request's fault is no other's."""
    api.get("/broken")
    assert api.get(path).status_code == 200
