"""The demo CRM's API for vacancies and who is on them, and its request quota."""

import pytest

from bot.playground.democrm import DemoCrm

from .client import Client, Clock, fields_named

ANA, SITE_ENGINEER, CLOSED = 1001, 991, 997


@pytest.mark.parametrize(
    ("query", "references"),
    [
        ({"reference": "job-42"}, ["JOB-42"]),
        ({"search": "engineer leeds"}, ["JOB-42"]),
        ({"search": "ACME"}, ["JOB-42"]),
        ({"search": "%"}, []),
        ({"status": "closed"}, ["JOB-48"]),
        ({"status": "open", "reference": "JOB-48"}, []),
        ({"status": "open", "limit": "2"}, ["JOB-41", "JOB-42"]),
    ],
)
def test_vacancies_are_found(client: Client, query: dict[str, str], references: list[str]) -> None:
    """By reference, by words, by status."""
    found = client.get("/vacancies", **query).json()["items"]
    assert [vacancy["reference"] for vacancy in found] == references


def test_a_vacancy_can_be_read(crm: DemoCrm, client: Client) -> None:
    """With its address for people."""
    vacancy = client.get(f"/vacancies/{SITE_ENGINEER}").json()
    assert (vacancy["title"], vacancy["client"], vacancy["location"]) == ("Site Engineer", "Acme", "Leeds")
    assert vacancy["url"] == f"{crm.base_url}/vacancies/{SITE_ENGINEER}"


def test_an_application_is_made_once(crm: DemoCrm, client: Client) -> None:
    """The same pair again is 409 with the id of the first."""
    body = {"person_id": ANA, "vacancy_id": SITE_ENGINEER, "stage": "shortlist", "source": "Indeed"}
    first = client.post("/applications", **body)
    assert first.status_code == 201
    second = client.post("/applications", **body)
    assert (second.status_code, second.json()["existing_id"]) == (409, first.json()["id"])
    found = client.get("/applications", person_id=ANA, vacancy_id=SITE_ENGINEER).json()
    assert found["items"] == [first.json()]
    assert len(crm.applications(ANA)) == 1


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"vacancy_id": CLOSED}, "vacancy_id", "vacancy_closed"),
        ({"vacancy_id": 1}, "vacancy_id", "unknown"),
        ({"person_id": 1}, "person_id", "unknown"),
        ({"stage": "hired"}, "stage", "literal_error"),
    ],
)
def test_an_impossible_application_is_refused(
    crm: DemoCrm, client: Client, change: dict[str, object], field: str, code: str
) -> None:
    """422 that names the field and the reason."""
    response = client.post("/applications", **{"person_id": ANA, "vacancy_id": SITE_ENGINEER} | change)
    assert response.status_code == 422
    assert fields_named(response) == {field}
    assert response.json()["errors"][0]["code"] == code
    assert crm.applications(ANA) == []


def test_a_vacancy_that_closes_takes_nobody_more(crm: DemoCrm, client: Client) -> None:
    """Those on it stay: asking again for one of them is 409, not 422."""
    body = {"person_id": ANA, "vacancy_id": SITE_ENGINEER}
    client.post("/applications", **body)
    crm.close_vacancy(SITE_ENGINEER)
    assert client.post("/applications", **body).status_code == 409
    assert client.post("/applications", **body | {"person_id": 1002}).status_code == 422


def test_an_application_moves_through_the_stages(crm: DemoCrm, client: Client) -> None:
    """Every listed stage can be entered."""
    made = client.post("/applications", person_id=ANA, vacancy_id=SITE_ENGINEER).json()
    assert made["stage"] == "new"
    for stage in client.get("/stages").json()["items"]:
        moved = client.patch(f"/applications/{made['id']}", stage=stage["id"])
        assert moved.json()["stage"] == stage["id"]
    assert client.get(f"/applications/{made['id']}").json()["stage"] == "rejected"
    assert client.patch(f"/applications/{made['id']}", stage="x").status_code == 422


def test_the_quota_says_how_long_to_wait(crm: DemoCrm, client: Client, clock: Clock) -> None:
    """Past the quota 429 with Retry-After; after that wait calls are answered again."""
    crm.set_quota(2, seconds=30)
    assert [client.get("/me").status_code for _ in range(3)] == [200, 200, 429]
    clock.pass_seconds(10)
    refused = client.get("/me")
    assert refused.headers["Content-Type"] == "application/problem+json"
    clock.pass_seconds(int(refused.headers["Retry-After"]))
    assert client.get("/me").status_code == 200
