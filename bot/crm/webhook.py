"""Signed webhook: every handoff as JSON to an address of the workspace's own, signed."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import SplitResult, urlsplit

import requests
from ulid import ULID

from bot.crm import _guard
from bot.crm._base import ClientApp
from bot.crm._errors import CrmError, Declined, RateLimited, SignInNeeded, Unavailable
from bot.crm._http import Answer, Session, Timeout, send
from bot.crm._push import VERSION, Parcel, PushCrm, Pushed, document
from bot.crm._values import shortened
from bot.errors import FieldFault, Invalid
from bot.workspace import Credentials, Question

PING_SECONDS = 5.0
SHORTEST_SECRET = 16
_LONGEST_ID = 200
_LONGEST_URL = 2000
_TRY_AGAIN = frozenset({408, 425})
_PORTS = {"http": 80, "https": 443}


class Webhook(PushCrm):
    """Whatever answers at that address plays the CRM: it may name its own record and where to see it."""

    key = "WEBHOOK"
    name = "Signed webhook"
    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "url",
            "Address that takes the applicants",
            placeholder="https://hooks.example.com/handoff",
            hint="It must answer a signed ping with a status of 200 to 299 within 5 seconds.",
        ),
        Question(
            "secret",
            "Signing secret",
            "secret",
            hint="At least 16 characters; your receiver knows it, too. To make one: openssl rand -hex 32.",
        ),
        Question(
            "cv",
            "CV",
            "choice",
            choices=(("include", "Include the CV as base64"), ("leave_out", "Leave the CV out")),
            optional=True,
        ),
    )

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """The address as typed, if it may be called at all, and a secret that cannot be guessed."""
        url, secret = answers.get("url", "").strip(), answers.get("secret", "").strip()
        faults = [FieldFault("url", fault)] if (fault := _address_fault(url, app)) else []
        if len(secret) < SHORTEST_SECRET:
            faults.append(FieldFault("secret", "The secret must have at least 16 characters."))
        if faults:
            raise Invalid(faults)
        if not _is_allowed(urlsplit(url), app):
            try:
                _guard.public_address(*_host_and_port(urlsplit(url)), self.name)
            except CrmError as error:
                raise Invalid([FieldFault("url", str(error))]) from None
        return {"url": url, "secret": secret, "cv": answers.get("cv") or "include"}

    def credentials_from_answers(self, answers: Mapping[str, str], app: ClientApp) -> Credentials:
        """The secret; there is nothing to buy with it."""
        return Credentials(access_token=answers["secret"], api_base=answers["url"])

    def account(self, api: Session) -> str:
        """The host, which has taken a signed ping. The rest of the address may be a secret."""
        key = f"ping.{ULID()}"
        seconds = min(PING_SECONDS, *api.timeout)
        self._post(api, key, {"version": VERSION, "id": key, "event": "ping"}, (seconds, seconds))
        return urlsplit(api.answers["url"]).hostname or ""

    def push(self, api: Session, parcel: Parcel) -> Pushed:
        """Any status of 200 to 299 is a yes; what else the answer says is a courtesy."""
        body = document(parcel, with_cv=api.answers.get("cv") != "leave_out")
        told = self._post(api, parcel.key, body, api.timeout).json_or_none()
        return _told(told) if isinstance(told, dict) else Pushed()

    def explain(self, answer: Answer) -> CrmError:
        """410 is for an admin to look at, another 4xx a refusal of this one handoff, the rest passes."""
        said = f" It said: {detail}" if (detail := self.detail(answer)) else ""
        if answer.status == 410:
            return SignInNeeded(
                f"The webhook's address is gone for good (error 410).{said} Enter the new one."
            )
        if answer.status in _TRY_AGAIN or (answer.status >= 500 and answer.retry_after is None):
            return Unavailable(f"{self.name} has trouble at the moment (error {answer.status}).")
        if answer.status == 429 or answer.status >= 500:
            return RateLimited(f"{self.name} asks us to slow down.", answer.retry_after)
        if answer.status >= 400:
            return Declined(f"{self.name} did not accept this (error {answer.status}).{said}")
        return super().explain(answer)

    def detail(self, answer: Answer) -> str:
        """What a JSON answer calls its reason, else the first words of a plain text."""
        body = answer.json_or_none()
        if isinstance(body, dict):
            named = (body.get(name) for name in ("reason", "detail", "message", "error"))
            text = next((value for value in named if isinstance(value, str) and value), "")
        elif answer.headers.get("content-type", "").startswith("text/plain"):
            text = answer.body[:2000].decode("utf-8", "replace")
        else:
            text = ""
        return shortened(" ".join(text.split()), 200)

    def _post(self, api: Session, key: str, body: Mapping[str, Any], timeout: Timeout) -> Answer:
        url, raw = api.answers["url"], json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
        headers = signed(api.answers["secret"], key, int(time.time()), raw)
        with requests.Session() as http:
            # Without an `auth` of its own, requests lets a .netrc file add a password.
            http.auth = lambda request: request
            if not _is_allowed(urlsplit(url), api.app):
                http.mount("https://", _guard.PublicOnly(self.name))
            answer = send(http, self.name, "POST", url, timeout=timeout, data=raw, headers=headers)
        if answer.status >= 300:
            raise self.explain(answer)
        return answer


def signed(secret: str, key: str, now: int, raw: bytes) -> dict[str, str]:
    """The headers of a delivery: its id, the time in seconds, and the signature over time and raw body."""
    mac = hmac.new(secret.encode(), f"{now}.".encode() + raw, hashlib.sha256)
    return {
        "Content-Type": "application/json",
        "Accept": "application/json",
        "User-Agent": "Handoff",
        "Handoff-Id": key,
        "Handoff-Timestamp": str(now),
        "Handoff-Signature": f"v1={mac.hexdigest()}",
    }


def _address_fault(url: str, app: ClientApp) -> str | None:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host = ""
    if not host or "\\" in url or any(character <= " " or character > "~" for character in url):
        return "This is no address. Enter it as in https://hooks.example.com/handoff."
    if "@" in parts.netloc or "#" in url:
        return "Enter the address without a user name, a password or a # part."
    if _guard.is_this_machine(host) and not _is_allowed(parts, app):
        return "An address of this machine can't be used here."
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_allowed(parts, app)):
        return "The address must begin with https://, as applicants' data travels to it."
    return None


def _is_allowed(parts: SplitResult, app: ClientApp) -> bool:
    """Whether it may lead anywhere: the operator names its host, or it is this machine."""
    if app.api_url and _host_and_port(urlsplit(app.api_url)) == _host_and_port(parts):
        return True
    return _guard.is_this_machine(parts.hostname or "") and not app.is_shared


def _host_and_port(parts: SplitResult) -> tuple[str, int]:
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 0)


def _told(body: Mapping[str, Any]) -> Pushed:
    own_id, url = body.get("id"), body.get("url")
    known = shortened(str(own_id), _LONGEST_ID) if isinstance(own_id, str | int) and str(own_id) else None
    return Pushed(known, url if isinstance(url, str) and _can_be_opened(url) else None)


def _can_be_opened(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    is_safe = parts.scheme == "https" or (
        parts.scheme == "http" and _guard.is_this_machine(parts.hostname or "")
    )
    return is_safe and bool(parts.hostname) and len(url) <= _LONGEST_URL


CRM = Webhook()
