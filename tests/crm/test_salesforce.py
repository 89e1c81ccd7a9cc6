"""What is Salesforce's own: escaped queries, contacts, files, tasks, errors."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
import requests

from bot.crm._errors import AlreadyExists, CrmError, Declined, Missing, RateLimited
from bot.crm._errors import Unavailable as TriedAgain
from bot.crm._http import Answer, Session
from bot.crm._records import CrmNote, CvDocument, Person
from bot.crm.salesforce import CRM
from tests.doubles.salesforce.records import Records
from tests.doubles.salesforce.schema import Record

from .test_fixtures import documented, missing_in
from .worlds.salesforce import World

pytestmark = pytest.mark.parametrize("world", ["SALESFORCE"], indirect=True)
CV = CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7 ana")
LEO = Person("Novák", "Leo", email="leo@example.com", source="Indeed")


def choosing(world: World, **options: str) -> Session:
    """Signed in to a workspace that chose these options alone."""
    return Session(world.crm, world.sign_in(), {}, app=world.app, options=options, timeout=(10.0, 30.0))


@pytest.fixture
def records(world: World) -> Records:
    """What the double holds."""
    return world.double.site.records


@pytest.fixture
def contacts(records: Records) -> dict[str, Record]:
    """Its contacts."""
    return records.tables["Contact"]


@pytest.mark.parametrize("exchange", documented("salesforce"))
def test_the_double_answers_as_documented(world: World, records: Records, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    asked = json.dumps(exchange["request"]).replace("{candidate}", ana)
    asked = asked.replace("{organisation}", world.double.site.organisation).replace("{user}", records.me)
    request: dict[str, Any] = json.loads(asked)
    answer = requests.request(
        request["method"],
        world.double.api_url + request["path"],
        params=request.get("query"),
        json=request.get("json"),
        headers={"Authorization": f"Bearer {world.sign_in().access_token}"},
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json() if answer.content else None, exchange["body"]) == []
    assert answer.headers["Sforce-Limit-Info"]


# --- people -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email", ["o'brien@example.com", "a\\b@example.com", "x' OR Name LIKE '%@example.com"]
)
def test_nothing_in_a_value_bends_a_query(world: World, api: Session, email: str) -> None:
    """Quotes and backslashes are part of the value."""
    world.add_person(last_name="Diaz", email="diana@example.com")
    wanted = world.add_person(last_name="O'Brien", email=email)
    assert [one.id for one in world.crm.find_people(api, email=email)] == [wanted]


def test_a_mobile_number_written_locally_is_found(
    world: World, api: Session, contacts: dict[str, Record]
) -> None:
    """Whatever stands between the digits; a number that only ends alike is another."""
    ana = world.add_person(last_name="Novák")
    contacts[ana]["MobilePhone"] = "(07700) 900-123"
    world.add_person(last_name="Diaz", phone="+1 7700 900123")
    (found,) = world.crm.find_people(api, phone="+44 7700 900123")
    assert found.id == ana
    assert found.filled == {"phone"}
    assert world.crm.find_people(api, phone="none") == []


def test_a_refusal_names_the_existing_contact(world: World, api: Session) -> None:
    """A duplicate rule tells whom it matched, and is never overridden."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.create_person(api, Person("Novák", email="ANA@example.com"))
    assert refusal.value.existing_id == ana


def test_a_source_outside_a_restricted_list_does_not_cost_the_person(
    world: World, api: Session, records: Records, contacts: dict[str, Record]
) -> None:
    """Where the organisation allows certain sources only, another one is left to the note."""
    fields = records.schema["Contact"]
    fields["LeadSource"] = replace(fields["LeadSource"], restricted=True)
    leo = world.crm.create_person(api, LEO)
    assert "LeadSource" not in contacts[leo]
    assert contacts[leo]["FirstName"] == "Leo"


def test_candidates_get_the_packages_record_type(world: World) -> None:
    """With a recruiting package new contacts are candidates; elsewhere, or where chosen, they are not."""
    for package, options, name in (
        ("ts2__", {}, "Candidate"),
        ("TR1__", {}, "Candidate"),
        ("", {}, None),
        ("", {"record_type": "012000000000006AAA"}, "Client"),
    ):
        world.double.reset(package)
        tables = world.double.site.records.tables
        with choosing(world, **options) as api:
            leo = world.crm.create_person(api, LEO)
        chosen = tables["RecordType"].get(tables["Contact"][leo].get("RecordTypeId", ""), {})
        assert chosen.get("Name") == name


def test_new_candidates_get_the_chosen_status(world: World) -> None:
    """A status that exists no more does not cost the person. Links are kept in the description."""
    world.double.reset("TR1__")
    contacts = world.double.site.records.tables["Contact"]
    with choosing(world, status="TR1__Candidate_Status__c=Available") as api:
        leo = world.crm.create_person(api, replace(LEO, links=("https://leo.example", "https://l.example")))
    assert contacts[leo]["TR1__Candidate_Status__c"] == "Available"
    assert contacts[leo]["Description"] == "https://leo.example\nhttps://l.example"
    with choosing(world, status="TR1__Candidate_Status__c=Gone") as api:
        mia = world.crm.create_person(api, replace(LEO, email="mia@example.com"))
    assert "TR1__Candidate_Status__c" not in contacts[mia]
    assert contacts[mia]["LeadSource"] == "Indeed"


