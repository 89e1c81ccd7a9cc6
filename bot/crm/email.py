"""E-mail handoff: every handoff as a message to a set inbox, for people and, if wanted, machines."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any, ClassVar
from xml.etree import ElementTree as ET

from email_validator import EmailNotValidError, validate_email

from bot.crm import _mail
from bot.crm._base import ClientApp
from bot.crm._errors import Declined, SignInNeeded
from bot.crm._http import Session
from bot.crm._mail import MailServer
from bot.crm._push import Event, Parcel, PushCrm, Pushed, document
from bot.crm._values import shortened
from bot.errors import FieldFault, Invalid
from bot.models import Target
from bot.workspace import Question

SUBJECT = "{name} for {vacancy} ({reference})"
_PLACEHOLDERS = ("name", "vacancy", "reference", "source")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
_LONGEST_SUBJECT = 200
_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_STARTS = {Event.RAISED: "Now for the vacancy: ", Event.NOTED: "A note on "}
_GOES_TO = {Target.CRM: "the CRM only", Target.CRM_AND_VACANCY: "the CRM and the vacancy"}


class Email(PushCrm):
    """Whoever reads the inbox plays the CRM; the server that sends is the operator's."""

    key = "EMAIL"
    name = "E-mail"
    questions: ClassVar[tuple[Question, ...]] = (
        Question("to", "Inbox that takes the applicants", placeholder="applicants@example.com"),
        Question(
            "subject",
            "Subject",
            placeholder=SUBJECT,
            hint="It may hold {name}, {vacancy}, {reference} and {source}. Left empty, it is as shown.",
            optional=True,
        ),
        Question(
            "format",
            "Part for machines",
            "choice",
            choices=(("none", "None"), ("xml", "XML"), ("json", "JSON")),
            optional=True,
        ),
    )

    def is_offered(self, app: ClientApp) -> bool:
        """Once the settings name a mail server."""
        return app.mail is not None

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """One inbox, and a subject whose placeholders are known."""
        faults = []
        try:
            typed = answers.get("to", "").strip()
            checked = validate_email(typed, check_deliverability=False, allow_smtputf8=False)
            inbox = checked.ascii_email or ""
        except EmailNotValidError:
            inbox = ""
            faults.append(FieldFault("to", "Please enter one e-mail address."))
        subject = " ".join(answers.get("subject", "").split()) or SUBJECT
        unknown = [name for name in _PLACEHOLDER.findall(subject) if name not in _PLACEHOLDERS]
        if unknown:
            known = ", ".join(f"{{{name}}}" for name in _PLACEHOLDERS)
            faults.append(
                FieldFault("subject", f"{{{unknown[0]}}} is not known; the subject may hold {known}.")
            )
        if faults:
            raise Invalid(faults)
        return {"to": inbox, "subject": subject, "format": answers.get("format") or "none"}

    def account(self, api: Session) -> str:
        """The inbox, which the mail server would take a message for."""
        try:
            _mail.try_out(self._server(api), self.name, api.answers["to"], api.timeout[1])
        except SignInNeeded as error:
            raise Declined(str(error)) from None
        return api.answers["to"]

    def push(self, api: Session, parcel: Parcel) -> Pushed:
        """One message. Its Message-ID is made from the delivery's key: a repeat has the same."""
        server = self._server(api)
        domain = server.address.partition("@")[2]
        message = _message(parcel, api.answers, domain)
        message["From"] = server.sender
        _mail.send(server, self.name, api.answers["to"], message, api.timeout[1])
        return Pushed(f"{parcel.key}@{domain}")

    def _server(self, api: Session) -> MailServer:
        if api.app.mail is None:
            raise SignInNeeded("No mail server is set. Whoever runs Handoff sets SMTP_URL and SMTP_FROM.")
        return api.app.mail


def _message(parcel: Parcel, answers: Mapping[str, str], domain: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["To"] = answers["to"]
    message["Subject"] = _subject(parcel, answers["subject"])
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{parcel.key}@{domain}>"
    if parcel.follows:
        message["In-Reply-To"] = message["References"] = f"<{parcel.follows}@{domain}>"
    message["Handoff-Id"] = parcel.key
    message["Auto-Submitted"] = "auto-generated"
    # Quoted, whatever the text: some servers on the way still take seven bits and short lines alone.
    message.set_content(_sendable(_text(parcel)), cte="quoted-printable")
    if parcel.cv is not None and not parcel.is_for_note:
        kind, _, subkind = parcel.cv.content_type.partition("/")
        message.add_attachment(
            parcel.cv.content, maintype=kind, subtype=subkind, filename=_one_line(parcel.cv.filename)
        )
    if answers["format"] == "json":
        content = json.dumps(document(parcel, with_cv=False), indent=2).encode()
        message.add_attachment(content, maintype="application", subtype="json", filename="handoff.json")
    elif answers["format"] == "xml":
        content = as_xml(document(parcel, with_cv=False))
        message.add_attachment(content, maintype="application", subtype="xml", filename="handoff.xml")
    return message


def _subject(parcel: Parcel, template: str) -> str:
    application = parcel.application
    values = {
        "name": application.candidate.name,
        "vacancy": application.vacancy.title,
        "reference": application.vacancy.reference,
        "source": application.source,
    }
    # In one go, so that a name such as {source} stays what it is.
    filled = _PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), template)
    return shortened(_one_line(_STARTS.get(parcel.event, "") + filled), _LONGEST_SUBJECT)


def _text(parcel: Parcel) -> str:
    said = [*([] if parcel.is_for_note else [_handed(parcel)]), *_notes(parcel)]
    return "\n\n".join([*said, f"Handoff delivery: {parcel.key}\n"])


def _notes(parcel: Parcel) -> list[str]:
    return [note.told for note in (parcel.notes[-1:] if parcel.is_for_note else parcel.notes)]


def _handed(parcel: Parcel) -> str:
    candidate = parcel.application.candidate
    facts = {
        "Goes to": _GOES_TO[parcel.target],
        "Name": candidate.name,
        "E-mail": candidate.email,
        "Phone": candidate.phone,
        "Location": candidate.location,
        "Headline": candidate.headline,
        "Skills": ", ".join(candidate.skills),
        "Links": " ".join(candidate.links),
        "CV": f"{parcel.cv.filename} (attached)" if parcel.cv else None,
    }
    lines = [f"{name}: {_one_line(value)}" for name, value in facts.items() if value]
    if parcel.event is Event.RAISED:
        lines.insert(0, "An earlier message had this applicant for the CRM only.\n")
    return "\n".join(lines) + f"\n\n{parcel.note}"


def as_xml(body: Mapping[str, Any]) -> bytes:
    """The document as XML: an element for each name, `item` for each entry of a list, nothing for null."""
    root = ET.Element("handoff")
    _into(root, body)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _into(element: ET.Element, value: Any) -> None:
    if isinstance(value, Mapping):
        for name, inside in value.items():
            if inside is not None:
                _into(ET.SubElement(element, name), inside)
    elif isinstance(value, list):
        for inside in value:
            _into(ET.SubElement(element, "item"), inside)
    else:
        element.text = _NO_XML.sub("", str(value))


def _one_line(text: str) -> str:
    """Without line breaks and other control characters, with which a header or a line could begin anew."""
    shown = "".join(" " if unicodedata.category(one) in ("Cc", "Zl", "Zp") else one for one in text)
    return _sendable(" ".join(shown.split()))


def _sendable(text: str) -> str:
    return text.encode("utf-8", "ignore").decode("utf-8")


CRM = Email()
