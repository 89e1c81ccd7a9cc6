"""What is Greenhouse's own: bought tokens, cursors, prospects, files at signed addresses, careful moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from bot.crm import _greenhouse_records as gh
from bot.crm._base import ClientApp
from bot.crm._errors import Declined, Missing, Nonsense, RateLimited, SignInNeeded
from bot.crm._http import Answer, Session
from bot.crm._records import CrmNote, CvDocument, Person
from bot.errors import Invalid
from tests.doubles.greenhouse import ACTING_USER

from .test_fixtures import documented, missing_in
from .worlds.greenhouse import World

pytestmark = pytest.mark.parametrize("world", ["GREENHOUSE"], indirect=True)
CV = CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7 ana")


@contextmanager
def chosen(world: World, options: Mapping[str, str]) -> Iterator[Session]:
    """Signed in as a workspace that chose these options."""
    crm, app = world.crm, world.app
    with Session(crm, world.sign_in(), world.answers, app=app, options=options, timeout=(10.0, 30.0)) as api:
        yield api


@pytest.mark.parametrize("exchange", documented("greenhouse"))
def test_the_double_answers_as_documented(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    credentials = world.sign_in()
    with world.session(credentials) as api:
        ana = world.crm.create_person(api, Person("Novák", "Ana", email="ana@example.com"))
        world.crm.attach_cv(api, ana, CV)
    ids = {"{candidate}": int(ana), "{application}": next(iter(world.double.site.records.applications))}
    asked = exchange["request"]
    answer = requests.request(
        asked["method"],
        world.double.base_url + asked["path"].format(candidate=ana),
        params={name: value.format(candidate=ana) for name, value in asked.get("query", {}).items()},
        json={name: _filled(value, ids) for name, value in asked["json"].items()}
        if "json" in asked
        else None,
        headers={"Authorization": f"Bearer {credentials.access_token}"},
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json(), exchange["body"]) == []


def _filled(value: Any, ids: Mapping[str, int]) -> Any:
    return ids.get(value, value) if isinstance(value, str) else value


# --- signing in ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "fields"),
    [
        ({}, ["client_id", "client_secret", "user_id"]),
        ({"client_id": "two words", "client_secret": "s", "user_id": "1"}, ["client_id"]),
        ({"client_id": "c:d", "client_secret": "s", "user_id": "kate@x.example"}, ["client_id", "user_id"]),
    ],
)
def test_what_can_be_no_key_is_refused_beside_its_field(
    world: World, answers: dict[str, str], fields: list[str]
) -> None:
    """Before anything is sent."""
    with pytest.raises(Invalid) as invalid:
        world.crm.check_answers(answers, ClientApp())
    assert [fault.field for fault in invalid.value.faults] == fields


def test_copied_keys_lose_their_spaces(world: World) -> None:
    """They come along from the clipboard."""
    typed = {name: f" {value}\n" for name, value in world.answers.items()}
    assert world.crm.check_answers(typed, ClientApp()) == world.answers


@pytest.mark.parametrize(("field", "wrong"), [("client_id", "x"), ("client_secret", "x"), ("user_id", "7")])
def test_wrong_keys_ask_for_others(world: World, field: str, wrong: str) -> None:
    """The refusal says where to look."""
    with pytest.raises(SignInNeeded, match="API Credentials"):
        world.crm.credentials_from_answers({**world.answers, field: wrong}, world.app)


@pytest.mark.parametrize("as_time", [False, True])
def test_a_token_runs_out(world: World, as_time: bool) -> None:
    """Whether its end is told in seconds or as a time."""
    world.double.site.expires_at = as_time
    until = world.sign_in().expires_at
    assert until is not None
    begun = world.clock() if as_time else datetime.now(UTC)
    assert 3500 < (until - begun).total_seconds() <= 3600


def test_a_lifetime_without_sense_is_told(world: World) -> None:
    """A token whose end nobody can read is not taken."""
    with pytest.raises(Nonsense):
        gh.expiry({"expires_at": "soon"})
    assert gh.expiry({}) is None
    assert world.crm.keys_expire


@pytest.mark.parametrize(
    ("kind", "more", "error"),
    [("html", {}, Nonsense), ("nonsense", {}, Nonsense), ("ratelimited", {"retry_after": 9}, RateLimited)],
)
def test_trouble_with_the_token_is_no_refusal(
    world: World, kind: Any, more: dict[str, Any], error: type[Exception]
) -> None:
    """What is no answer of Greenhouse's does not end the sign-in."""
    world.order(kind, "token", **more)
    with pytest.raises(error):
        world.sign_in()
    assert world.sign_in().access_token


def test_an_expired_token_is_bought_anew_once(world: World, api: Session) -> None:
    """The call is made after all, with one new token."""
    world.expire_access_tokens()
    assert world.crm.find_people(api, email="ana@example.com") == []
    assert world.renewals == 1


def test_who_acts_is_shown_even_if_it_is_a_service(world: World, api: Session) -> None:
    """Greenhouse hides users made for integrations unless they are asked for."""
    assert world.crm.account(api) == "Kate Austen · kate@brightdesk.example"
    with Session(world.crm, api.credentials, {**world.answers, "user_id": "4084"}) as service:
        assert world.crm.account(service) == "Handoff"


