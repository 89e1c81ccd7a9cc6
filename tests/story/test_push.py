"""Handing off to what only takes: a signed webhook and an inbox, from the settings modal to the card."""

from __future__ import annotations

import json
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from pydantic import SecretStr
from starlette.responses import PlainTextResponse

from bot.blocks import ids
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.store.database import Database
from bot.usecases import configure, connect
from bot.usecases.configure import Wish
from bot.workspace import Boxes
from tests.doubles.smtp import SmtpDouble
from tests.doubles.webhook import PATH, SECRET, WebhookDouble
from tests.story.acts import SOON, handoff_line
from tests.story.logbook import logged
from tests.story.note_acts import note_line, send_along, write
from tests.support import Clock, forget_environment
from tests.world import ADMIN, ANA, BEN, CHANNEL, PDF, TEAM, World, a_world, a_world_config

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/crm/handoff.schema.json").read_text(encoding="utf-8"))
AMBER_AND_GREEN = Boxes(send_green=True, send_amber=True)


@pytest.fixture
def receiver(clock: Clock) -> Iterator[WebhookDouble]:
    """Where the webhook leads."""
    with WebhookDouble(lambda: clock().timestamp()) as double:
        yield double


@pytest.fixture
def mail() -> Iterator[SmtpDouble]:
    """The operator's mail server."""
    with SmtpDouble() as double:
        yield double


@pytest.fixture
def mailing_world(
    database_url: str,
    database: Database,
    clock: Clock,
    slack: LocalSlack,
    crm: DemoCrm,
    mail: SmtpDouble,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[World]:
    """The product with a mail server in its settings."""
    forget_environment(monkeypatch)
    settings: dict[str, Any] = {"smtp_url": SecretStr(mail.url), "smtp_from": "Handoff <handoff@bot.example>"}
    config = a_world_config(database_url, slack, crm, **settings)
    with a_world(config, database, clock, slack, crm) as world:
        yield world


# --- the webhook ------------------------------------------------------------------------------------------


def test_an_admin_connects_it_in_the_modal(world: World, receiver: WebhookDouble) -> None:
    """Select it, enter address and secret, press Connect: a signed ping is all that goes out."""
    admin = world.slack.as_user(ADMIN)
    admin.command("/handoff-settings", channel=CHANNEL)
    assert world.slack.wait_until(lambda: admin.view() is not None)
    admin.act_in_view(ids.SETTINGS_CRM, "WEBHOOK")
    assert world.slack.wait_until(lambda: "Signing secret" in str(admin.view()))
    admin.fill(ids.question_action("url"), receiver.url)
    admin.fill(ids.question_action("secret"), SECRET)
    admin.act_in_view(ids.SETTINGS_CHECK_ANSWERS)
    assert world.slack.wait_until(lambda: "Connected as" in str(admin.view())), admin.view()
    assert SECRET not in str(admin.view())
    assert [call.body["event"] for call in receiver.calls] == ["ping"]
    assert receiver.arrived == []


def test_amber_then_green_are_two_deliveries(world: World, receiver: WebhookDouble) -> None:
    """Amber hands all over for the CRM only; green, later, says what it follows, and adds the vacancy."""
    _webhook(world, receiver)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_AMBER)
    world.deliver(seconds=SOON)
    (first,) = receiver.arrived
    assert (first["event"], first["target"], first["decision"]["light"]) == ("handoff.new", "crm", "amber")
    assert first["decision"]["by"]["name"]
    assert first["application"]["vacancy"]["reference"] == "JOB-42"
    assert "sent to Signed webhook" in handoff_line(world, id_)
    assert (
        world.state(id_)["handoff"] | {"state": "sent", "candidate_id": "rec-1"}
        == world.state(id_)["handoff"]
    )
    assert world.state(id_)["handoff"]["candidate_url"] == "https://crm.example.com/rec-1"

    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    _, second = receiver.arrived
    assert (second["event"], second["target"]) == ("handoff.raised", "crm_and_vacancy")
    assert (second["follows"], second["id"] != first["id"]) == (first["id"], True)
    assert "and the vacancy" in handoff_line(world, id_)
    world.deliver(hours=1)
    assert len(receiver.arrived) == 2


def test_green_at_once_is_one_delivery(world: World, receiver: WebhookDouble) -> None:
    """What goes to the vacancy from the start is new, and amber afterwards sends nothing more."""
    _webhook(world, receiver)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    world.click(BEN, id_, ids.DECIDE_AMBER)
    world.deliver(seconds=SOON)
    assert [(one["event"], one["target"]) for one in receiver.arrived] == [("handoff.new", "crm_and_vacancy")]


