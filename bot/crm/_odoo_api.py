"""Calls to Odoo: JSON-2 where the server knows it (19 and later), JSON-RPC before, with one face for both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import requests

from bot.crm._base import Crm
from bot.crm._errors import CrmError, Declined, Missing, Nonsense, SignInNeeded, Unavailable, not_accepted
from bot.crm._http import Answer, Session, listed, pick, send
from bot.crm._values import shortened
from bot.errors import FieldFault, Invalid
from bot.workspace import Credentials

APPLICANT, CANDIDATE = "hr.applicant", "hr.candidate"
EVERYTHING: Mapping[str, Any] = {"active_test": False}
"""The context in which archived records are seen, too."""
_FIRST_WITH_JSON2 = 19
_PROTOCOL, _JSON2, _JSONRPC = "protocol", "json-2", "json-rpc"
_DRIFTING = ("candidate_id", "name", "recruiter_id", "source_id", "talent_pool_ids", "user_id")


@dataclass(frozen=True)
class Shape:
    """Where this server keeps what. 18 has candidates beside applicants; elsewhere there are applicants."""

    fields: Mapping[str, Mapping[str, Any]]

    @property
    def has_candidates(self) -> bool:
        """Whether people are records apart from their applications."""
        field = self.fields.get("candidate_id", {})
        return bool(field.get("required")) and field.get("relation") == CANDIDATE

    @property
    def person(self) -> str:
        """The model that plays the person."""
        return CANDIDATE if self.has_candidates else APPLICANT

    @property
    def owner(self) -> str:
        """The field that holds whoever is responsible: a user, in later versions an employee."""
        return "user_id" if self.has_candidates or "user_id" in self.fields else "recruiter_id"

    @property
    def needs_subject(self) -> bool:
        """Up to 17 an applicant has a subject, and must."""
        return bool(self.fields.get("name", {}).get("required"))

    def has(self, field: str) -> bool:
        """Whether an applicant has that field."""
        return field in self.fields


# --- signing in -------------------------------------------------------------------------------------------


def sign_in(crm: Crm, base: str, database: str, login: str, key: str) -> Credentials:
    """The credentials that a key gives, in the protocol that the server speaks. Raises `Invalid`."""
    with requests.Session() as http:
        http.auth = lambda request: request
        version = _version(crm, http, base)
        extra = {"version": str(version), "database": database}
        if version >= _FIRST_WITH_JSON2:
            credentials = Credentials(key, api_base=base, extra=extra | {_PROTOCOL: _JSON2})
            _check_key(crm, http, credentials)
            return credentials
        uid = _user_number(crm, http, base, database, login, key)
        return Credentials(key, api_base=base, extra=extra | {_PROTOCOL: _JSONRPC, "uid": str(uid)})


def headers(credentials: Credentials) -> dict[str, str]:
    """What authorizes a call; JSON-RPC has the key in its body instead."""
    sent = {"Accept": "application/json", "User-Agent": "Handoff"}
    if credentials.extra.get(_PROTOCOL) == _JSONRPC:
        return sent
    sent["Authorization"] = f"bearer {credentials.access_token}"
    if database := credentials.extra.get("database"):
        sent["X-Odoo-Database"] = database
    return sent


def _version(crm: Crm, http: requests.Session, base: str) -> int:
    nobody = _fault("url", "No Odoo answers at this address. Check it, and that this bot can reach it.")
    try:
        answer = send(http, crm.name, "GET", f"{base}/json/version", headers={"Accept": "application/json"})
        told = answer.json_or_none() if answer.status == 200 else None
        if not isinstance(told, dict) or "version_info" not in told:
            told = _result(crm, _ask(crm, http, base, "common", "version", []))
            told = {"version_info": pick(told, "server_version_info", crm=crm.name)}
    except CrmError:
        raise nobody from None
    # Odoo's own cloud has releases in between, such as "saas~18".
    number = re.search(r"\d+", str(pick(told, "version_info", 0, crm=crm.name)))
    if number is None:
        raise nobody
    return int(number[0])


def _check_key(crm: Crm, http: requests.Session, credentials: Credentials) -> None:
    url = f"{credentials.api_base}/json/2/res.users/context_get"
    answer = send(http, crm.name, "POST", url, headers=headers(credentials), json={})
    if answer.status == 401:
        raise _fault("key", "Odoo does not accept this key. Keys run out: make a new one in Odoo.")
    if answer.status == 404 and answer.json_or_none() is None:
        raise _fault("database", "Odoo has no database of this name, or has several and needs to know which.")
    if answer.status != 200:
        raise crm.explain(answer)


def _user_number(crm: Crm, http: requests.Session, base: str, database: str, login: str, key: str) -> int:
    missing = [name for name, value in (("database", database), ("login", login)) if not value]
    if missing:
        raise Invalid([FieldFault(name, "Up to Odoo 18 this is needed, too.") for name in missing])
    asked = _ask(crm, http, base, "common", "authenticate", [database, login, key, {}])
    try:
        uid = _result(crm, asked)
    except CrmError:
        raise _fault("database", "Odoo could not open this database. Check its name.") from None
    if not isinstance(uid, int) or isinstance(uid, bool):
        raise _fault("key", "Odoo does not accept this login and key for this database.")
    return uid


def _ask(crm: Crm, http: requests.Session, base: str, service: str, method: str, args: Sequence[Any]) -> Any:
    answer = send(http, crm.name, "POST", f"{base}/jsonrpc", json=_envelope(service, method, args))
    if answer.status != 200:
        raise crm.explain(answer)
    return answer.json_or_none()


def _fault(question: str, message: str) -> Invalid:
    return Invalid([FieldFault(question, message)])


# --- calls ------------------------------------------------------------------------------------------------


def call(api: Session, model: str, method: str, ids: Sequence[int] | None = None, **named: Any) -> Any:
    """What a method of a model returns, given named arguments."""
    if api.credentials.extra.get(_PROTOCOL) != _JSONRPC:
        body = named if ids is None else named | {"ids": list(ids)}
        return api.post(f"/json/2/{model}/{method}", json=body)
    # By JSON-RPC the first argument of some methods has to come by its place.
    placed = [list(ids)] if ids is not None else [named.pop("vals_list")] if "vals_list" in named else []
    extra = api.credentials.extra
    args = [extra.get("database", ""), int(extra["uid"]), api.credentials.access_token, model, method]
    return _result(
        api.crm, api.post("/jsonrpc", json=_envelope("object", "execute_kw", [*args, placed, named]))
    )


def records(
    api: Session, model: str, domain: Sequence[Any], fields: Sequence[str], **more: Any
) -> list[dict[str, Any]]:
    """The records that a domain finds; each has its `id`."""
    found = listed(
        call(api, model, "search_read", domain=list(domain), fields=list(fields), **more), crm=api.crm.name
    )
    for record in found:
        pick(record, "id", crm=api.crm.name)
    return found


def create(api: Session, model: str, values: Mapping[str, Any], **more: Any) -> int:
    """The new record's id."""
    made = pick(call(api, model, "create", vals_list=[dict(values)], **more), 0, crm=api.crm.name)
    if not isinstance(made, int):
        raise Nonsense(f"{api.crm.name} made a record without an id.")
    return made


