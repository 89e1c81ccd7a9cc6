"""Bullhorn's jobs and applications, and what a workspace may choose of its own."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.crm._errors import Declined, RateLimited
from bot.crm._http import Session
from bot.crm._records import CrmNote, Person
from tests.doubles.bullhorn.records import Records

from .worlds.bullhorn import World

pytestmark = pytest.mark.parametrize("world", ["BULLHORN"], indirect=True)


@pytest.fixture
def records(world: World) -> Records:
    """What the double holds."""
    return world.double.site.records


@contextmanager
def choosing(world: World, **options: str) -> Iterator[Session]:
    """Signed in, with the workspace's options."""
    with Session(world.crm, world.sign_in(), world.answers, app=world.app, options=options) as api:
        yield api


def test_deleted_and_archived_jobs_take_nobody(world: World, api: Session) -> None:
    """One is gone, the other is closed."""
    assert world.crm.find_vacancy(api, crm_id="995", reference="JOB-45") is None
    archived = world.crm.find_vacancy(api, crm_id="994", reference="")
    assert archived is not None
    assert not archived.is_open
    assert not {"994", "995"} & {job.id for job in world.crm.open_vacancies(api)}


def test_a_reference_in_two_open_jobs_is_not_guessed(world: World, api: Session, records: Records) -> None:
    """Rather none than the wrong one; a closed one of the same reference does not stand in the way."""
    jobs = records.tables["JobOrder"]
    jobs[992]["externalID"] = "job-42"
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None
    jobs[991]["isOpen"] = False
    found = world.crm.find_vacancy(api, crm_id=None, reference="JOB-42")
    assert found is not None
    assert (found.id, found.owner_id) == ("992", "5")


def test_a_number_is_a_jobs_id_where_the_workspace_says_so(world: World, api: Session) -> None:
    """Adverts may have numbers of their own."""
    assert world.crm.find_vacancy(api, crm_id=None, reference="991") is None
    with choosing(world, reference_is_id="yes") as told:
        found = world.crm.find_vacancy(told, crm_id=None, reference="991")
    assert found is not None
    assert found.title == "Site Engineer"


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({}, "New Lead"),
        ({"stage": "Interview Scheduled"}, "New Lead"),
        ({"shortlist": "yes"}, "Submitted"),
        ({"shortlist": "yes", "stage": "Client Submission"}, "Client Submission"),
    ],
)
def test_an_application_arrives_as_the_workspace_chose(
    world: World, records: Records, options: dict[str, str], status: str
) -> None:
    """An online response, dated; or shortlisted with a status of the account's own."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with choosing(world, **options) as api:
        link_id = world.crm.link(api, ana, "991", "Indeed")
    made = records.tables["JobSubmission"][int(link_id)]
    assert made["status"] == status
    assert (made["dateWebResponse"] is not None) == (status == "New Lead")


def test_candidates_take_the_categories_of_the_job(world: World, records: Records) -> None:
    """Those they lack; naming one they have would be refused."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    records.categories["Candidate", int(ana)] = [45]
    with choosing(world, job_categories="yes") as api:
        world.crm.link(api, ana, "991", "Indeed")
        world.crm.link(api, ana, "992", "Indeed")
    assert records.categories["Candidate", int(ana)] == [45, 46]


# --- options ------------------------------------------------------------------------------------------


def test_options_come_from_the_account(world: World, api: Session) -> None:
    """Every live option offers what this account uses."""
    offered = {
        one.key: dict(world.crm.option_choices(api, one.key))
        for one in world.crm.options
        if one.kind == "live"
    }
    assert offered["candidate_status"]["Active"] == "Active"
    assert offered["category"]["45"] == "Engineering"
    assert list(offered["stage"]) == ["Submitted", "Client Submission", "Interview Scheduled"]
    assert "Application" in offered["note_action"]


def test_new_candidates_get_what_was_chosen(world: World, records: Records) -> None:
    """Status, category and kind of note; those already there keep theirs."""
    with choosing(world, candidate_status="Active", category="45", note_action="Application") as api:
        new = world.crm.create_person(api, Person("Novák", email="ana@example.com"))
        world.crm.add_note(api, new, CrmNote("k", "text"))
        known = world.add_person(last_name="Diaz", email="diana@example.com")
        world.crm.fill_person(api, known, {"phone": "+44 7700 900123"})
    candidates = records.tables["Candidate"]
    assert (candidates[int(new)]["status"], candidates[int(new)]["category"]) == ("Active", {"id": 45})
    assert [note["action"] for note in records.tables["Note"].values()] == ["Application"]
    assert candidates[int(known)]["status"] is None


def test_users_who_left_own_nothing(world: World, api: Session) -> None:
    """Disabled and deleted users are not taken for owners."""
    for email in ("old@brightdesk.example", "gone@brightdesk.example"):
        assert world.crm.find_user(api, email) is None


def test_a_limit_without_a_header_lasts_a_second(world: World, api: Session) -> None:
    """So the documents say."""
    world.order("ratelimited", "find")
    with pytest.raises(RateLimited) as limit:
        world.crm.find_people(api, email="ana@example.com")
    assert limit.value.seconds == 1.0


def test_the_double_is_strict(world: World, api: Session) -> None:
    """What Bullhorn does not document is refused, so a slip shows here."""
    wrong: list[tuple[str, str, dict[str, Any]]] = [
        ("GET", "/search/Candidate", {"params": {"query": "email:(ana OR ben)", "fields": "id"}}),
        ("GET", "/search/Candidate", {"params": {"query": "nonsense:1", "fields": "id"}}),
        ("GET", "/search/JobSubmission", {"params": {"query": "id:1", "fields": "id"}}),
        ("GET", "/query/JobOrder", {"params": {"where": "id=991", "fields": "id"}}),
        ("GET", "/query/CorporateUser", {"params": {"where": "id=5", "fields": "*"}}),
        ("GET", "/entity/Candidate/1", {}),
        ("PUT", "/entity/Note", {"json": {"comments": "x", "personReference": {"id": 1}, "candidates": []}}),
        ("POST", "/entity/Candidate", {"json": {}}),
    ]
    for method, path, options in wrong:
        with pytest.raises(Declined):
            api.json(method, path, **options)