def test_a_decline_is_told_and_retry_sends_it_again(world: World, receiver: WebhookDouble) -> None:
    """The receiver's reason is on the card; once it takes such applicants, Retry gets this one there."""
    _webhook(world, receiver)
    id_ = world.arrive()
    receiver.answer = lambda _id: PlainTextResponse("Vacancy JOB-42 is not ours.", 422)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    assert world.state(id_)["handoff"]["state"] == "failed"
    assert "JOB-42 is not ours" in handoff_line(world, id_)

    receiver.answer = None
    world.click(BEN, id_, ids.RETRY_HANDOFF)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert len({one["id"] for one in receiver.arrived}) == 1


def test_after_a_declined_amber_green_is_new(world: World, receiver: WebhookDouble) -> None:
    """What was surely not taken is not spoken of as if it had been."""
    _webhook(world, receiver)
    id_ = world.arrive()
    receiver.faults.add(kind="error", status=422, path=PATH)
    world.click(BEN, id_, ids.DECIDE_AMBER)
    world.deliver(seconds=SOON)
    assert world.state(id_)["handoff"]["state"] == "failed"
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    assert [one["event"] for one in receiver.arrived] == ["handoff.new"]


def test_a_lost_answer_ends_in_one_delivery(world: World, receiver: WebhookDouble) -> None:
    """Taken, but the answer was lost: the repeat bears the same id, by which the receiver knows it."""
    _webhook(world, receiver)
    id_ = world.arrive()
    receiver.faults.add(kind="reset_after", path=PATH)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    with logged() as book:
        world.deliver(seconds=SOON)
        world.deliver(seconds=SOON)
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert len(receiver.arrived) == 2
    (key,) = {one["id"] for one in receiver.arrived}
    assert len(receiver.records) == 1
    told = [json.loads(line) for line in book.getvalue().splitlines() if '"push_' in line]
    assert [(line["event"], line.get("is_repeat")) for line in told] == [
        ("push_begun", False),
        ("push_not_taken", None),
        ("push_begun", True),
        ("push_taken", None),
    ]
    assert {line["delivery"] for line in told} == {key}
    assert [word for word in ("Ines", "Marsh", SECRET, PATH) if word in book.getvalue()] == []


def test_a_gone_address_waits_for_an_admin(world: World, receiver: WebhookDouble) -> None:
    """410 parks everything and tells the admin once; after connecting again it goes out by itself."""
    _webhook(world, receiver)
    id_ = world.arrive()
    receiver.faults.add(kind="error", status=410, path=PATH)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    assert world.state(id_)["handoff"]["state"] == "waiting"
    assert "sign in" in handoff_line(world, id_)
    assert len(world.direct(ADMIN)) == 1
    _webhook(world, receiver)
    world.deliver()
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_notes_are_in_the_document(world: World, receiver: WebhookDouble) -> None:
    """Those written before go along; a later one comes by itself, with those before it; once each."""
    _webhook(world, receiver)
    send_along(world)
    id_ = world.arrive()
    write(world, ANA, id_, "Prefers calls.")
    receiver.faults.add(kind="reset_after", path=PATH)
    world.click(BEN, id_, ids.DECIDE_AMBER)
    world.deliver(seconds=SOON)
    write(world, ANA, id_, "Written while the answer was lost.")
    world.deliver(seconds=SOON)
    world.deliver(seconds=SOON)
    first, again, noted = receiver.arrived
    assert first == again
    assert (noted["event"], noted["follows"], noted["target"]) == ("handoff.noted", first["id"], "crm")
    (one,) = first["application"]["notes"]
    assert (one["text"], one["by"]["name"]) == ("Prefers calls.", "Ana Lindqvist")
    assert noted["application"]["notes"][0] == one
    assert noted["application"]["notes"][1]["text"] == "Written while the answer was lost."
    assert "content" not in noted["application"]["cv"]
    assert "also in Signed webhook" in note_line(world, id_)

    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    raised = receiver.arrived[-1]
    assert raised["event"] == "handoff.raised"
    assert raised["application"]["notes"] == noted["application"]["notes"]
    world.deliver(hours=1)
    assert len(receiver.arrived) == 4
    for arrived in receiver.arrived:
        jsonschema.validate(arrived, SCHEMA)


