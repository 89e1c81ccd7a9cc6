"""HTTP to a CRM: time-outs, no redirects, answers checked, refusals turned into the errors of `_errors`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import HTTPError

from bot.crm._base import ClientApp, Crm
from bot.crm._errors import CrmError, Nonsense, SignInNeeded, Unavailable
from bot.crm._trace import traced
from bot.workspace import Credentials

Timeout = tuple[float, float]
TIMEOUT: Timeout = (5.0, 10.0)
"""Seconds to connect, and to wait for the next byte of an answer.

A call that began just before a CRM came back from hanging is given up, and repeated after its pause, within
20 seconds.
"""
_WHOLE_ANSWER = 3
_LARGEST_ANSWER = 32 * 1024 * 1024
_CHUNK = 64 * 1024


@dataclass(frozen=True)
class Answer:
    """A CRM's answer. `headers` are by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> float | None:
        """The seconds that `Retry-After` asks for, be it a number or a date; None without it."""
        value = self.headers.get("retry-after", "").strip()
        if value.isascii() and value.isdecimal():
            return float(value)
        try:
            # The answer's own date, so that a clock that differs from ours does no harm.
            wait = parsedate_to_datetime(value) - parsedate_to_datetime(self.headers.get("date", ""))
        except (ValueError, TypeError):
            return None
        return max(wait.total_seconds(), 0.0)

    def json_or_none(self) -> Any:
        """The body as JSON, None if it is none."""
        try:
            return json.loads(self.body) if self.body else None
        except ValueError:
            return None


class Session:
    """Calls of one workspace to its CRM.

    `renew` is asked for fresh credentials when the sign-in has run out: it returns them or raises
    `SignInNeeded`. `app` is the client registered with the CRM, which some want to see outside of signing in,
    too; `options` are the workspace's answers to `Crm.options`. `memory` is for what a CRM has learnt of the
    other side and need not ask for twice in a session.
    """

    def __init__(
        self,
        crm: Crm,
        credentials: Credentials,
        answers: Mapping[str, str],
        renew: Callable[[Credentials], Credentials] | None = None,
        *,
        app: ClientApp | None = None,
        options: Mapping[str, str] | None = None,
        timeout: Timeout = TIMEOUT,
    ) -> None:
        self.crm = crm
        self.credentials = credentials
        self.answers = answers
        self.app = app or ClientApp()
        self.options = options or {}
        self.memory: dict[str, Any] = {}
        self.timeout = timeout
        self._renew = renew
        self._http = _Http()
        # Without an `auth` of its own, requests lets a .netrc file replace the Authorization header.
        self._http.auth = lambda request: request

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def get(self, path: str, **options: Any) -> Any:
        """The JSON of a GET; see `call` for the options."""
        return self.json("GET", path, **options)

    def post(self, path: str, **options: Any) -> Any:
        """The JSON of a POST; see `call` for the options."""
        return self.json("POST", path, **options)

    def json(self, method: str, path: str, **options: Any) -> Any:
        """The JSON of an accepted call, None for an empty answer. Raises `Nonsense` where it is no JSON."""
        answer = self.call(method, path, **options)
        if not answer.body:
            return None
        try:
            return json.loads(answer.body)
        except ValueError:
            raise Nonsense(f"{self.crm.name} answered something that is not JSON.") from None

    def call(self, method: str, path: str, **options: Any) -> Answer:
        """Make an authorized call, renewing the sign-in once if it has run out.

        `path` follows the API's base, or is a whole URL. `options` are those of `requests`: `params`, `json`,
        `data`, `files`, `headers`. Refusals are raised as the errors of `_errors`.
        """
        answer = self._send(method, path, **options)
        expired = self.crm.expired_statuses
        if answer.status in expired and self._renew is not None:
            self.credentials = self._renew(self.credentials)
            answer = self._send(method, path, **options)
        if answer.status in expired:
            raise SignInNeeded(f"{self.crm.name} no longer accepts the sign-in.")
        if answer.status >= 300:
            raise self.crm.explain(answer)
        return answer

    def _send(self, method: str, path: str, **options: Any) -> Answer:
        url = path if path.startswith(("http://", "https://")) else self.credentials.api_base + path
        headers = self.crm.headers(self.credentials, self.answers) | options.pop("headers", {})
        below = url.removeprefix(self.credentials.api_base) if self.credentials.api_base else url
        with traced(self.crm.key, method, below) as call:
            answer = send(
                self._http, self.crm.name, method, url, timeout=self.timeout, headers=headers, **options
            )
            call.status = answer.status
        return answer


class _Http(requests.Session):
    """Asks the environment for proxies and certificates once for a server, not anew for each call."""

    def __init__(self) -> None:
        super().__init__()
        self._found: dict[str, dict[str, Any]] = {}

    def merge_environment_settings(self, url: Any, *chosen: Any, **named: Any) -> Any:
        """As `requests` does, remembered. Our calls choose none of it by themselves."""
        server = urlsplit(str(url)).netloc
        if server not in self._found:
            self._found[server] = dict(super().merge_environment_settings(url, *chosen, **named))
        return self._found[server]


def send(
    http: requests.Session, name: str, method: str, url: str, *, timeout: Timeout = TIMEOUT, **options: Any
) -> Answer:
    """One HTTP exchange with the CRM of that name, whatever its status.

    Raises `Unavailable` when no whole answer came.
    """
    options |= {"timeout": timeout, "allow_redirects": False, "stream": True}
    try:
        with http.request(method, url, **options) as response:
            body = _read(response, name, _WHOLE_ANSWER * timeout[1])
            headers = {key.lower(): value for key, value in response.headers.items()}
    except requests.Timeout:
        raise _too_slow(name) from None
    except requests.RequestException:
        # The exception's text quotes the URL, which may hold secrets.
        raise Unavailable(f"{name} can't be reached at the moment.") from None
    except (HTTPError, OSError):
        raise Unavailable(f"{name} broke off its answer.") from None
    return Answer(response.status_code, headers, body)


def pick(value: Any, *path: str | int, crm: str) -> Any:
    """The value at a path inside an answer. Raises `Nonsense` where the answer lacks it."""
    for step in path:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            where = ".".join(str(part) for part in path)
            raise Nonsense(f"{crm} answered without {where}.") from None
    return value


def listed(value: Any, *path: str | int, crm: str) -> list[dict[str, Any]]:
    """The records at a path inside an answer. Raises `Nonsense` where there is no list of records."""
    found = pick(value, *path, crm=crm)
    if not isinstance(found, list) or not all(isinstance(record, dict) for record in found):
        raise Nonsense(f"{crm} answered a list that is none.")
    return found


def inner(record: Any, name: str) -> dict[str, Any]:
    """A record inside a record, empty where there is none."""
    found = record.get(name) if isinstance(record, Mapping) else None
    return found if isinstance(found, dict) else {}


def _read(response: requests.Response, name: str, seconds: float) -> bytes:
    # An answer that drips byte by byte never meets the time-out for the next byte.
    deadline = time.monotonic() + seconds
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > _LARGEST_ANSWER:
            raise Nonsense(f"{name} answered more than {_LARGEST_ANSWER // 1024 // 1024} MB.")
        if time.monotonic() > deadline:
            raise _too_slow(name)
    return bytes(body)


def _too_slow(name: str) -> CrmError:
    return Unavailable(f"{name} did not answer in time.")
