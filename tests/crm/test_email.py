"""The e-mail handoff: what is asked, the message for people and machines, what the server may say."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest

from bot.crm._base import ClientApp
from bot.crm._errors import Declined, SignInNeeded, Unavailable
from bot.crm._http import Session
from bot.crm._mail import MailServer, mail_server
from bot.crm._push import document
from bot.crm._registry import every_crm, offered
from bot.errors import Invalid
from tests.doubles.smtp import SmtpDouble
from tests.doubles.tls import a_certificate
from tests.doubles.webhook import SCHEMA

from .test_contract_push import ANA, PARCEL, RAISED
from .worlds.email import SENDER, World

EMAIL = every_crm()["EMAIL"]
APP = ClientApp(mail=mail_server("smtp://mail.example.com", SENDER))
over_it = pytest.mark.parametrize("world", ["EMAIL"], indirect=True)


# --- what is asked ----------------------------------------------------------------------------------------


def test_it_is_offered_once_a_mail_server_is_set() -> None:
    """Without SMTP_URL nobody can choose it."""
    crms = {"EMAIL": EMAIL}
    assert offered(crms, {"EMAIL": ClientApp()}) == []
    assert offered(crms, {"EMAIL": APP}) == [EMAIL]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "no address",
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "Ana <a@b.example>",
        "a@",
    ],
)
def test_an_inbox_is_one_address(typed: str) -> None:
    """No list, no name, no second header."""
    with pytest.raises(Invalid) as refusal:
        EMAIL.check_answers({"to": typed}, APP)
    assert [fault.field for fault in refusal.value.faults] == ["to"]


def test_answers_are_kept_with_what_was_left_empty() -> None:
    """Subject and part for machines have defaults; a domain is kept as mail servers write it."""
    assert EMAIL.check_answers({"to": " jobs@bücher.example "}, APP) == {
        "to": "jobs@xn--bcher-kva.example",
        "subject": "{name} for {vacancy} ({reference})",
        "format": "none",
    }


@pytest.mark.parametrize("subject", ["{nam}", "{name.__class__}", "{}", "{0}", "{name!r}"])
def test_an_unknown_placeholder_is_refused(subject: str) -> None:
    """A slip is told at once, and no placeholder looks into anything."""
    with pytest.raises(Invalid, match="not known") as refusal:
        EMAIL.check_answers({"to": "jobs@crm.example", "subject": subject}, APP)
    assert [fault.field for fault in refusal.value.faults] == ["subject"]


# --- the message ------------------------------------------------------------------------------------------


@over_it
def test_its_headers_are_those_of_the_delivery(world: World, api: Session) -> None:
    """From the operator to the inbox, under an id made from the delivery's."""
    world.push_crm.push(api, PARCEL)
    (mail,) = world.double.mails
    assert (mail.sender, mail.recipient) == ("handoff@bot.example", "applicants@crm.example")
    told = {name: str(mail.message[name]) for name in ("From", "To", "Subject", "Message-ID", "Handoff-Id")}
    assert told == {
        "From": SENDER,
        "To": "applicants@crm.example",
        "Subject": "Ana Novák for Site Engineer (JOB-42) via Indeed",
        "Message-ID": "<01KA.crm@bot.example>",
        "Handoff-Id": "01KA.crm",
    }
    assert mail.message["Date"]


@over_it
def test_no_field_becomes_a_header(world: World, api: Session) -> None:
    """Line breaks in names end up as spaces; a name that looks like a placeholder stays one."""
    odd = "Eve\r\nBcc: all@example.com\r\n\r\n{source}"
    candidate = replace(ANA.candidate, first_name=odd, last_name=odd)
    world.push_crm.push(api, replace(PARCEL, application=replace(ANA, candidate=candidate)))
    (mail,) = world.double.mails
    assert mail.message["Bcc"] is None
    assert str(mail.message["Subject"]).startswith("Eve Bcc: all@example.com {source} Eve")
    assert len(str(mail.message["Subject"])) <= 200


@over_it
def test_every_line_is_seven_bits_and_short(world: World, api: Session) -> None:
    """However long and foreign the words: any server on the way can pass them on."""
    world.push_crm.push(api, replace(PARCEL, note="ř" * 5000 + "\n.\n." + "x" * 5000))
    (mail,) = world.double.mails
    assert mail.raw.isascii()
    assert max(map(len, mail.raw.split(b"\r\n"))) <= 998
    body = mail.message.get_body()
    assert body is not None
    assert "ř" * 5000 + "\n.\n." + "x" * 5000 in body.get_content().replace("\r\n", "\n")


@over_it
def test_raising_stays_in_the_thread(world: World, api: Session) -> None:
    """It refers to the first message and says at the start what is new."""
    world.push_crm.push(api, PARCEL)
    world.push_crm.push(api, RAISED)
    first, second = (mail.message for mail in world.double.mails)
    assert second["In-Reply-To"] == second["References"] == first["Message-ID"]
    assert str(second["Subject"]) == f"Now for the vacancy: {first['Subject']}"


@over_it
def test_the_part_in_json_is_the_documents(world: World, api: Session) -> None:
    """It fits the published schema; the CV is attached and not in it."""
    world.push_crm.push(api, PARCEL)
    (part,) = _parts(world, "handoff.json")
    jsonschema.validate(json.loads(part), SCHEMA)
    assert json.loads(part) == document(PARCEL, with_cv=False)
    assert "content" not in json.loads(part)["application"]["cv"]


