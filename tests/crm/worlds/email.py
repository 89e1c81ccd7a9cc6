"""The e-mail handoff's world, on a mail server that wants a login."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from bot.crm._base import ClientApp
from bot.crm._mail import mail_server
from tests.crm.push_world import PushWorld, Taken, Trouble
from tests.doubles.smtp import Mail, MailFault, SmtpDouble
from tests.support import Clock

SENDER = "Handoff <handoff@bot.example>"
_FAULTS: Mapping[Trouble, MailFault] = {
    "busy": "busy",
    "refused": "refused",
    "reset_before": "reset_before",
    "reset_after": "reset_after",
    "hang": "hang",
}


class World(PushWorld):
    """One inbox, and a part for machines."""

    key = "EMAIL"
    answers: ClassVar[Mapping[str, str]] = {
        "to": "applicants@crm.example",
        "subject": "{name} for {vacancy} ({reference}) via {source}",
        "format": "json",
    }

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.double = SmtpDouble()

    @property
    def app(self) -> ClientApp:
        return ClientApp(mail=mail_server(self.double.url, SENDER))

    def start(self) -> None:
        self.double.start()

    def stop(self) -> None:
        self.double.stop()

    def reset(self) -> None:
        self.double.reset()

    def taken(self) -> list[Taken]:
        return [seen(mail) for mail in self.double.mails]

    def trouble(self, kind: Trouble) -> None:
        if kind == "ended":
            self.double.password = "another"
        else:
            self.double.faults.append(_FAULTS[kind])


def seen(mail: Mail) -> Taken:
    """A mail as the contract looks at it."""
    message = mail.message
    files = [
        part for part in message.iter_attachments() if not part["Content-Type"].startswith("application/json")
    ]
    cv = (files[0].get_filename() or "", files[0].get_content()) if files else None
    body = message.get_body()
    text = f"{message['Subject']}\n{body.get_content() if body else ''}"
    return Taken(
        message["Handoff-Id"], (message["References"] or "").strip("<>").partition("@")[0] or None, text, cv
    )
