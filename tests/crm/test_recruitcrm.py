"""What is Recruit CRM's own: its token, names, résumés, hiring stages, and what a 403 may mean there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import requests

from bot.crm._base import ClientApp
from bot.crm._errors import AlreadyExists, Declined, RateLimited, SignInNeeded, Unavailable
from bot.crm._http import Answer, Session
from bot.crm._records import CrmNote, CvDocument, Person
from bot.errors import Invalid
from tests.doubles.recruitcrm import TOKEN
from tests.doubles.recruitcrm.records import REFERENCE_FIELD

from .test_fixtures import documented, missing_in
from .worlds.recruitcrm import World

pytestmark = pytest.mark.parametrize("world", ["RECRUITCRM"], indirect=True)
CV = CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7 ana")


@contextmanager
def chosen(world: World, options: Mapping[str, str]) -> Iterator[Session]:
    """Signed in as a workspace that chose these options."""
    crm, app = world.crm, world.app
    with Session(crm, world.sign_in(), world.answers, app=app, options=options, timeout=(10.0, 30.0)) as api:
        yield api


@pytest.mark.parametrize("exchange", documented("recruitcrm"))
def test_the_double_answers_as_documented(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    with world.session() as api:
        world.crm.add_note(api, ana, CrmNote("k", "text"))
        world.crm.attach_cv(api, ana, CV)
    asked = exchange["request"]
    answer = requests.request(
        asked["method"],
        world.double.base_url + asked["path"].format(candidate=ana),
        params={name: value.format(candidate=ana) for name, value in asked.get("query", {}).items()},
        json=_filled(asked["json"], ana) if "json" in asked else None,
        data=_filled(asked["form"], ana) if "form" in asked else None,
        files={asked["file"]: ("ana.pdf", b"%PDF-1.7")} if "file" in asked else None,
        headers={"Authorization": f"Bearer {TOKEN}"},
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json(), exchange["body"]) == []


def _filled(sent: dict[str, Any], candidate: str) -> dict[str, Any]:
    return {name: candidate if value == "{candidate}" else value for name, value in sent.items()}


# --- signing in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("token", ["", "   ", "two words", "tökèn"])
def test_what_can_be_no_token_is_refused_beside_its_field(world: World, token: str) -> None:
    """Before anything is sent."""
    with pytest.raises(Invalid) as invalid:
        world.crm.check_answers({"token": token}, ClientApp())
    assert [fault.field for fault in invalid.value.faults] == ["token"]


def test_a_copied_token_loses_its_spaces(world: World) -> None:
    """They come along from the clipboard."""
    assert world.crm.check_answers({"token": f" {TOKEN}\n"}, ClientApp()) == {"token": TOKEN}


def test_the_vendors_address_is_used_without_settings(world: World) -> None:
    """A token needs no settings of the bot at all."""
    credentials = world.crm.credentials_from_answers({"token": TOKEN}, ClientApp())
    assert (credentials.api_base, credentials.access_token) == ("https://api.recruitcrm.io", TOKEN)


def test_the_account_is_named_by_its_owner(world: World, api: Session) -> None:
    """Its users are all that the API tells of it."""
    assert world.crm.account(api) == "Priya Shah · 4 users"


def test_a_wrong_token_asks_for_a_new_one(world: World, api: Session) -> None:
    """A 401 is told as such."""
    stranger = replace(api.credentials, access_token="stranger")
    with Session(world.crm, stranger, {}) as other, pytest.raises(SignInNeeded):
        world.crm.account(other)


# --- people -------------------------------------------------------------------------------------------


def test_whoever_has_one_name_gets_a_first_name_in_front(world: World, api: Session) -> None:
    """Recruit CRM demands a first name, so a lone name stands there until the first one is known."""
    ana = world.crm.create_person(api, Person("Novák", email="ana@example.com"))
    record = world.double.site.records.candidates[ana]
    assert (record["first_name"], record["last_name"]) == ("Novák", None)
    world.crm.fill_person(api, ana, {"first_name": "Ana"})
    assert (record["first_name"], record["last_name"]) == ("Ana", "Novák")


def test_owner_and_source_stay(world: World, api: Session) -> None:
    """Filling a record sends the empty fields and the first name that it demands."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com", source="Reed")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"phone": "+44 7700 900123", "email": "other@example.com"})
    sent = [call.body for call in world.double.calls if call.method == "POST"]
    assert sent == [{"first_name": "Ana", "contact_number": "+44 7700 900123"}]


def test_nothing_is_sent_when_nothing_is_empty(world: World, api: Session) -> None:
    """A full record is not touched at all."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"email": "ana@example.com"})
    assert [call.method for call in world.double.calls] == ["GET"]


def test_a_comma_in_a_skill_makes_no_second_one(world: World, api: Session) -> None:
    """Commas part the skills."""
    world.crm.create_person(api, Person("Novák", email="a@example.com", skills=("Pumps, valves", "SQL")))
    (person,) = world.people()
    assert person["skills"] == ["Pumps  valves", "SQL"]


def test_all_pages_of_a_search_are_read(world: World, api: Session) -> None:
    """Somebody on the second page is found."""
    everybody = [world.add_person(last_name=f"N{n}", phone="+44 7700 900123") for n in range(30)]
    found = world.crm.find_people(api, phone="+44 7700 900123")
    assert [one.id for one in found] == everybody


def test_the_existing_candidate_is_named(world: World, api: Session) -> None:
    """As Recruit CRM refuses no duplicate, the connector does, and says who it is."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.create_person(api, Person("Novák", "Ana", email="ANA@example.com"))
    assert refusal.value.existing_id == ana


# --- CVs and notes ------------------------------------------------------------------------------------