def test_the_owner_and_what_is_filled_stay(world: World, api: Session, contacts: dict[str, Record]) -> None:
    """Filling a record sends the empty fields alone, and nothing where nothing is empty."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"email": "other@example.com"})
    assert [call.method for call in world.double.calls] == ["GET"]
    before = dict(contacts[ana])
    world.crm.fill_person(api, ana, {"phone": "+44 7700 900123", "email": "other@example.com"})
    assert contacts[ana] == before | {"Phone": "+44 7700 900123"}


@pytest.mark.parametrize("email", ["gone@brightdesk.example", "chat@brightdesk.example"])
def test_users_who_can_own_nothing_are_none(world: World, api: Session, email: str) -> None:
    """Inactive users and those of chat alone are not taken for owners."""
    assert world.crm.find_user(api, email) is None


# --- CVs and notes ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("package", "options", "kind"),
    [
        ("", {}, "ContentVersion"),
        ("TR1__", {}, "ContentVersion"),
        ("ts2__", {}, "Attachment"),
        ("ts2__", {"cv": "file"}, "ContentVersion"),
        ("", {"cv": "attachment"}, "Attachment"),
    ],
)
def test_a_cv_is_attached_as_the_organisation_reads_it(
    world: World, package: str, options: dict[str, str], kind: str
) -> None:
    """Files, and classic attachments for Jobscience; known again by their bytes either way."""
    world.double.reset(package)
    tables = world.double.site.records.tables
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with choosing(world, **options) as api:
        assert not world.crm.has_cv(api, ana, CV)
        world.crm.attach_cv(api, ana, CV)
        assert world.crm.has_cv(api, ana, CV)
        assert not world.crm.has_cv(api, ana, replace(CV, content=b"%PDF-1.7 aan"))
    assert {name: len(tables[name]) for name in ("ContentVersion", "Attachment")}[kind] == 1
    (stored,) = tables[kind].values()
    assert CV.content in (stored.get("VersionData"), stored.get("Body"))


def test_a_task_status_of_another_name_does_not_cost_the_note(
    world: World, api: Session, records: Records
) -> None:
    """Organisations may call completed tasks otherwise; then the task takes their default."""
    fields = records.schema["Task"]
    fields["Status"] = replace(fields["Status"], values=("Erledigt",))
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    note = CrmNote("application-1", "A note")
    world.crm.add_note(api, ana, note)
    assert world.crm.has_note(api, ana, note)
    (task,) = records.tables["Task"].values()
    assert "Status" not in task


# --- errors -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "code", "error"),
    [
        (403, "REQUEST_LIMIT_EXCEEDED", RateLimited),
        (400, "UNABLE_TO_LOCK_ROW", TriedAgain),
        (503, "SERVER_UNAVAILABLE", TriedAgain),
        (403, "API_DISABLED_FOR_ORG", Declined),
        (404, "ENTITY_IS_DELETED", Missing),
        (400, "FIELD_CUSTOM_VALIDATION_EXCEPTION", Declined),
    ],
)
def test_the_code_tells_what_to_do(world: World, status: int, code: str, error: type[CrmError]) -> None:
    """Salesforce's errors are a list, and a 403 may be a limit."""
    body = json.dumps([{"message": "No <b>luck</b>", "errorCode": code, "fields": ["Title"]}]).encode()
    explained = CRM.explain(Answer(status, {}, body))
    assert type(explained) is error or isinstance(explained, error)
    assert isinstance(explained, RateLimited) == (code == "REQUEST_LIMIT_EXCEEDED")


def test_a_refused_value_names_its_field(world: World, api: Session) -> None:
    """Which field to correct, and what to do then; a unique value names its record."""
    with pytest.raises(Declined, match=r"Email.*press Retry"):
        world.crm.create_person(api, Person("Novák", email="nonsense"))
    twice = [
        {"errorCode": "DUPLICATE_VALUE", "message": "X duplicates value on record with id: 003000000000001"}
    ]
    explained = CRM.explain(Answer(400, {}, json.dumps(twice).encode()))
    assert isinstance(explained, AlreadyExists)
    assert explained.existing_id == "003000000000001"


@pytest.mark.parametrize(
    "soql",
    [
        "SELECT Id FROM Contact WHERE Email = 'o'brien'",
        "SELECT Id FROM Contact WHERE Nothing__c = 'x'",
        "SELECT Id FROM Nothing__c",
        "SELECT Id FROM Contact LIMIT 1; DROP",
        "SELECT * FROM Contact",
    ],
)
def test_the_double_is_strict(world: World, api: Session, soql: str) -> None:
    """What is no SOQL, or names what is not there, is refused, so a slip shows here."""
    with pytest.raises(Declined):
        api.get("/query", params={"q": soql})