def test_a_note_that_the_webhook_refuses_leaves_the_handoff_as_it_is(
    world: World, receiver: WebhookDouble
) -> None:
    """Its reason stands beside the notes."""
    _webhook(world, receiver)
    send_along(world)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    receiver.answer = lambda _id: PlainTextResponse("We take no notes.", 422)
    write(world, ANA, id_, "Hm.")
    assert "We take no notes" in note_line(world, id_)
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_without_the_box_the_document_knows_no_notes(world: World, receiver: WebhookDouble) -> None:
    """Not even an empty list: receivers see what they always saw."""
    _webhook(world, receiver)
    id_ = world.arrive()
    write(world, ANA, id_, "For us alone.")
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    (arrived,) = receiver.arrived
    assert "notes" not in arrived["application"]


# --- the inbox --------------------------------------------------------------------------------------------


def test_e_mail_is_not_offered_without_a_server(world: World) -> None:
    """Nobody can choose what could never be sent."""
    assert "EMAIL" not in [crm.key for crm in configure.overview(world.house, TEAM).crms]


def test_e_mail_is_offered_once_the_settings_name_a_server(mailing_world: World) -> None:
    """With SMTP_URL and SMTP_FROM it is in the menu."""
    assert "EMAIL" in [crm.key for crm in configure.overview(mailing_world.house, TEAM).crms]


def test_an_applicant_comes_by_mail(mailing_world: World, mail: SmtpDouble) -> None:
    """Amber, then green: two messages in one thread, the CV attached as it came."""
    world = mailing_world
    _inbox(world)
    id_ = world.arrive()
    world.click(BEN, id_, ids.DECIDE_AMBER)
    world.deliver(seconds=SOON)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    first, second = (one.message for one in mail.mails)
    assert first["Subject"] == "Ines Marsh1 for Site Engineer (JOB-42)"
    assert second["Subject"] == "Now for the vacancy: Ines Marsh1 for Site Engineer (JOB-42)"
    assert second["References"] == first["Message-ID"]
    assert [part.get_content() for part in first.iter_attachments()] == [PDF]
    assert "and the vacancy" in handoff_line(world, id_)
    assert world.state(id_)["handoff"]["candidate_id"] == second["Message-ID"].strip("<>")


def test_notes_come_by_mail(mailing_world: World, mail: SmtpDouble) -> None:
    """Below the applicant's own words; a later one as a message of its own in the thread, without the CV."""
    world = mailing_world
    _inbox(world)
    send_along(world)
    id_ = world.arrive()
    write(world, ANA, id_, "Prefers calls.")
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    write(world, ANA, id_, "She called.")
    first, second = (one.message for one in mail.mails)
    assert "Note by Ana Lindqvist in Slack, " in _words(first)
    assert "Prefers calls." in _words(first)
    assert second["Subject"] == "A note on Ines Marsh1 for Site Engineer (JOB-42)"
    assert second["References"] == first["Message-ID"]
    assert "She called." in _words(second)
    assert "Prefers calls." not in _words(second)
    assert list(second.iter_attachments()) == []
    assert "📝 2 notes · also in E-mail" in note_line(world, id_)


def test_a_message_whose_answer_was_lost_is_recognisable(mailing_world: World, mail: SmtpDouble) -> None:
    """Nobody can know that it was taken, so it goes again, under the same Message-ID."""
    world = mailing_world
    _inbox(world)
    id_ = world.arrive()
    mail.faults.append("reset_after")
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=SOON)
    world.deliver(seconds=SOON)
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert len(mail.mails) == 2
    assert len({one.message["Message-ID"] for one in mail.mails}) == 1


def _webhook(world: World, receiver: WebhookDouble) -> None:
    answers = {"url": receiver.url, "secret": SECRET, "cv": "include"}
    connect.sign_in_with_keys(world.house, TEAM, ADMIN, "WEBHOOK", answers)
    configure.save(world.house, TEAM, ADMIN, Wish(crm="WEBHOOK", boxes=AMBER_AND_GREEN))


def _words(message: EmailMessage) -> str:
    body = message.get_body()
    assert body is not None
    return str(body.get_content())


def _inbox(world: World) -> None:
    connect.sign_in_with_keys(world.house, TEAM, ADMIN, "EMAIL", {"to": "applicants@crm.example"})
    configure.save(world.house, TEAM, ADMIN, Wish(crm="EMAIL", boxes=AMBER_AND_GREEN))