def write(api: Session, model: str, record_id: int, values: Mapping[str, Any], **more: Any) -> None:
    """Change those fields of a record."""
    call(api, model, "write", [record_id], vals=dict(values), **more)


def shape(api: Session) -> Shape:
    """Where this server keeps what, asked once a session."""
    if "shape" not in api.memory:
        attributes = ["type", "required", "relation"]
        fields = call(api, APPLICANT, "fields_get", allfields=list(_DRIFTING), attributes=attributes)
        if not isinstance(fields, dict) or not all(isinstance(field, dict) for field in fields.values()):
            raise Nonsense(f"{api.crm.name} did not say which fields an applicant has.")
        api.memory["shape"] = Shape(fields)
    found: Shape = api.memory["shape"]
    return found


def literally(text: str) -> str:
    """The text for a comparison in which % and _ would stand for anything."""
    return text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")


def explained(crm: Crm, answer: Answer) -> CrmError | None:
    """The error of a refusal that only Odoo words like this; None for all others."""
    body = answer.json_or_none()
    if answer.status == 404 and body is None:
        return Nonsense(f"{crm.name} does not find its database at this address.")
    kind = str(body.get("name") or "") if isinstance(body, dict) else ""
    if answer.status >= 500 and kind.startswith("builtins."):
        said = crm.detail(answer)
        return Declined(f"{crm.name} could not do this: {said} Its version or its apps may not fit.")
    return None


def detail(answer: Answer) -> str:
    """Odoo's own words without the names of records and without the traceback that comes along."""
    body = answer.json_or_none()
    return _first_line(body.get("message")) if isinstance(body, dict) else ""


def _result(crm: Crm, answer: Any) -> Any:
    """What a JSON-RPC answer holds: the result, or a fault that comes with status 200."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        return pick(answer, "result", crm=crm.name)
    data = error.get("data")
    fault = data if isinstance(data, dict) else {}
    said = _first_line(fault.get("message"))
    match str(fault.get("name") or "").rpartition(".")[2]:
        case "AccessDenied" | "SessionExpiredException":
            raise SignInNeeded(f"{crm.name} no longer accepts the sign-in.")
        case "AccessError":
            raise Declined(f"{crm.name} does not allow this to the user whose key it is. It said: {said}")
        case "MissingError":
            raise Missing(f"{crm.name} has no such record (any more). It said: {said}")
        case "UserError" | "ValidationError" | "RedirectWarning" | "ValueError" | "TypeError" | "KeyError":
            raise not_accepted(crm.name, said)
    raise Unavailable(f"{crm.name} has trouble at the moment.")


def _first_line(message: Any) -> str:
    return shortened(str(message or "").strip().partition("\n")[0], 200)


def _envelope(service: str, method: str, args: Sequence[Any]) -> dict[str, Any]:
    params = {"service": service, "method": method, "args": list(args)}
    return {"jsonrpc": "2.0", "method": "call", "id": 1, "params": params}