def test_a_deactivated_user_can_not_act(world: World, api: Session) -> None:
    """Nothing would work in their name."""
    answers = {**world.answers, "user_id": "4082"}
    with Session(world.crm, api.credentials, answers) as other, pytest.raises(Declined, match="deactivated"):
        world.crm.account(other)


# --- people -------------------------------------------------------------------------------------------


def test_lists_are_read_to_their_end(world: World, api: Session) -> None:
    """From the second page on, the cursor is asked for alone, at the address we know."""
    for number in range(5):
        world.add_person(last_name=f"N{number}", phone=f"+44 7700 90010{number}")
    ana = world.add_person(last_name="Novák", phone="+44 7700 900123")
    assert [one.id for one in world.crm.find_people(api, phone="+44 7700 900123")] == [ana]
    queries = [call.path for call in world.double.calls if call.path.startswith("/v3/candidates")]
    assert len(queries) == 3


def test_a_new_candidate_is_a_prospect_whose_it_is(world: World, api: Session) -> None:
    """Without an application there would be no place for the CV."""
    owner = world.crm.find_user(api, "Ben@brightdesk.example")
    assert owner is not None
    ana = world.crm.create_person(api, Person("Novák", "Ana", email="a@example.com", owner_id=owner.id))
    world.crm.attach_cv(api, ana, CV)
    (application,) = world.double.site.records.applications.values()
    assert (application["prospect"], application["job_id"]) == (True, None)
    assert world.people()[0]["owner_email"] == "ben@brightdesk.example"


def test_an_unknown_first_name_is_filled_later(world: World, api: Session) -> None:
    """Greenhouse demands one; what stands for it counts as empty and is no part of the name."""
    ana = world.crm.create_person(api, Person("Novák", email="a@example.com"))
    (found,) = world.crm.find_people(api, email="a@example.com")
    assert (found.name, "first_name" in found.filled) == ("Novák", False)
    world.crm.fill_person(api, ana, {"first_name": "Ana"})
    assert world.people()[0]["first_name"] == "Ana"


def test_nothing_is_sent_when_nothing_is_empty(world: World, api: Session) -> None:
    """A full record is not touched at all."""
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"email": "other@example.com"})
    assert [call.method for call in world.double.calls] == ["GET"]


# --- CVs and notes ------------------------------------------------------------------------------------


def test_a_known_candidate_without_application_becomes_a_prospect(world: World, api: Session) -> None:
    """So that the CV has its place."""
    ana = world.add_person(last_name="Novák")
    world.crm.attach_cv(api, ana, CV)
    (application,) = world.double.site.records.applications.values()
    assert application["prospect"]


def test_an_earlier_resume_stays(world: World, api: Session) -> None:
    """The new one becomes the résumé, the earlier one another file."""
    ana = world.add_person(last_name="Novák")
    world.crm.attach_cv(api, ana, CV)
    world.crm.attach_cv(api, ana, replace(CV, content=b"%PDF-1.7 newer"))
    kinds = [one["type"] for one in world.double.site.records.attachments.values()]
    assert kinds == ["other", "resume"]
    assert world.crm.has_cv(api, ana, CV)


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:1/x",
        "https://elsewhere.example/x",
        "http://x.amazonaws.com/x",
        "https://e\\.amazonaws.com/",
    ],
)
def test_files_are_fetched_from_greenhouse_alone(world: World, api: Session, url: str) -> None:
    """An address that leads elsewhere is not followed."""
    assert gh.downloaded(api, url) is None


def test_a_file_that_greenhouse_refuses_is_told_with_its_field(world: World, api: Session) -> None:
    """The words of the refusal come through."""
    ana = world.add_person(last_name="Novák")
    with pytest.raises(Declined, match="filename"):
        world.crm.attach_cv(api, ana, replace(CV, filename="ana.exe"))


def test_no_note_is_written_for_nobody(world: World, api: Session) -> None:
    """Greenhouse would take it, and could never remove it."""
    with pytest.raises(Missing):
        world.crm.add_note(api, "123456", CrmNote("k", "text"))
    assert world.double.site.records.notes == {}


def test_notes_are_seen_by_whom_the_workspace_chose(world: World, api: Session) -> None:
    """Everybody who sees the candidate, unless it chose otherwise."""
    ana = world.add_person(last_name="Novák")
    world.crm.add_note(api, ana, CrmNote("k1", "text"))
    with chosen(world, {"visibility": "admin_only"}) as other:
        world.crm.add_note(other, ana, CrmNote("k2", "text"))
    told = [(note["visibility"], note["user_id"]) for note in world.double.site.records.notes.values()]
    assert told == [("public", ACTING_USER), ("admin_only", ACTING_USER)]


# --- refusals -----------------------------------------------------------------------------------------


def test_a_deactivated_user_is_none(world: World, api: Session) -> None:
    """Who has left owns nothing."""
    assert world.crm.find_user(api, "old@brightdesk.example") is None


def test_a_403_tells_what_the_credential_needs(world: World) -> None:
    """Scopes and a Site Admin, besides Greenhouse's own words."""
    error = world.crm.explain(Answer(403, {}, b'{"message": "Missing 1 required scope"}'))
    assert isinstance(error, Declined)
    assert "Missing 1 required scope" in str(error)
    assert "Site Admin" in str(error)
