"""Sending applications: what is stored, what is answered, and that a replay changes nothing."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from sqlalchemy import func, select

from bot.models import Answer, Candidate, CvFile, Vacancy
from bot.store import applications, intake_tokens, job_counts
from bot.store.tables import applications as applications_table
from bot.usecases import receive
from bot.usecases.house import House

from ..support import TEAM
from .client import OTHER_TEAM, OTHER_TOKEN, PATH, TOKEN, Api, full, least


def stored_rows(house: House) -> int:
    """How many applications there are."""
    with house.database.reading() as connection:
        return connection.execute(select(func.count()).select_from(applications_table)).scalar_one()


def test_a_new_application_is_answered_with_its_address(house: House, api: Api) -> None:
    """201, the id, and the same address in the body and in Location, under PUBLIC_URL."""
    response = api.send(full())
    assert response.status_code == 201
    answer = response.json()
    assert answer["url"] == response.headers["location"] == f"{house.config.public_url}{PATH}/{answer['id']}"


def test_everything_sent_is_stored(house: House, api: Api) -> None:
    """Each documented field ends in the application, the CV beside it; only the card is queued."""
    application = receive.find(house, TEAM, api.send(full()).json()["id"])
    assert application.candidate == Candidate(
        last_name="Novák",
        first_name="Ana",
        email="ana@example.com",
        phone="+44 7700 900123",
        location="Leeds",
        headline="Site Engineer at Bolt Ltd",
        skills=("SQL",),
        links=("https://ana.example.com",),
    )
    assert application.vacancy == Vacancy("JOB-42", "Site Engineer", "Acme", "Leeds", "991")
    assert application.answers == (Answer("Do you hold a driving licence?", "Yes"),)
    assert application.cover_letter == "I have built bridges for nine years."
    assert application.applied_at == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)
    assert application.received_at == house.clock()
    assert (application.source, application.external_id) == ("Indeed", "indeed-8812")
    assert application.cv == CvFile("ana.txt", "text/plain", 27)
    with house.database.reading() as connection:
        content = applications.cv_content(connection, TEAM, application.id)
        assert job_counts.depth(connection) == {("card", "ready"): 1}
    assert content == "Ana Novák - Site Engineer\n".encode()


def test_the_least_is_enough(house: House, api: Api) -> None:
    """What is not needed may be left out, be null or be blank, all with the same effect."""
    blank = {
        "applied_at": "",
        "cover_letter": " \n",
        "answers": None,
        "cv": None,
        "vacancy__client": None,
        "candidate__first_name": "",
        "candidate__skills": None,
        "candidate__phone": "  ",
        "candidate__links": [" "],
        "external_id": "2",
    }
    sparse, padded = (
        receive.find(house, TEAM, api.send(document).json()["id"]) for document in (least(), least(**blank))
    )
    assert sparse.candidate == padded.candidate == Candidate("Novák", email="ana@example.com")
    assert sparse.vacancy == padded.vacancy == Vacancy("JOB-42", "Site Engineer")
    assert (padded.applied_at, padded.cover_letter, padded.answers, padded.cv) == (None, None, (), None)


def test_a_replay_is_the_same_application(house: House, api: Api) -> None:
    """The same source and external id: 200, the same id and address, and what came first stays."""
    first = api.send(full())
    again = api.send(full(cover_letter="Something else"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    stored = receive.find(house, TEAM, first.json()["id"])
    assert stored.cover_letter == "I have built bridges for nine years."
    assert stored_rows(house) == 1


def test_replays_at_the_same_moment_store_one(house: House, api: Api) -> None:
    """Eight at once: one is new, all hear the same id."""
    with ThreadPoolExecutor(8) as pool:
        responses = list(pool.map(lambda _: Api(api.base_url, api.http).send(full()), range(8)))
    assert sorted(response.status_code for response in responses) == [200] * 7 + [201]
    assert len({response.json()["id"] for response in responses}) == 1
    assert stored_rows(house) == 1


def test_ids_are_told_apart_by_source_and_workspace(house: House, api: Api) -> None:
    """Another source, or another workspace, may use the same external id."""
    sent = [api.send(least()), api.send(least(source="Form")), api.send(least(), OTHER_TOKEN)]
    assert [response.status_code for response in sent] == [201, 201, 201]
    assert stored_rows(house) == 3


def test_text_is_kept_but_for_what_nobody_typed(house: House, api: Api) -> None:
    """NUL and other control characters go, line breaks end single lines only, any script and emoji stay."""
    document = least(
        candidate__last_name="Nov\x00ák\u0007",
        candidate__first_name=" أنا\t🧑🏽‍🔧\n",
        cover_letter="One\r\nTwo\x00\n\n\tThree\u009f",
    )
    application = receive.find(house, TEAM, api.send(document).json()["id"])
    assert application.candidate.last_name == "Novák"
    assert application.candidate.first_name == "أنا 🧑🏽‍🔧"
    assert application.cover_letter == "One\nTwo\n\n\tThree"


def test_a_time_of_any_zone_is_the_same_instant(house: House, api: Api) -> None:
    """What was sent with an offset is stored as that instant."""
    application = receive.find(
        house, TEAM, api.send(least(applied_at="2026-11-21T10:30:00+01:00")).json()["id"]
    )
    assert application.applied_at == datetime(2026, 11, 21, 9, 30, tzinfo=UTC)


def test_unknown_fields_are_ignored(api: Api) -> None:
    """A source that knows more than we ask for need not be changed."""
    assert api.send(least(favourite_colour="teal", candidate__shoe_size=43)).status_code == 201


def test_a_cv_of_ten_megabytes_is_taken(house: House, api: Api) -> None:
    """The largest CV still fits into the largest body."""
    content = b"%PDF-1.7\n".ljust(10 * 1024 * 1024, b" ")
    cv = {
        "filename": "ana.pdf",
        "content_type": "application/pdf",
        "content": base64.b64encode(content).decode(),
    }
    response = api.send(full(cv=cv))
    assert response.status_code == 201, response.text
    with house.database.reading() as connection:
        assert applications.cv_content(connection, TEAM, response.json()["id"]) == content


def test_the_state_of_an_untouched_application(api: Api) -> None:
    """No light, the first status by its name, nothing wanted of a handoff, no card yet."""
    created = api.send(full()).json()
    response = api.state(created["id"])
    assert response.status_code == 200
    assert response.json() == {
        "id": created["id"],
        "light": None,
        "status": "New",
        "handoff": {
            "target": "none",
            "state": "none",
            "reason": None,
            "crm": None,
            "candidate_id": None,
            "candidate_url": None,
            "application_id": None,
            "attempts": 0,
        },
        "card": {"channel": None, "ts": None},
    }


def test_an_unknown_id_is_not_found(api: Api) -> None:
    """404 as a problem document, whatever the id looks like."""
    for wrong in ("01ARZ3NDEKTSV4RRFFQ69G5FAV", "nonsense", "%00", "%ED%A0%80", "a" * 5000):
        response = api.state(wrong)
        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"


def test_workspaces_never_see_each_others_applications(api: Api) -> None:
    """Another workspace's id looks exactly like one that does not exist."""
    created = api.send(full()).json()
    foreign = api.state(created["id"], OTHER_TOKEN)
    assert foreign.status_code == 404
    assert foreign.json() == api.state("01ARZ3NDEKTSV4RRFFQ69G5FAV", OTHER_TOKEN).json()


def test_a_revoked_token_opens_nothing(house: House, api: Api) -> None:
    """From the moment it is revoked; other tokens of other workspaces go on."""
    created = api.send(least()).json()
    with house.database.transaction() as connection:
        intake_tokens.revoke(connection, "first", house.clock())
    assert api.send(least(external_id="2")).status_code == 401
    assert api.state(created["id"], TOKEN).status_code == 401
    assert api.send(least(), OTHER_TOKEN).status_code == 201
    with house.database.reading() as connection:
        assert applications.undecided(connection, TEAM) == 1
        assert applications.undecided(connection, OTHER_TEAM) == 1
