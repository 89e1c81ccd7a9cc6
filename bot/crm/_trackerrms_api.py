"""How TrackerRMS is asked: its two APIs and their hosts, and in one place what of them is guessed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.crm._errors import AlreadyExists, SignInNeeded, not_accepted
from bot.crm._http import Session, inner, listed, pick
from bot.crm._records import CrmVacancy, FoundPerson
from bot.crm._values import shortened

NAME = "TrackerRMS"
REGIONS = {"gl": "Everywhere else", "us": "United States", "ca": "Canada"}
_WIDGET_HOSTS = {"gl": "evoapi", "us": "evoapius", "ca": "evoapica"}
_MOST_PAGES = 60
_MATCHES = 50
_TEXT = 200

# Guesses by analogy with what integrations are seen to use: the new API is described to customers only.
PERSON_PAGE = "https://{region}evo1.tracker-rms.com/Resource/{id}"
PERSON_SEARCH, NOTE_SEARCH = "/api/v1/Resource/Search", "/api/v1/Activity/Search"
LISTED = "/api/v1/Opportunity/{vacancy}/{which}/resource"
_ID_NAMES = {"resource": ("resourceId", "id"), "opportunity": ("opportunityId", "id")}
_TITLES = ("opportunityName", "name")
NEW_ID = "recordId"
_DOCUMENT_ID, _DOCUMENT_NAME = "documentId", "fileName"


def rest_base(region: str) -> str:
    """The host of the new API."""
    return f"https://evo{region}api.tracker-rms.com"


def widget_base(region: str) -> str:
    """The host of the older one, which alone is described for files and applications."""
    return f"https://{_WIDGET_HOSTS[region]}.tracker-rms.com"


def widget(api: Session, operation: str, **parts: Any) -> dict[str, Any]:
    """A call of the older API, whose answers tell what became of it in a status of their own; the answer."""
    base = api.credentials.extra.get("widget") or api.credentials.api_base
    body = {"trackerrms": {operation: {"credentials": {}} | parts}}
    # It takes the token itself, not what that buys.
    headers = {"Authorization": f"Bearer {api.answers['token']}"}
    answer = api.post(f"{base}/api/widget/{operation}", json=body, headers=headers)
    status = pick(answer, "status", crm=NAME)
    if status == 0:
        return dict(answer)
    said = shortened(str(answer.get("message") or ""), 200)
    if status in (1, 2):
        raise SignInNeeded(f"{NAME} says that the user of this token is not there or not active.")
    if status == 3:
        raise AlreadyExists(f"{NAME} has this already.")
    raise not_accepted(NAME, f"status {status}: {said}" if said else f"status {status}")


def rows(answer: Any, name: str) -> list[dict[str, Any]]:
    """The records of a list, which comes bare or by its name."""
    return listed({"all": answer.get(name) if isinstance(answer, dict) else answer}, "all", crm=NAME)


def id_of(record: Mapping[str, Any], kind: str) -> str:
    """A record's id, whichever of its names it has."""
    found = next((record[name] for name in _ID_NAMES[kind] if record.get(name)), None)
    return str(found if found is not None else pick(record, _ID_NAMES[kind][0], crm=NAME))


# --- people -------------------------------------------------------------------------------------------


def person(api: Session, person_id: str) -> dict[str, Any]:
    """A whole resource, as candidates are called there."""
    return listed({"one": [api.get(f"/api/v1/Resource/{int(person_id)}")]}, "one", crm=NAME)[0]


def search(api: Session, wanted: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The whole records of whom a search brings; who plainly is somebody else is not read."""
    found = api.post(PERSON_SEARCH, json={**wanted, "maxResults": _MATCHES, "pageNumber": 1})
    for record in rows(found, "resources"):
        yield record if inner(record, "contactDetails") else person(api, id_of(record, "resource"))


def fields(told: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Person` that hold something, as TrackerRMS names them."""
    plain = {"firstName": told.get("first_name"), "jobTitle": told.get("headline")}
    body: dict[str, Any] = {name: shortened(value, _TEXT) for name, value in plain.items() if value}
    contact = {"email": told.get("email"), "mobilePhone": told.get("phone")}
    contact = {name: value for name, value in contact.items() if value}
    return body | ({"contactDetails": contact} if contact else {})


def new(told: Mapping[str, Any]) -> dict[str, str]:
    """A whole new resource, by the names of the older API."""
    names = (told.get("first_name"), told["last_name"])
    holds = {
        "firstname": names[0],
        "lastname": names[1],
        "fullname": " ".join(name for name in names if name),
        "jobtitle": told.get("headline"),
        "cellphone": told.get("phone"),
        "email": told.get("email"),
        "city": told.get("location"),
        "linkedin": next((link for link in told.get("links") or () if "linkedin.com/" in link), None),
        "source": told.get("source"),
    }
    return {name: shortened(str(value), _TEXT) for name, value in holds.items() if value}


def found(record: Mapping[str, Any]) -> FoundPerson:
    """Somebody who was found."""
    name = " ".join(str(record[key]) for key in ("firstName", "surname") if record.get(key))
    return FoundPerson(id_of(record, "resource"), name, filled(record))


def filled(record: Mapping[str, Any]) -> frozenset[str]:
    """Which fields of `Person` hold something."""
    holds = {
        "first_name": record.get("firstName"),
        "email": email(record),
        "phone": phones(record),
        "headline": record.get("jobTitle"),
    }
    return frozenset(name for name, value in holds.items() if value)


def email(record: Mapping[str, Any]) -> str | None:
    """A resource's e-mail."""
    told = inner(record, "contactDetails").get("email")
    return str(told) if told else None


def phones(record: Mapping[str, Any]) -> list[str]:
    """A resource's numbers."""
    contact = inner(record, "contactDetails")
    return [str(contact[name]) for name in ("mobilePhone", "telephone") if contact.get(name)]


def documents(api: Session, person_id: str) -> list[tuple[str, str]]:
    """Id and name of each file on a resource."""
    answer = api.get(f"/api/v1/Resource/{int(person_id)}/Documents")
    return [
        (str(pick(one, _DOCUMENT_ID, crm=NAME)), str(one.get(_DOCUMENT_NAME) or ""))
        for one in rows(answer, "documents")
    ]


# --- opportunities ------------------------------------------------------------------------------------


def opportunities(api: Session, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """All pages of a search; they hold ten each, whatever is asked for."""
    for number in range(1, _MOST_PAGES + 1):
        answer = page(api, {**query, "pageNumber": number})
        yield from rows(answer, "opportunities")
        if not answer.get("hasNextPage"):
            return


def page(api: Session, query: Mapping[str, Any]) -> dict[str, Any]:
    """One page of it."""
    answer = api.post("/api/v1/Opportunity/PagedSearch", json=dict(query))
    return listed({"one": [answer]}, "one", crm=NAME)[0]


def vacancy(record: Mapping[str, Any]) -> CrmVacancy:
    """An opportunity, as jobs are called there; one that tells no state is taken to be open."""
    title = next((str(record[name]) for name in _TITLES if record.get(name)), "")
    state = str(record.get("state") or "open").casefold()
    return CrmVacancy(id_of(record, "opportunity"), title, is_open=state == "open")
