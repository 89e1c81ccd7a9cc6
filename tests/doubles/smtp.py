"""A mail server on a port, which keeps what it takes and can refuse, put off, break off or hang."""

from __future__ import annotations

import base64
import contextlib
import email
import email.policy
import socket
import socketserver
import ssl
import struct
import threading
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Literal, Self

HOST = "127.0.0.1"
USER, PASSWORD = "handoff", "mail-password"

MailFault = Literal["hang", "reset_before", "reset_after", "busy", "refused", "refused_recipient"]
"""After DATA: slow, the connection lost with the message not taken or taken, 451, 550. Or 550 to RCPT."""


@dataclass(frozen=True)
class Mail:
    """A message that was taken, with its envelope."""

    sender: str
    recipient: str
    raw: bytes

    @property
    def message(self) -> EmailMessage:
        """As a mail reader sees it."""
        parsed = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(parsed, EmailMessage)
        return parsed


class SmtpDouble:
    """It wants a login, takes any recipient, and writes no message off without having said so.

    With a certificate's file it takes a login over TLS alone: by STARTTLS or, `from_the_start`, at once.
    """

    def __init__(
        self, host: str = HOST, certificate: Path | None = None, *, from_the_start: bool = False
    ) -> None:
        self._host = host
        self.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER) if certificate else None
        if self.tls and certificate:
            self.tls.load_cert_chain(certificate)
        self.from_the_start = from_the_start
        self.mails: list[Mail] = []
        self.faults: list[MailFault] = []
        self.password = PASSWORD
        self.hang_seconds = 30.0
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None
        self.stopping = threading.Event()

    @property
    def url(self) -> str:
        """Its address with the login, as the settings have it."""
        assert self._server is not None
        return f"{'smtps' if self.from_the_start else 'smtp'}://{USER}:{PASSWORD}@{HOST}:{self._server.server_address[1]}"

    def fault(self, *kinds: MailFault) -> bool:
        """Whether the next order is one of these; it is used up by that."""
        if self.faults and self.faults[0] in kinds:
            self.faults.pop(0)
            return True
        return False

    def reset(self) -> None:
        """Back to the first day."""
        self.mails.clear()
        self.faults.clear()
        self.password = PASSWORD

    def start(self) -> None:
        """Serve, and return once it does."""
        self.stopping.clear()
        self._server = _Server((self._host, 0), _Talk)
        self._server.double = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving."""
        self.stopping.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join(30)
            self._server = self._thread = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    double: SmtpDouble


class _Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: _Server

    def handle(self) -> None:
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            if self.server.double.from_the_start:
                self._secure()
            self._talk()

    def _secure(self) -> None:
        assert self.server.double.tls is not None
        self.connection = self.request = self.server.double.tls.wrap_socket(self.connection, server_side=True)
        self.setup()

    def finish(self) -> None:
        super().finish()
        self.connection.close()

    def _talk(self) -> None:
        self._say("220 double ready")
        self._sender = self._recipient = ""
        self._is_known = False
        while line := self.rfile.readline():
            verb, _, rest = line.decode("ascii").strip().partition(" ")
            if verb.upper() in ("MAIL", "RCPT", "DATA"):
                goes_on = self._mail(verb.upper(), rest)
            else:
                goes_on = self._around(verb.upper(), rest)
            if not goes_on:
                return

    def _around(self, verb: str, rest: str) -> bool:
        """What is no mail yet; whether the connection goes on."""
        tls = self.server.double.tls
        match verb:
            case "EHLO":
                is_bare = tls is not None and not isinstance(self.connection, ssl.SSLSocket)
                self._say("250 double", "250 SIZE 20000000", "250 STARTTLS" if is_bare else "250 AUTH PLAIN")
            case "STARTTLS" if tls is not None:
                self._say("220 go on")
                self._secure()
            case "AUTH":
                self._login(rest)
            case "RSET":
                self._say("250 ok")
            case "QUIT":
                self._say("221 bye")
            case _:
                self._say("502 5.5.1 no such command")
        return verb != "QUIT"

    def _mail(self, verb: str, rest: str) -> bool:
        """A part of a mail; whether the connection goes on."""
        if not self._is_known:
            self._say("530 5.7.0 Authentication required")
        elif verb == "MAIL":
            self._sender = rest.partition("<")[2].partition(">")[0]
            self._say("250 ok")
        elif verb == "RCPT":
            self._rcpt(rest)
        else:
            return self._data()
        return True

    def _login(self, rest: str) -> None:
        given = base64.b64decode(rest.removeprefix("PLAIN ")).split(b"\0")[1:]
        self._is_known = given == [USER.encode(), self.server.double.password.encode()]
        self._say("235 2.7.0 ok" if self._is_known else "535 5.7.8 Bad credentials")

    def _rcpt(self, rest: str) -> None:
        if self.server.double.fault("refused_recipient"):
            self._say("550 5.1.1 No such mailbox")
            return
        self._recipient = rest.partition("<")[2].partition(">")[0]
        self._say("250 ok")

    def _data(self) -> bool:
        """Whether the connection goes on."""
        double = self.server.double
        self._say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            assert line.endswith(b"\r\n"), line
            lines.append(line[1:] if line.startswith(b".") else line)
        if double.fault("busy"):
            self._say("451 4.3.0 Try again later")
            return True
        if double.fault("refused"):
            self._say("550 5.7.1 Not", "550 this one")
            return True
        if double.fault("reset_before"):
            self._drop()
            return False
        double.mails.append(Mail(self._sender, self._recipient, b"".join(lines)))
        if double.fault("reset_after"):
            self._drop()
            return False
        if double.fault("hang"):
            double.stopping.wait(double.hang_seconds)
        self._say("250 2.0.0 taken")
        return True

    def _drop(self) -> None:
        linger_not = struct.pack("ii", 1, 0)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_not)
        self.connection.close()

    def _say(self, *lines: str) -> None:
        answer = [
            line if number == len(lines) else line[:3] + "-" + line[4:]
            for number, line in enumerate(lines, 1)
        ]
        self.wfile.write("".join(f"{line}\r\n" for line in answer).encode())
