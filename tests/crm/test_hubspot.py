"""What is HubSpot's own: further e-mails, phones, marks on notes, limits, revocation."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
import requests

from bot.crm import _oauth
from bot.crm._errors import AlreadyExists, Declined, RateLimited, SignInNeeded
from bot.crm._http import Answer, Session
from bot.crm._records import CrmNote, CvDocument, Person
from bot.crm.hubspot import CRM
from tests.doubles.hubspot.records import HUB, Records

from .test_fixtures import documented, missing_in
from .worlds.hubspot import World

pytestmark = pytest.mark.parametrize("world", ["HUBSPOT"], indirect=True)
CV = CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7 ana")


@pytest.fixture
def records(world: World) -> Records:
    """What the double keeps."""
    return world.double.site.records


def choosing(world: World, **options: str) -> Session:
    """Signed in to a workspace that chose these options alone."""
    return Session(world.crm, world.sign_in(), {}, app=world.app, options=options, timeout=(10.0, 30.0))


@pytest.mark.parametrize("exchange", documented("hubspot"))
def test_the_double_answers_as_documented(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.site.records.tie(("deals", "991"), ("contacts", ana), "HUBSPOT_DEFINED", 3)
    asked = json.loads(json.dumps(exchange["request"]).replace("{candidate}", ana))
    answer = requests.request(
        asked["method"],
        world.double.api_url + asked["path"],
        params=asked.get("query"),
        json=asked.get("json"),
        data=asked.get("data"),
        files={asked["file"]: ("ana.pdf", b"%PDF-1.7")} if "file" in asked else None,
        headers={"Authorization": f"Bearer {world.sign_in().access_token}"},
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json(), exchange["body"]) == []


# --- signing in ---------------------------------------------------------------------------------------


def test_the_account_is_named(world: World, api: Session) -> None:
    """Who signed in and where; somebody who is no owner is told by the account alone."""
    assert world.crm.account(api) == f"Priya Shah · account {HUB}"
    world.double.site.user_id = 7999
    with world.session() as other:
        assert world.crm.account(other) == f"account {HUB}"


def test_the_link_leads_to_the_account(world: World, api: Session) -> None:
    """The account is known from the token answer; credentials without it ask for it."""
    url = f"https://app.hubspot.com/contacts/{HUB}/record/0-1/12"
    assert world.crm.person_url(api, "12") == url
    api.credentials = type(api.credentials)(api.credentials.access_token, api_base=api.credentials.api_base)
    assert world.crm.person_url(api, "12") == url


def test_custom_objects_are_not_asked_for_by_force(world: World) -> None:
    """Scopes that only some accounts can give are optional ones."""
    assert "custom" not in " ".join(world.oauth.scopes)
    url = _oauth.authorize_url(world.oauth, world.app, "http://127.0.0.1/crm/callback", "s", "v" * 64)
    assert "optional_scope=" in url


def test_disconnecting_ends_the_refresh_token(world: World, api: Session) -> None:
    """HubSpot lets access tokens run out; the refresh token is worthless at once."""
    world.crm.revoke(api)
    with pytest.raises(SignInNeeded):
        world.refreshed(api.credentials)
    with pytest.raises(Declined):
        world.crm.revoke(api)


# --- people -------------------------------------------------------------------------------------------


def test_a_further_address_of_the_contact_finds_them(world: World, api: Session, records: Records) -> None:
    """Somebody who applied by a second e-mail address is the same person; who resembles them is not."""
    ana = world.add_person(last_name="Novák", email="ana@work.example")
    diana = world.add_person(last_name="Diaz", email="diana@work.example")
    contacts = records.objects["contacts"]
    contacts[ana]["properties"]["hs_additional_emails"] = "a@old.example;ana@example.com"
    contacts[diana]["properties"]["hs_additional_emails"] = "ana.diaz@example.com"
    assert [one.id for one in world.crm.find_people(api, email="Ana@example.com")] == [ana]


def test_a_mobile_number_written_locally_is_found(world: World, api: Session, records: Records) -> None:
    """HubSpot compares numbers without their country, in both fields."""
    ana = world.add_person(last_name="Novák")
    records.objects["contacts"][ana]["properties"]["mobilephone"] = "07700 900 123"
    (found,) = world.crm.find_people(api, phone="+44 7700 900123")
    assert found.id == ana
    assert found.filled == {"phone"}


def test_a_refusal_names_the_existing_contact(world: World, api: Session) -> None:
    """The id in HubSpot's words is read, so that the person is found even by no other way."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.create_person(api, Person("Novák", email="ANA@example.com"))
    assert refusal.value.existing_id == ana


def test_without_choices_nothing_goes_to_unknown_properties(world: World, records: Records) -> None:
    """An account without properties for source and skills gets everything else."""
    person = Person("Novák", email="ana@example.com", source="Indeed", skills=("SQL",), headline="Engineer")
    with choosing(world) as api:
        ana = world.crm.create_person(api, person)
    values = records.objects["contacts"][ana]["properties"]
    assert set(values) == {"lastname", "email", "jobtitle", "createdate"}