@over_it
def test_the_part_in_xml_holds_the_same(world: World, api: Session) -> None:
    """An element for each name, an item for each entry, nothing for null; what XML can't hold is left out."""
    api.answers = dict(api.answers) | {"format": "xml"}
    candidate = replace(ANA.candidate, headline="R&D <b>\x00\x1b\ufffe ok", phone=None)
    world.push_crm.push(api, replace(PARCEL, application=replace(ANA, candidate=candidate)))
    (part,) = _parts(world, "handoff.xml")
    root = ET.fromstring(part)  # noqa: S314  our own
    assert (root.tag, root.findtext("target")) == ("handoff", "crm")
    assert root.findtext("application/candidate/headline") == "R&D <b> ok"
    assert root.find("application/candidate/phone") is None
    assert [item.text for item in root.findall("application/candidate/skills/item")] == ["SQL", "Setting out"]
    assert root.findtext("application/answers/item/question") == "Can you drive?"


@over_it
def test_without_a_part_only_the_cv_is_attached(world: World, api: Session) -> None:
    """A person's inbox gets nothing they can't read."""
    api.answers = dict(api.answers) | {"format": "none"}
    world.push_crm.push(api, PARCEL)
    (mail,) = world.double.mails
    assert [part.get_filename() for part in mail.message.iter_attachments()] == ["ana novák.pdf"]


# --- the server -------------------------------------------------------------------------------------------


@over_it
def test_an_inbox_that_is_refused_does_not_connect(world: World, api: Session) -> None:
    """The server is asked before anybody relies on it; its words are shown, nothing is sent."""
    world.double.faults.append("refused_recipient")
    with pytest.raises(Declined, match="No such mailbox"):
        world.crm.account(api)
    assert world.double.mails == []


@over_it
def test_a_refused_login_names_the_operators_setting(world: World, api: Session) -> None:
    """When connecting it is an error to read, later a sign-in that is over; it never tells the password."""
    world.double.password = "another"
    for act, error in ((lambda: world.crm.account(api), Declined), (lambda: _push(world, api), SignInNeeded)):
        with pytest.raises(error, match="SMTP_URL") as refusal:
            act()
        assert "mail-password" not in str(refusal.value)


@over_it
def test_without_the_setting_it_waits(world: World, api: Session) -> None:
    """The operator took the server away: handoffs wait for it."""
    api.app = ClientApp()
    with pytest.raises(SignInNeeded, match="SMTP_URL"):
        _push(world, api)


def test_an_absent_server_is_tried_again(silent_port: int) -> None:
    """Nobody listens there, or whoever does says nothing: neither is a refusal."""
    with socket.create_server(("127.0.0.1", 0)) as closed:
        nobody = closed.getsockname()[1]
    for port in (nobody, silent_port):
        server = MailServer("127.0.0.1", port, "smtp", SENDER)
        answers = EMAIL.check_answers({"to": "jobs@crm.example"}, ClientApp(mail=server))
        credentials = EMAIL.credentials_from_answers(answers, ClientApp(mail=server))
        with (
            Session(EMAIL, credentials, answers, app=ClientApp(mail=server), timeout=(0.3, 0.3)) as api,
            pytest.raises(Unavailable),
        ):
            EMAIL.account(api)


def test_off_this_machine_nothing_goes_unencrypted(mail_elsewhere: SmtpDouble) -> None:
    """A server without STARTTLS gets neither password nor applicant, and the setting is named."""
    address = mail_elsewhere.url.replace("127.0.0.1", "127.0.0.2")
    app = ClientApp(mail=mail_server(address, SENDER))
    answers = EMAIL.check_answers({"to": "jobs@crm.example"}, app)
    with (
        Session(EMAIL, EMAIL.credentials_from_answers(answers, app), answers, app=app) as api,
        pytest.raises(Declined, match="STARTTLS"),
    ):
        EMAIL.account(api)


@pytest.mark.parametrize("from_the_start", [False, True], ids=["starttls", "smtps"])
def test_a_server_is_held_to_its_certificate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, from_the_start: bool
) -> None:
    """By STARTTLS or TLS from the start: a trusted certificate connects, any other gets no password."""
    certificate = a_certificate(tmp_path, "localhost")
    with SmtpDouble(certificate=certificate, from_the_start=from_the_start) as double:
        app = ClientApp(mail=mail_server(double.url.replace("127.0.0.1", "localhost"), SENDER))
        answers = EMAIL.check_answers({"to": "jobs@crm.example"}, app)
        with Session(EMAIL, EMAIL.credentials_from_answers(answers, app), answers, app=app) as api:
            with pytest.raises(Declined, match="certificate"):
                EMAIL.account(api)
            monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
            assert EMAIL.account(api) == "jobs@crm.example"


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", MailServer("mail.example.com", 587, "smtp", SENDER)),
        ("smtps://mail.example.com", MailServer("mail.example.com", 465, "smtps", SENDER)),
        (
            "smtp://a%40b.example:p%3Aw@mail.example.com:2525",
            MailServer("mail.example.com", 2525, "smtp", SENDER, "a@b.example", "p:w"),
        ),
    ],
)
def test_a_setting_is_read(url: str, server: MailServer) -> None:
    """Ports by kind, and special characters as in web addresses; the password does not show."""
    assert mail_server(url, SENDER) == server
    assert "p:w" not in repr(server)


@pytest.fixture
def mail_elsewhere() -> Iterator[SmtpDouble]:
    """A server that is reached by another address than this machine's usual one."""
    with SmtpDouble("0.0.0.0") as double:  # noqa: S104  so that it has a second address
        yield double


@pytest.fixture
def silent_port() -> Iterator[int]:
    """Somebody takes connections there and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def _push(world: World, api: Session) -> None:
    world.push_crm.push(api, PARCEL)


def _parts(world: World, name: str) -> list[bytes]:
    (mail,) = world.double.mails
    parts: list[Any] = [part for part in mail.message.iter_attachments() if part.get_filename() == name]
    return [part.get_payload(decode=True) for part in parts]
