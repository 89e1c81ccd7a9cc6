"""What is Pipedrive's own: the company's domain, fields of its own, deals as vacancies, its way to limit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import requests

from bot.crm._base import ClientApp
from bot.crm._errors import AlreadyExists, Declined, Nonsense, RateLimited, SignInNeeded
from bot.crm._http import Answer, Session
from bot.crm._records import CrmNote, CvDocument, Person
from tests.doubles.pipedrive import PipedriveDouble
from tests.doubles.pipedrive.records import FIELDS

from .test_fixtures import documented, missing_in
from .worlds.pipedrive import World

pytestmark = pytest.mark.parametrize("world", ["PIPEDRIVE"], indirect=True)
ANA = Person(
    "Novák", "Ana", email="ana@example.com", headline="Site Engineer", skills=("SQL",), source="Indeed"
)


@pytest.fixture
def double(world: World) -> PipedriveDouble:
    """The double behind the world."""
    return world.double


@contextmanager
def chosen(world: World, options: Mapping[str, str]) -> Iterator[Session]:
    """Signed in as a workspace that chose these options."""
    crm, app = world.crm, world.app
    with Session(crm, world.sign_in(), {}, app=app, options=options, timeout=(10.0, 30.0)) as api:
        yield api


@pytest.mark.parametrize("exchange", documented("pipedrive"))
def test_the_double_answers_as_documented(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(last_name="Novák", email="ana@example.com", phone="+44 7700 900123")
    world.double.site.records.add(world.double.site.records.notes, {"content": "x", "person_id": int(ana)})
    asked = exchange["request"]
    answer = requests.request(
        asked["method"],
        world.double.base_url + asked["path"].format(person=ana),
        params={name: value.format(person=ana) for name, value in asked.get("query", {}).items()},
        json={key: int(ana) if value == "{person}" else value for key, value in asked["json"].items()}
        if "json" in asked
        else None,
        data={"person_id": ana} if "file" in asked else None,
        files={asked["file"]: ("ana.pdf", b"%PDF-1.7")} if "file" in asked else None,
        headers={"Authorization": f"Bearer {world.sign_in().access_token}"},
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json(), exchange["body"]) == []


# --- signing in ---------------------------------------------------------------------------------------


def test_the_companys_domain_is_used(world: World, double: PipedriveDouble) -> None:
    """Calls go where the token answer says, if that is Pipedrive's or the settings' host."""
    assert world.sign_in().api_base == double.base_url
    double.site.api_domain = double.base_url.replace("127.0.0.1", "localhost")
    with pytest.raises(Nonsense, match="not its own"):
        world.sign_in()


def test_without_settings_the_companys_domain_stands(world: World) -> None:
    """The vendor's own hosts are accepted over TLS alone."""
    token = {"access_token": "t", "api_domain": "https://brightdesk.pipedrive.com"}
    credentials = world.crm.credentials_from_token(token, {}, ClientApp("id", "secret"))
    assert credentials.api_base == "https://brightdesk.pipedrive.com"
    for domain in ("http://brightdesk.pipedrive.com", "https://pipedrive.com.evil.example"):
        with pytest.raises(Nonsense):
            world.crm.credentials_from_token(token | {"api_domain": domain}, {}, ClientApp("id", "secret"))
    with pytest.raises(Nonsense):
        world.crm.credentials_from_token({"access_token": "t"}, {}, ClientApp("id", "secret"))


def test_the_settings_point_elsewhere(world: World, double: PipedriveDouble) -> None:
    """A test double may name the vendor's domain or none: the settings' address is called."""
    for domain in ("https://brightdesk.pipedrive.com", None):
        double.site.api_domain = domain
        assert world.sign_in().api_base == double.base_url


def test_the_refresh_token_is_kept(world: World) -> None:
    """Pipedrive's refresh tokens live on."""
    first = world.sign_in()
    assert world.refreshed(first).refresh_token == first.refresh_token


def test_disconnecting_takes_the_refresh_token_back(world: World, api: Session) -> None:
    """With the client's own signature."""
    world.crm.revoke(api)
    assert world.double.site.revoked == [api.credentials.refresh_token]
    with pytest.raises(SignInNeeded):
        world.crm.account(api)


# --- people -------------------------------------------------------------------------------------------


def test_an_account_without_own_fields_gets_the_rest(world: World) -> None:
    """Values for which no field is chosen are left out, and nothing fails."""
    nowhere = {f"{name}_field": "-" for name in FIELDS}
    with chosen(world, nowhere) as api:
        world.crm.create_person(api, ANA)
    (person,) = world.people()
    assert (person["first_name"], person["email"]) == ("Ana", "ana@example.com")
    assert (person["headline"], person["skills"], person["source"]) == (None, None, None)


def test_a_chosen_field_is_used(world: World) -> None:
    """The workspace's choice goes before the name."""
    with chosen(world, {"headline_field": FIELDS["location"][1]}) as api:
        world.crm.create_person(api, ANA)
        offered = dict(world.crm.option_choices(api, "headline_field"))
    (person,) = world.people()
    assert (person["headline"], person["location"]) == (None, "Site Engineer")
    assert set(offered.values()) == {"Leave it out", "Headline", "Location", "Skills", "Source"}