def test_a_cv_becomes_the_resume_only_where_there_is_none(world: World, api: Session) -> None:
    """The first CV is the candidate's résumé as well; a later one never takes its place."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    world.crm.attach_cv(api, ana, CV)
    world.crm.attach_cv(api, ana, replace(CV, key="application-2", content=b"%PDF-1.7 newer"))
    assert world.double.site.records.resumes == {ana: CV.content}
    assert [content for _, content in world.cvs(ana)] == [CV.content, b"%PDF-1.7 newer"]


def test_a_note_takes_the_chosen_type(world: World) -> None:
    """Where the workspace chose one."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with chosen(world, {"note_type": "2"}) as api:
        world.crm.add_note(api, ana, CrmNote("k", "text"))
        assert world.crm.option_choices(api, "note_type") == [("1", "To Do"), ("2", "General")]
    assert world.double.site.records.notes[0]["note_type"] == [{"id": 2, "label": "x"}]


# --- jobs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({}, "Applied"),
        ({"link_as": "assign"}, "Assigned"),
        ({"stage": "20"}, "Shortlisted"),
        ({"link_as": "assign", "stage": "20"}, "Shortlisted"),
    ],
)
def test_an_applicant_stands_where_the_workspace_chose(
    world: World, options: dict[str, str], status: str
) -> None:
    """Online response or shortlist, and any stage; no placement is ever made."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with chosen(world, options) as api:
        world.crm.link(api, ana, "991", "Indeed")
    stage = world.double.site.records.stages[(ana, "991")]
    assert (stage["status"]["label"], stage["remark"]) == (status, "Applied via Indeed")
    sent = [call.body for call in world.double.calls if "hiring-stages" in call.path and call.body]
    assert [body["create_placement"] for body in sent] == [False]


def test_a_stage_that_an_attempt_did_not_reach_is_set(world: World) -> None:
    """With the source; but nothing is written over what a colleague has remarked meanwhile."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with chosen(world, {"stage": "20"}) as api:
        world.faults.add(kind="reset_before", method="POST", path="/v1/candidates/*/hiring-stages/*")
        with pytest.raises(Unavailable):
            world.crm.link(api, ana, "991", "Indeed")
        world.crm.finish_link(api, ana, "991", "Indeed")
        stage = world.double.site.records.stages[(ana, "991")]
        assert (stage["status"]["label"], stage["remark"]) == ("Shortlisted", "Applied via Indeed")
        stage |= {"status": {"status_id": 1, "label": "Assigned"}, "remark": "Called her."}
        world.crm.finish_link(api, ana, "991", "Indeed")
    assert (stage["status"]["label"], stage["remark"]) == ("Assigned", "Called her.")


def test_a_job_of_a_status_of_ones_own_is_open(world: World, api: Session) -> None:
    """Only closed, on hold and cancelled are closed; such a job is found, though not offered."""
    found = world.crm.find_vacancy(api, crm_id="994", reference="")
    assert found is not None
    assert found.is_open
    assert found.owner_id == "5"
    assert "994" not in [job.id for job in world.crm.open_vacancies(api)]


def test_a_chosen_field_holds_the_reference(world: World) -> None:
    """Then the jobs' names do not matter."""
    with chosen(world, {"reference_field": str(REFERENCE_FIELD)}) as api:
        found = world.crm.find_vacancy(api, crm_id=None, reference="REF 44")
        assert found is not None
        assert found.id == "994"
        assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None
        assert world.crm.option_choices(api, "reference_field") == [(str(REFERENCE_FIELD), "Reference")]


def test_a_reference_in_two_open_jobs_is_not_guessed(world: World, api: Session) -> None:
    """Rather none than the wrong one; a long slug is an id like any other."""
    world.double.site.records.add_job("995", "Plant Engineer (JOB-42)", 1)
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None
    found = world.crm.find_vacancy(api, crm_id="16318617835190000051Ond", reference="JOB-42")
    assert found is not None
    assert found.title == "Site Engineer (JOB-421)"


def test_stages_are_offered(world: World, api: Session) -> None:
    """Those of the account's hiring pipeline."""
    assert ("20", "Shortlisted") in world.crm.option_choices(api, "stage")


# --- users and refusals -------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["old@brightdesk.example", "aya@brightdesk.example"])
def test_users_who_left_or_resemble_own_nothing(world: World, api: Session, email: str) -> None:
    """Deactivated users and parts of addresses are not taken for owners."""
    assert world.crm.find_user(api, email) is None


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b'{"type":"rate_limit_error"}', RateLimited),
        (b'{"error":{"type":"authentication_error"}}', SignInNeeded),
        (b'{"type":"token_not_active_error"}', SignInNeeded),
        (b'{"message":"No access"}', Declined),
        (b"", Declined),
    ],
)
def test_a_403_is_read_by_its_type(world: World, body: bytes, error: type[Exception]) -> None:
    """By the documents it may be the token or the quota; without a type a person has to look."""
    refusal = world.crm.explain(Answer(403, {}, body))
    assert type(refusal) is error


def test_a_refused_value_names_its_field(world: World) -> None:
    """The words of each field's fault are told."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with chosen(world, {"stage": "99"}) as api, pytest.raises(Declined, match="The stage is unknown"):
        world.crm.link(api, ana, "991", "Indeed")


def test_the_double_is_strict(world: World, api: Session) -> None:
    """Parameters and fields that Recruit CRM does not document are refused, so a slip shows here."""
    with pytest.raises(Declined):
        api.get("/v1/jobs/search", params={"reference": "JOB-42"})
    with pytest.raises(Declined):
        api.post("/v1/candidates", json={"first_name": "Ana", "headline": "x"})
    with pytest.raises(Declined):
        api.post("/v1/candidates", json={"last_name": "Novák"})
