"""HTTP to a CRM: time-outs, no redirects, answers checked, refusals turned into the errors of `_errors`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

from bot.crm._base import Crm
from bot.crm._errors import Nonsense, SignInNeeded, Unavailable
from bot.models import Credentials

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
_LARGEST_ANSWER = 32 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """A CRM's answer. `headers` are by lower-case name."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def retry_after(self) -> float | None:
        """The seconds in `Retry-After`, None without it or where it holds a date."""
        value = self.headers.get("retry-after", "")
        return float(value) if value.isdigit() else None

    def json_or_none(self) -> Any:
        """The body as JSON, None if it is none."""
        try:
            return json.loads(self.body) if self.body else None
        except ValueError:
            return None


class Session:
    """Calls of one workspace to its CRM.

    `renew` is asked for fresh credentials when the CRM answers 401: it returns them, or raises `SignInNeeded`.
    """

    def __init__(
        self,
        crm: Crm,
        credentials: Credentials,
        answers: Mapping[str, str],
        renew: Callable[[Credentials], Credentials] | None = None,
    ) -> None:
        self.crm = crm
        self.credentials = credentials
        self.answers = answers
        self._renew = renew
        self._http = requests.Session()
        self._http.trust_env = True

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
        """The JSON of an accepted call (None for an empty answer). Raises `Nonsense` where it is something else."""
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
        `data`, `files`, `headers`, `timeout`. Refusals are raised as the errors of `_errors`.
        """
        answer = self._send(method, path, **options)
        if answer.status == 401 and self._renew is not None:
            self.credentials = self._renew(self.credentials)
            answer = self._send(method, path, **options)
        if answer.status == 401:
            raise SignInNeeded(f"{self.crm.name} no longer accepts the sign-in.")
        if answer.status >= 300:
            raise self.crm.explain(answer)
        return answer

    def _send(self, method: str, path: str, **options: Any) -> Answer:
        url = path if path.startswith(("http://", "https://")) else self.credentials.api_base + path
        headers = self.crm.headers(self.credentials, self.answers) | options.pop("headers", {})
        options.setdefault("timeout", (CONNECT_SECONDS, READ_SECONDS))
        return send(self._http, self.crm.name, method, url, headers=headers, **options)


def send(http: requests.Session, name: str, method: str, url: str, **options: Any) -> Answer:
    """One HTTP exchange, whatever its status. Raises `Unavailable` when no whole answer came; `name` is who failed."""
    try:
        with http.request(method, url, allow_redirects=False, stream=True, **options) as response:
            body = response.raw.read(_LARGEST_ANSWER + 1, decode_content=True)
            headers = {key.lower(): value for key, value in response.headers.items()}
    except requests.Timeout:
        raise Unavailable(f"{name} did not answer in time.") from None
    except (requests.RequestException, OSError):
        # The exception's text quotes the URL, which may hold secrets.
        raise Unavailable(f"{name} can't be reached at the moment.") from None
    except Exception as error:
        raise Unavailable(f"{name} broke off its answer.") from error
    if len(body) > _LARGEST_ANSWER:
        raise Nonsense(f"{name} answered more than {_LARGEST_ANSWER // 1024 // 1024} MB.")
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
