"""Faults on order: each goes wrong in its own way and as often as ordered."""

import concurrent.futures

import pytest
import requests

from bot.playground.democrm import DemoCrm

from .client import Client


def names(crm: DemoCrm) -> set[str]:
    """Last names of everybody in the CRM."""
    return {person.last_name for person in crm.people()}


@pytest.mark.parametrize(("kind", "done"), [("reset_before", False), ("reset_after", True)])
def test_a_reset_drops_the_connection(crm: DemoCrm, client: Client, kind: str, done: bool) -> None:
    """The caller gets no answer; before or after the work as ordered, and once only."""
    crm.faults.add(kind=kind, method="POST", path="/api/v1/people")  # type: ignore[arg-type]  # a parameter
    with pytest.raises(requests.ConnectionError):
        client.post("/people", last_name="Lee")
    assert ("Lee" in names(crm)) is done
    assert crm.calls[-1].status is None
    assert client.post("/people", last_name="Park").status_code == 201


def test_a_hang_answers_late(crm: DemoCrm, client: Client) -> None:
    """A caller with less patience gives up, and yet it was done."""
    crm.faults.add(kind="hang", seconds=30, path="/api/v1/people")
    with pytest.raises(requests.ReadTimeout):
        client.call("POST", "/people", json={"last_name": "Lee"}, timeout=0.2)
    assert "Lee" in names(crm)
    crm.faults.add(kind="hang", seconds=0.05, path="/api/v1/people")
    assert client.post("/people", last_name="Park").status_code == 201


def test_stopping_does_not_wait_for_what_hangs(crm: DemoCrm, client: Client) -> None:
    """Callers who still wait are let go at once, and a stopped CRM answers nobody."""
    crm.faults.add(kind="hang", seconds=120)
    with concurrent.futures.ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(client.call, "GET", "/me", timeout=100)
        while not crm.calls[-1].path.endswith("/me"):
            pass
        crm.stop()
        assert waiting.result(timeout=30).status_code == 200
    with pytest.raises(requests.ConnectionError):
        client.get("/me")
    crm.start()


def test_a_status_is_a_gateways_page(crm: DemoCrm, client: Client) -> None:
    """503 unless another is ordered, in HTML, as often as ordered."""
    crm.faults.add(kind="status", times=2)
    crm.faults.add(kind="status", status=500)
    assert [client.get("/me").status_code for _ in range(4)] == [503, 503, 500, 200]


@pytest.mark.parametrize("wait", [None, 7])
def test_rate_limiting_with_and_without_a_wait(crm: DemoCrm, client: Client, wait: int | None) -> None:
    """Retry-After is there only when ordered."""
    crm.faults.add(kind="ratelimited", retry_after=wait)
    response = client.post("/people", last_name="Lee")
    assert response.status_code == 429
    assert response.headers.get("Retry-After") == (None if wait is None else str(wait))
    assert "Lee" not in names(crm)


def test_an_error_is_a_problem_document(crm: DemoCrm, client: Client) -> None:
    """With the ordered status and code."""
    crm.faults.add(kind="error", status=422, code="company_rule")
    response = client.post("/people", last_name="Lee")
    assert (response.status_code, response.json()["code"]) == (422, "company_rule")
    assert response.headers["Content-Type"] == "application/problem+json"


def test_html_comes_where_json_is_due(crm: DemoCrm, client: Client) -> None:
    """A maintenance page with status 200, and nothing done."""
    crm.faults.add(kind="html")
    response = client.post("/people", last_name="Lee")
    assert (response.status_code, response.headers["Content-Type"][:9]) == (200, "text/html")
    assert "Lee" not in names(crm)


def test_nonsense_lacks_its_fields(crm: DemoCrm, client: Client) -> None:
    """Done, but the answer says nothing of it."""
    crm.faults.add(kind="nonsense")
    crm.faults.add(kind="nonsense", body={"items": None})
    assert client.post("/people", last_name="Lee").json() == {}
    assert client.get("/people").json() == {"items": None}
    assert "Lee" in names(crm)


@pytest.mark.parametrize(
    ("method", "path", "hit"),
    [
        ("GET", "/api/v1/people/1001", False),
        ("POST", "/api/v1/people/1001/notes", True),
        ("POST", "/api/v1/people/1001/extra/notes", False),
        ("POST", "/api/v1/people", False),
    ],
)
def test_a_star_stands_for_one_part(crm: DemoCrm, method: str, path: str, hit: bool) -> None:
    """A pattern hits what it describes and nothing else."""
    crm.faults.add(kind="status", method="POST", path="/api/v1/people/*/notes")
    assert (crm.faults.take(method, path) is not None) is hit


def test_the_token_endpoint_can_fail_too(crm: DemoCrm, client: Client) -> None:
    """Until cleared, when ordered without an end."""
    crm.faults.add(kind="status", path="/oauth/token", times=None)
    assert [client.refresh().status_code for _ in range(2)] == [503, 503]
    crm.faults.clear()
    assert client.refresh().status_code == 200


def test_an_unknown_kind_is_refused_when_ordered(crm: DemoCrm) -> None:
    """A test with a typing error fails at once."""
    with pytest.raises(ValueError, match="reset_before"):
        crm.faults.add(kind="explode")  # type: ignore[arg-type]  # the point of the test


def test_calls_are_remembered(crm: DemoCrm, client: Client) -> None:
    """Method, path, query, JSON body and status; no form, for it holds secrets."""
    client.get("/people", email="x@example.com")
    client.post("/people", last_name="Lee")
    token, lookup, create = crm.calls[-3:]
    assert (token.path, token.body, token.status) == ("/oauth/token", None, 200)
    assert (lookup.method, lookup.query) == ("GET", {"email": "x@example.com"})
    assert (create.body, create.status) == ({"last_name": "Lee"}, 201)


def test_data_and_port_stay_over_a_restart(crm: DemoCrm, client: Client) -> None:
    """An outage forgets nothing: the same address, tokens and people."""
    client.post("/people", last_name="Lee")
    base_url = crm.base_url
    crm.stop()
    crm.start()
    assert crm.base_url == base_url
    assert client.get("/people").json()["items"][0]["last_name"] == "Lee"