def test_synchronized_fields_count_as_filled(world: World, api: Session, double: PipedriveDouble) -> None:
    """Accounts that synchronize contacts have a job title and an address of their own."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    double.site.records.persons[int(ana)] |= {"job_title": "CEO", "postal_address": {"value": "Leeds"}}
    (found,) = world.crm.find_people(api, email="ana@example.com")
    assert found.filled == {"email", "headline", "location"}


def test_owner_and_source_stay(world: World, api: Session, double: PipedriveDouble) -> None:
    """Filling a record sends the empty fields alone."""
    ana = world.add_person(last_name="Novák", email="ana@example.com", source="Reed")
    double.forget_calls()
    world.crm.fill_person(api, ana, {"phone": "+44 7700 900123", "email": "other@example.com"})
    phone = {"value": "+44 7700 900123", "primary": True, "label": "mobile"}
    assert [call.body for call in double.calls if call.method == "PATCH"] == [{"phones": [phone]}]


def test_deleted_persons_are_nobody(world: World, api: Session, double: PipedriveDouble) -> None:
    """A search index may know them longer than Pipedrive does."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    double.site.records.persons[int(ana)]["is_deleted"] = True
    assert world.crm.find_people(api, email="ana@example.com") == []


def test_the_existing_person_is_named(world: World, api: Session) -> None:
    """As Pipedrive refuses no duplicate, the connector does, and says who it is."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.create_person(api, ANA)
    assert refusal.value.existing_id == ana


def test_all_pages_of_files_are_seen(world: World, api: Session) -> None:
    """A CV that was attached long ago is found on the second page."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    cv = CvDocument("k", "ana.pdf", "application/pdf", b"%PDF-1.7 ana")
    table = world.double.site.records.files
    for n in range(101):
        file = {
            "name": f"{n}.pdf",
            "file_name": f"{n}.pdf",
            "file_size": 12,
            "person_id": int(ana),
            "content": b"",
        }
        world.double.site.records.add(table, file)
    assert not world.crm.has_cv(api, ana, cv)
    world.crm.attach_cv(api, ana, cv)
    assert world.crm.has_cv(api, ana, cv)


def test_who_is_no_administrator_writes_notes_all_the_same(
    world: World, api: Session, double: PipedriveDouble
) -> None:
    """The note is then in the name of whoever signed in; it tells who decided by itself."""
    double.site.is_admin = False
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.crm.add_note(api, ana, CrmNote("k", "1 < 2 & so on", "ben@brightdesk.example"))
    (note,) = world.notes(ana)
    assert (note.text, note.author_email) == ("1 < 2 & so on", "priya@brightdesk.example")
    assert "1 &lt; 2 &amp; so on<br>" in double.site.records.notes[0]["content"]


# --- users and limits ---------------------------------------------------------------------------------


@pytest.mark.parametrize("email", ["old@brightdesk.example", "aya@brightdesk.example"])
def test_users_who_left_or_resemble_own_nothing(world: World, api: Session, email: str) -> None:
    """Deactivated users and parts of addresses are not taken for owners."""
    assert world.crm.find_user(api, email) is None


def test_limits_are_read_as_pipedrive_tells_them(world: World) -> None:
    """A header of its own says when to go on; a page of its guard is a limit, too; a refusal is none."""
    burst = world.crm.explain(Answer(429, {"x-ratelimit-reset": "2"}, b"{}"))
    assert isinstance(burst, RateLimited)
    assert burst.seconds == 2
    spent = world.crm.explain(Answer(429, {"x-daily-requests-left": "0"}, b"{}"))
    assert isinstance(spent, RateLimited)
    assert "today" in str(spent)
    assert isinstance(world.crm.explain(Answer(403, {}, b"<html>cf</html>")), RateLimited)
    refused = world.crm.explain(Answer(403, {}, b'{"success":false,"error":"Forbidden","error_info":"why"}'))
    assert not isinstance(refused, RateLimited)
    assert "Forbidden why" in str(refused)


def test_the_double_is_strict(world: World, api: Session) -> None:
    """Parameters and fields that Pipedrive does not document are refused, so a slip shows here."""
    with pytest.raises(Declined):
        api.get("/api/v2/deals", params={"reference": "JOB-42"})
    with pytest.raises(Declined):
        api.post("/api/v2/persons", json={"name": "Novák", "headline": "x"})
    with pytest.raises(Declined):
        api.post("/api/v2/persons", json={"name": "Novák", "owner_id": "5"})
    stranger = replace(api.credentials, access_token="stranger")
    with Session(world.crm, stranger, {}) as other, pytest.raises(SignInNeeded):
        other.get("/v1/users/me")


def test_new_people_get_the_chosen_label(world: World, api: Session) -> None:
    """The account's labels are offered; whom Pipedrive has already keeps theirs."""
    assert world.crm.option_choices(api, "label") == [("5", "Hot lead"), ("7", "Candidate")]
    with chosen(world, {"label": "7"}) as mine:
        ana = world.crm.create_person(mine, Person("Novák", "Ana", email="ana@example.com"))
        assert world.double.site.records.persons[int(ana)]["label_ids"] == [7]
        world.double.forget_calls()
        world.crm.fill_person(mine, ana, {"phone": "+44 7700 900123"})
    assert ["label_ids" in call.body for call in world.calls if call.method == "PATCH"] == [False]