def test_new_contacts_get_the_chosen_lead_status(world: World, records: Records) -> None:
    """The status is for new contacts; known ones keep theirs. Of all links LinkedIn's has a property."""
    links = ("https://ana.example", "https://www.linkedin.com/in/ana")
    with choosing(world, lead_status="NEW") as api:
        ana = world.crm.create_person(api, Person("Novák", email="ana@example.com", links=links))
        values = records.objects["contacts"][ana]["properties"]
        assert (values["hs_lead_status"], values["hs_linkedin_url"]) == ("NEW", links[1])
        values["hs_lead_status"] = "OPEN"
        world.crm.fill_person(api, ana, {"phone": "+44 7700 900123"})
    assert values["hs_lead_status"] == "OPEN"


def test_nothing_is_sent_when_nothing_is_empty(world: World, api: Session) -> None:
    """A full record is not touched at all."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"email": "other@example.com"})
    assert [call.method for call in world.double.calls] == ["GET"]


def test_owners_who_left_own_nothing(world: World, api: Session) -> None:
    """Archived owners are not taken."""
    assert world.crm.find_user(api, "gone@brightdesk.example") is None


# --- CVs and notes ------------------------------------------------------------------------------------


def test_a_cv_is_private_and_uploaded_once(world: World, api: Session, records: Records) -> None:
    """Nobody outside the account can read it, and a repeat after a lost note uses the file that is there."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.order("error", "cv", status=500)
    with pytest.raises(Exception, match="trouble"):
        world.crm.attach_cv(api, ana, CV)
    assert not world.crm.has_cv(api, ana, CV)
    world.crm.attach_cv(api, ana, CV)
    assert world.crm.has_cv(api, ana, CV)
    assert [file["access"] for file in records.files.values()] == ["PRIVATE"]


def test_marks_are_found_among_many_notes(world: World, api: Session) -> None:
    """Lists come in pages; all of them are read. One key is not taken for a longer one."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    for number in range(8):
        world.crm.add_note(api, ana, CrmNote(f"key-{number}0", "text"))
    assert world.crm.has_note(api, ana, CrmNote("key-70", ""))
    assert world.crm.has_note(api, ana, CrmNote("key-00", ""))
    assert not world.crm.has_note(api, ana, CrmNote("key-7", ""))


def test_words_of_a_note_are_no_html(world: World, api: Session, records: Records) -> None:
    """Whatever an applicant writes is shown as written, and a long text is cut rather than refused."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.crm.add_note(api, ana, CrmNote("k", "<img src=x>\n" + "&" * 70_000))
    (note,) = records.objects["notes"].values()
    body = note["properties"]["hs_note_body"]
    assert body.startswith("<p>&lt;img src=x&gt;<br>&amp;")
    assert body.endswith("…</p><p>Handoff reference k</p>")
    assert world.crm.has_note(api, ana, CrmNote("k", ""))


# --- errors -------------------------------------------------------------------------------------------


def refused(status: int, document: Mapping[str, Any], **headers: str) -> Answer:
    """A refusal as HubSpot words it."""
    return Answer(status, headers, json.dumps(document).encode())


@pytest.mark.parametrize(
    ("status", "document", "seconds"),
    [
        (429, {"policyName": "SECONDLY", "category": "RATE_LIMITS"}, 1),
        (429, {"policyName": "TEN_SECONDLY_ROLLING"}, 10),
        (429, {"policyName": "DAILY"}, 3600),
        (429, {}, None),
        (423, {}, 2),
        (477, {}, 2),
    ],
)
def test_limits_are_waited_for_as_named(
    world: World, status: int, document: Mapping[str, Any], seconds: float | None
) -> None:
    """HubSpot names the limit that was met, and locks records for moments."""
    error = CRM.explain(refused(status, document))
    assert isinstance(error, RateLimited)
    assert error.seconds == seconds


def test_a_refused_value_is_told(world: World, api: Session) -> None:
    """The words of the error inside, and what to do then."""
    with pytest.raises(Declined, match=r"Email address is invalid.*press Retry"):
        world.crm.create_person(api, Person("Novák", email="nonsense"))


def test_the_double_is_strict(world: World, api: Session) -> None:
    """What HubSpot does not document is refused, so a slip shows here."""
    bodies: list[Any] = [{"properties": {"nonsense": "x"}}, {"properties": {"firstname": 7}}, {"values": {}}]
    for body in bodies:
        with pytest.raises(Declined):
            api.post("/crm/v3/objects/contacts", json=body)
    with pytest.raises(Declined):
        api.post("/crm/v3/objects/deals/search", json={"limit": 201})
    with pytest.raises(Declined):
        api.get("/crm/v3/owners", params={"mail": "x"})
