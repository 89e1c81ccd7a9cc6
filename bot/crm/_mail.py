"""Mail to a server that the bot's settings name: how it is reached, and what its refusals mean."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Literal
from urllib.parse import unquote, urlsplit

from bot.crm._errors import CrmError, Declined, Nonsense, SignInNeeded, Unavailable
from bot.crm._values import shortened

_PORTS = {"smtp": 587, "smtps": 465}
_THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
_OPERATOR = "Whoever runs Handoff corrects SMTP_URL and starts it again; then connect once more."


@dataclass(frozen=True)
class MailServer:
    """A mail server and whose name mail goes out in. `security` is TLS from the start, or by STARTTLS."""

    host: str
    port: int
    security: Literal["smtps", "smtp"]
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def address(self) -> str:
        """The bare address of the sender."""
        return parseaddr(self.sender)[1]


def mail_server(url: str, sender: str) -> MailServer:
    """The server in an address such as smtp://user:password@mail.example.com:587."""
    parts = urlsplit(url)
    security: Literal["smtps", "smtp"] = "smtps" if parts.scheme == "smtps" else "smtp"
    return MailServer(
        host=parts.hostname or "",
        port=parts.port or _PORTS[security],
        security=security,
        sender=sender,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def send(server: MailServer, name: str, recipient: str, message: EmailMessage, timeout: float) -> None:
    """Hand the message over. Raises the errors of `_errors`, in which `name` is the CRM's."""
    with _open(server, name, timeout) as smtp:
        smtp.send_message(message, server.address, [recipient])


def try_out(server: MailServer, name: str, recipient: str, timeout: float) -> None:
    """Log in and ask whether mail for the recipient is taken, without sending any."""
    with _open(server, name, timeout) as smtp:
        code, said = smtp.mail(server.address)
        if code != 250:
            raise smtplib.SMTPSenderRefused(code, said, server.address)
        code, said = smtp.rcpt(recipient)
        # Many a server puts off a recipient it has not met yet: only a real refusal is one.
        if code >= 500:
            raise smtplib.SMTPRecipientsRefused({recipient: (code, said)})
        smtp.rset()


@contextmanager
def _open(server: MailServer, name: str, timeout: float) -> Iterator[smtplib.SMTP]:
    try:
        smtp = _connected(server, timeout)
        try:
            if server.user:
                smtp.login(server.user, server.password)
            yield smtp
        finally:
            _leave(smtp)
    except (smtplib.SMTPException, OSError) as error:
        # Its text quotes what was sent, and perhaps the address with the password: it goes no further.
        raise _explained(error, name) from None


def _connected(server: MailServer, timeout: float) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.security == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=timeout, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=timeout)
    try:
        smtp.ehlo_or_helo_if_needed()
        # Off this machine neither a password nor a CV travels for all to read.
        is_near = server.host in _THIS_MACHINE and not smtp.has_extn("starttls")
        if server.security == "smtp" and not is_near:
            smtp.starttls(context=context)
            smtp.ehlo()
    except BaseException:
        smtp.close()
        raise
    return smtp


def _leave(smtp: smtplib.SMTP) -> None:
    try:
        smtp.quit()
    except (smtplib.SMTPException, OSError):
        smtp.close()


def _explained(error: smtplib.SMTPException | OSError, name: str) -> CrmError:
    match error:
        case smtplib.SMTPAuthenticationError() if error.smtp_code >= 500:
            return SignInNeeded(f"{name}: the mail server refuses the login. {_OPERATOR}")
        case smtplib.SMTPNotSupportedError():
            return SignInNeeded(f"{name}: the mail server lacks STARTTLS or a login. {_OPERATOR}")
        case ssl.SSLCertVerificationError():
            return SignInNeeded(f"{name}: the mail server's certificate is not valid. {_OPERATOR}")
        case TimeoutError():
            return Unavailable(f"{name}: the mail server did not answer in time.")
        case smtplib.SMTPRecipientsRefused():
            code, said = next(iter(error.recipients.values()))
            return _refusal(name, code, said)
        case smtplib.SMTPServerDisconnected():
            return Unavailable(f"{name}: the mail server broke off.")
        case smtplib.SMTPResponseException():
            return _refusal(name, error.smtp_code, error.smtp_error)
        case smtplib.SMTPException():
            return Nonsense(f"{name}: the mail server answered something unexpected.")
    return Unavailable(f"{name}: the mail server can't be reached at the moment.")


def _refusal(name: str, code: int, said: bytes | str) -> CrmError:
    if code < 500:
        return Unavailable(f"{name}: the mail server asks to try again later (error {code}).")
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    words = shortened(" ".join(text.split()), 200)
    return Declined(f"{name}: the mail server did not take the message (error {code}). It said: {words}")
