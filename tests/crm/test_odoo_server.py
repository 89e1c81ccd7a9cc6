"""Odoo's server: addresses and keys, the protocols of 18 and 19, refusals, documented exchanges."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
import requests

from bot.crm._base import ClientApp
from bot.crm._errors import AlreadyExists, Declined, Missing, Nonsense, SignInNeeded, Unavailable
from bot.crm._http import Session
from bot.crm._records import CrmNote
from bot.errors import Invalid
from tests.doubles.odoo import DATABASE, KEY

from .test_fixtures import documented, missing_in
from .test_odoo import ANA, FIRST, OTHER_JOB, applicants, files
from .worlds.odoo import World

pytestmark = pytest.mark.parametrize("world", ["ODOO"], indirect=True)


@pytest.fixture
def before_19(world: World) -> Iterator[Session]:
    """Signed in to an Odoo 18."""
    world.double.reset(18)
    with world.session() as session:
        yield session


# --- signing in -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://acme.odoo.com", "https://acme.odoo.com"),
        (" acme.odoo.com ", "https://acme.odoo.com"),
        ("https://ACME.example:8443/odoo/recruitment", "https://acme.example:8443"),
        ("http://127.0.0.1:8069", "http://127.0.0.1:8069"),
        ("http://localhost:8069/", "http://localhost:8069"),
    ],
)
def test_an_address_is_kept_to_what_matters(world: World, typed: str, kept: str) -> None:
    """People paste whatever page they are on."""
    checked = world.crm.check_answers({"url": typed, "key": "k"}, ClientApp())
    assert checked["url"] == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "http://acme.odoo.com",
        "ftp://acme.odoo.com",
        "https://",
        "https://user:pass@acme.odoo.com",
        "https://acme.odoo.com@elsewhere.example",
        "https://acme.odoo.com?next=x",
        "https://acme.odoo.com/web#action=1",
        "https://acme.odoo.com\\@elsewhere.example",
        "https://acme.odoo.com:99999",
        "https://[::1]:8069",
        "https://acme odoo.com",
        "not an address",
    ],
)
def test_no_other_address_gets_the_key(world: World, typed: str) -> None:
    """What is no plain https address is refused beside its field."""
    with pytest.raises(Invalid) as refusal:
        world.crm.check_answers({"url": typed, "key": "k"}, ClientApp())
    assert [fault.field for fault in refusal.value.faults] == ["url"]


def test_a_key_is_needed(world: World) -> None:
    """Told beside its field."""
    with pytest.raises(Invalid) as refusal:
        world.crm.check_answers({"url": "https://acme.odoo.com", "key": " "}, ClientApp())
    assert [fault.field for fault in refusal.value.faults] == ["key"]


@pytest.mark.parametrize(
    ("version", "wrong", "field"),
    [
        (19, {"key": "wrong"}, "key"),
        (19, {"database": "nobody's"}, "database"),
        (18, {"key": "wrong"}, "key"),
        (18, {"login": "stranger@elsewhere.example"}, "key"),
        (18, {"database": "nobody's"}, "database"),
        (18, {"database": ""}, "database"),
        (18, {"login": ""}, "login"),
    ],
)
def test_what_is_wrong_is_told_beside_it(
    world: World, version: int, wrong: Mapping[str, str], field: str
) -> None:
    """Key, login and database are tried at once."""
    world.double.reset(version)
    with pytest.raises(Invalid) as refusal:
        world.crm.credentials_from_answers({**world.answers, **wrong}, world.app)
    assert [fault.field for fault in refusal.value.faults] == [field]


@pytest.mark.parametrize("address", ["http://127.0.0.1:9", "{double}/elsewhere"])
def test_where_no_odoo_is_the_address_is_at_fault(world: World, address: str) -> None:
    """Nothing at all, or something that is no Odoo."""
    app = ClientApp(api_url=address.format(double=world.double.base_url))
    with pytest.raises(Invalid) as refusal:
        world.crm.credentials_from_answers(world.answers, app)
    assert [fault.field for fault in refusal.value.faults] == ["url"]


def test_an_odoo_without_recruitment_says_so(world: World, api: Session) -> None:
    """Somebody who connects the wrong database learns what is missing there."""
    del world.double.records.models["hr.applicant"]
    with pytest.raises(Declined, match="no Recruitment app"):
        world.crm.account(api)


def test_a_key_that_ran_out_needs_a_person(world: World, api: Session) -> None:
    """Keys of ordinary users last three months at most."""
    world.double.keys.clear()
    with pytest.raises(SignInNeeded):
        world.crm.find_people(api, email="ana@example.com")


# --- Odoo 18 ----------------------------------------------------------------------------------------------


def test_in_18_the_candidate_is_the_person(world: World, before_19: Session) -> None:
    """The whole way by JSON-RPC: candidate, CV and note, and an applicant for each job."""
    api, crm = before_19, world.crm
    assert crm.account(api) == "Handoff · Bright Desk"
    owner = crm.find_user(api, "maya@brightdesk.example")
    assert owner is not None
    ana = crm.create_person(api, replace(ANA, owner_id=owner.id))
    with pytest.raises(AlreadyExists):
        crm.create_person(api, ANA)
    assert [one.id for one in crm.find_people(api, email="ANA@example.com")] == [ana]
    assert [one.id for one in crm.find_people(api, phone="+447700900123")] == [ana]
    assert crm.person_url(api, ana).endswith(f"/odoo/{ana}")
    crm.attach_cv(api, ana, FIRST)
    crm.add_note(api, ana, CrmNote("application-1", "Hello", "ben@brightdesk.example"))
    assert crm.has_cv(api, ana, FIRST)
    assert crm.has_note(api, ana, CrmNote("application-1", ""))
    assert [note.author_email for note in world.notes(ana)] == ["ben@brightdesk.example"]
    first = crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    second = crm.link(api, ana, OTHER_JOB, "LinkedIn")
    assert crm.find_link(api, ana, OTHER_JOB) == second
    with pytest.raises(AlreadyExists):
        crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    assert world.links(ana) == [("91", "Indeed"), ("94", "LinkedIn")]
    assert files(world, first) == files(world, second) == ["Handoff application-1"]
    assert applicants(world)[int(first)]["user_id"] == int(owner.id)
    assert world.double.records.mailed == []


def test_in_18_only_what_is_empty_is_filled(world: World, before_19: Session) -> None:
    """Candidates are filled as applicants are."""
    ana = world.add_person(last_name="Novák", email="ana@example.com", headline="Engineer")
    wanted = {"phone": "+44 7700 900123", "headline": "Other", "skills": ("SQL",), "first_name": "Ana"}
    world.crm.fill_person(before_19, ana, wanted)
    (person,) = world.people()
    assert (person["first_name"], person["phone"], person["headline"]) == (
        "Ana",
        "+44 7700 900123",
        "Engineer",
    )
    assert person["skills"] == ["SQL"]


def test_after_an_upgrade_an_old_number_is_nobodys(world: World, api: Session, before_19: Session) -> None:
    """A candidate's number of 18 must not be taken for an applicant's of 19."""
    ana = world.crm.create_person(before_19, ANA)
    world.double.reset(19)
    with pytest.raises(Missing):
        world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")


@pytest.mark.parametrize(
    ("name", "error"),
    [
        ("odoo.exceptions.AccessDenied", SignInNeeded),
        ("odoo.exceptions.AccessError", Declined),
        ("odoo.exceptions.MissingError", Missing),
        ("odoo.exceptions.ValidationError", Declined),
        ("psycopg2.errors.SerializationFailure", Unavailable),
    ],
)
def test_faults_of_json_rpc_are_sorted(
    world: World, before_19: Session, name: str, error: type[Exception]
) -> None:
    """They come with status 200, and their tracebacks stay where they are."""
    fault = {"code": 200, "data": {"name": name, "message": "No.\nSecond line", "debug": "Traceback"}}
    world.faults.add(kind="nonsense", method="POST", path="/jsonrpc", body={"error": fault})
    with pytest.raises(error) as trouble:
        world.crm.account(before_19)
    assert "Traceback" not in str(trouble.value)
    assert "Second line" not in str(trouble.value)


# --- how Odoo answers -------------------------------------------------------------------------------------


def test_no_traceback_is_shown(world: World, api: Session) -> None:
    """Odoo sends its traceback along; people read one line of what it said."""
    with pytest.raises(Declined) as refusal:
        api.post("/json/2/hr.applicant/create", json={"vals_list": [{"nickname": "Ana"}]})
    assert "Invalid field 'nickname'" in str(refusal.value)
    assert "Traceback" not in str(refusal.value)
    assert "apps" in str(refusal.value)


def test_a_database_that_is_gone_is_no_missing_person(world: World, api: Session) -> None:
    """A page in the place of an answer is trouble with the server, not a record somebody removed."""
    world.faults.add(kind="html", method="POST", path="/json/2/**", status=404)
    with pytest.raises(Nonsense, match="database"):
        world.crm.find_people(api, email="ana@example.com")


@pytest.mark.parametrize("exchange", documented("odoo"))
def test_the_double_answers_as_odoo_does(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(
        first_name="Ana", last_name="Novák", email="ana@example.com", phone="+44 7700 900123", skills=["SQL"]
    )
    asked = exchange["request"]
    body = json.dumps(asked.get("json")).replace('"{person}"', ana).replace("{database}", DATABASE)
    answer = requests.request(
        asked["method"],
        world.double.base_url + asked["path"],
        data=None if asked.get("json") is None else body,
        headers={
            "Authorization": f"bearer {'wrong' if exchange['status'] == 401 else KEY}",
            "Content-Type": "application/json",
        },
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json(), exchange["body"]) == []
