"""What is JobAdder's own: the region at each renewal, duplicates never forced, notes, jobs and users."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.crm._errors import AlreadyExists, Declined, Nonsense, SignInNeeded
from bot.crm._http import Session
from bot.crm._records import CrmNote, Person
from tests.doubles.jobadder import JobAdderDouble
from tests.doubles.jobadder.records import Record

from .worlds.jobadder import World

pytestmark = pytest.mark.parametrize("world", ["JOBADDER"], indirect=True)


@pytest.fixture
def double(world: World) -> JobAdderDouble:
    """The double behind the world."""
    return world.double


@pytest.fixture
def candidates(double: JobAdderDouble) -> dict[int, Record]:
    """Its table of candidates."""
    return double.site.records.candidates


@pytest.fixture(autouse=True)
def _nothing_is_ever_forced(double: JobAdderDouble) -> Iterator[None]:
    yield
    assert double.site.forced == 0


def test_the_api_of_the_region_is_used(world: World, double: JobAdderDouble) -> None:
    """Where a renewal names another base, calls go there from then on."""
    first = world.sign_in()
    assert first.api_base == double.api_url
    moved = double.api_url.replace("127.0.0.1", "localhost")
    double.site.api = moved
    with pytest.raises(Nonsense, match="not its own"):
        world.refreshed(first)
    double.site.api = f"{double.base_url}/elsewhere/v2/"
    assert world.refreshed(world.sign_in()).api_base == f"{double.base_url}/elsewhere/v2"


def test_an_answer_without_the_api_is_nonsense(world: World, double: JobAdderDouble) -> None:
    """Calls to a guessed region would find nobody and create everybody twice."""
    double.site.api = None
    with pytest.raises(Nonsense):
        world.sign_in()


def test_a_spent_refresh_token_is_worthless(world: World) -> None:
    """Refresh tokens work once, so the new one must be kept."""
    first = world.sign_in()
    second = world.refreshed(first)
    assert second.refresh_token != first.refresh_token
    with pytest.raises(SignInNeeded):
        world.refreshed(first)


def test_a_refusal_leads_to_the_existing_candidate(world: World, api: Session) -> None:
    """JobAdder offers a code to force a duplicate; it is left alone and the candidate found instead."""
    person_id = world.crm.create_person(api, Person("Novák", email="ana@example.com"))
    with pytest.raises(AlreadyExists):
        world.crm.create_person(api, Person("Novák", email="ANA@example.com"))
    assert [one.id for one in world.crm.find_people(api, email="ana@example.com")] == [person_id]


def test_another_address_of_the_candidate_finds_them(
    world: World, api: Session, candidates: dict[int, Record]
) -> None:
    """Somebody who applied by a second e-mail address is the same person."""
    ana = world.add_person(last_name="Novák", email="ana@work.example")
    candidates[int(ana)]["otherEmail"] = ["ana@example.com"]
    assert [one.id for one in world.crm.find_people(api, email="Ana@example.com")] == [ana]


def test_a_mobile_number_written_locally_is_found(
    world: World, api: Session, candidates: dict[int, Record]
) -> None:
    """Recruiters type numbers without the country, and into the other field."""
    ana = world.add_person(last_name="Novák")
    candidates[int(ana)]["mobile"] = "07700 900 123"
    (found,) = world.crm.find_people(api, phone="+44 7700 900123")
    assert found.id == ana
    assert "phone" in found.filled


def test_the_owner_stays(world: World, api: Session, candidates: dict[int, Record]) -> None:
    """Filling a record sends the empty fields alone, so nothing else can change."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    before = dict(candidates[int(ana)])
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"phone": "+44 7700 900123", "email": "other@example.com"})
    sent = [call.body for call in world.double.calls if call.method == "PUT"]
    assert sent == [{"phone": "+44 7700 900123"}]
    assert candidates[int(ana)] == before | {"phone": "+44 7700 900123"}


def test_nothing_is_sent_when_nothing_is_empty(world: World, api: Session) -> None:
    """A full record is not touched at all."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"email": "ana@example.com"})
    assert [call.method for call in world.double.calls] == ["GET"]


def test_linkedin_goes_to_its_field(world: World, api: Session, candidates: dict[int, Record]) -> None:
    """Of all links JobAdder documents one."""
    links = ("https://ana.example", "https://www.linkedin.com/in/ana")
    person_id = world.crm.create_person(api, Person("Novák", email="ana@example.com", links=links))
    assert candidates[int(person_id)]["social"] == {"linkedin": "https://www.linkedin.com/in/ana"}


def test_a_note_has_the_accounts_own_type(world: World, api: Session, double: JobAdderDouble) -> None:
    """Notes take the type that the account uses for notes."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.crm.add_note(api, ana, CrmNote("k", "text"))
    (note,) = double.site.records.notes[int(ana)]
    assert note["type"] == "General"
    assert note["createdByIntegration"] is True


def test_a_job_opened_again_is_open(world: World, api: Session) -> None:
    """The status decides, not the time of an earlier closing."""
    found = world.crm.find_vacancy(api, crm_id="994", reference="")
    assert found is not None
    assert found.is_open
    assert found.owner_id == "5"


def test_a_reference_in_two_open_jobs_is_not_guessed(
    world: World, api: Session, double: JobAdderDouble
) -> None:
    """Rather none than the wrong one."""
    jobs = double.site.records.jobs
    jobs[995] = jobs[991] | {"jobId": 995}
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None
    jobs[991]["status"] = {"statusId": 2, "name": "Closed", "active": False}
    found = world.crm.find_vacancy(api, crm_id=None, reference="JOB-42")
    assert found is not None
    assert found.id == "995"


@pytest.mark.parametrize("email", ["old@brightdesk.example", "gone@brightdesk.example"])
def test_users_who_left_own_nothing(world: World, api: Session, email: str) -> None:
    """Inactive and deleted users are not taken for owners."""
    assert world.crm.find_user(api, email) is None


def test_a_refused_value_names_its_field(world: World, api: Session) -> None:
    """A 422 tells which field to correct, and what to do then."""
    with pytest.raises(Declined, match=r"email.*press Retry"):
        world.crm.create_person(api, Person("Novák", email="a" * 120 + "@example.com"))


def test_a_missing_scope_says_what_to_do(world: World, api: Session) -> None:
    """What the signed-in user may not do leads back to the settings."""
    world.order("error", "find", status=403)
    with pytest.raises(Declined, match="/handoff-settings"):
        world.crm.find_people(api, email="ana@example.com")


def test_the_double_is_strict(world: World, api: Session) -> None:
    """Parameters and fields that JobAdder does not document are refused, so a slip shows here."""
    with pytest.raises(Declined):
        api.get("/jobs", params={"Reference": "JOB-42"})
    with pytest.raises(Declined):
        api.post("/candidates", json={"lastName": "Novák", "headline": "x"})
    with pytest.raises(Declined):
        api.post("/candidates/lists/notetype", json={})
    stranger = replace(api.credentials, access_token="stranger")
    with Session(world.crm, stranger, {}) as other, pytest.raises(SignInNeeded):
        other.get("/users/current")
