"""Nutshell's leads as vacancies: found, listed, and, if the workspace wants it, one for each applicant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from bot.crm._errors import Declined, Missing
from bot.crm._http import Session, inner, pick
from bot.crm._nutshell_answers import CRM_NAME, choices_of, number_of, patch, record, records
from bot.crm._records import CrmVacancy
from bot.crm._values import carries, shortened
from bot.workspace import Question

CONTACT, OWN_LEAD = "contact", "lead"
OPTIONS = (
    Question(
        "mapping",
        "An applicant for a vacancy becomes",
        "choice",
        choices=((CONTACT, "A contact of the vacancy's lead"), (OWN_LEAD, "A lead of their own")),
        optional=True,
    ),
    Question("pipeline", "Pipeline of an applicant's own lead", "live", optional=True),
    Question("stage", "Stage of an applicant's own lead", "live", optional=True),
)
NEWEST_FIRST = "age"
"""A guess: leads sorted by age are taken to begin with the youngest."""
STAGE_PATH = "links/stage"
"""A guess: where a lead's stage is patched, by analogy with its other links."""
_OPEN = ("open", "0")
"""The status of an open lead, as the description writes it and as the older API counts it."""
_PAGE = 100
_LONGEST_LIST = 10
_LONGEST_TITLE = 235
_ID = re.compile(r"(\d+)(-leads)?", re.ASCII)
_OWN = re.compile(r"\(#(\d+)\)\s*$")


def choices(api: Session, key: str) -> list[tuple[str, str]]:
    """The pipelines, or all stages."""
    kind = "stagesets" if key == "pipeline" else "stages"
    found = choices_of(api.get(f"/{kind}"), kind)
    return [(str(pick(one, "id", crm=CRM_NAME)), str(one.get("name"))) for one in found]


def has_own_leads(api: Session) -> bool:
    """Whether the workspace wants a lead for each applicant."""
    return api.options.get("mapping") == OWN_LEAD


def lead(api: Session, lead_id: str) -> dict[str, Any]:
    """The lead with that id. Raises `Missing`."""
    found = record(api.get(f"/leads/{lead_id}"), "leads")
    if found.get("deletedTime"):
        raise Missing(f"{CRM_NAME} has no such lead any more.")
    return found


def vacancy(found: dict[str, Any]) -> CrmVacancy:
    """A lead as a vacancy."""
    owners = linked(found, "owner")
    return CrmVacancy(
        id=f"{number_of(found)}-leads",
        title=_title(found),
        is_open=str(found.get("status")).casefold() in _OPEN,
        owner_id=owners[0] if owners else None,
    )


def find_vacancy(api: Session, crm_id: str | None, reference: str) -> CrmVacancy | None:
    """The lead with that id, with its kind or without, else the one whose name carries the reference."""
    if named := _ID.fullmatch(crm_id or ""):
        with suppress(Missing):
            return vacancy(lead(api, f"{named[1]}-leads"))
    if not reference:
        return None
    found = [vacancy(one) for one in _vacancies(api, {"q": reference}) if carries(_title(one), reference)]
    chosen = [one for one in found if one.is_open] or found
    return chosen[0] if len(chosen) == 1 else None


def open_vacancies(api: Session, search: str, limit: int) -> list[CrmVacancy]:
    """Open leads whose name contains the search, the newest first."""
    found: list[CrmVacancy] = []
    for one in _vacancies(api, {"q": search} if search else {}):
        if vacancy(one).is_open and search.casefold() in _title(one).casefold():
            found.append(vacancy(one))
        if len(found) == limit:
            break
    return found


def linked(found: Mapping[str, Any], name: str) -> list[str]:
    """The ids that a record links to by that name, be it one or many."""
    ids = inner(found, "links").get(name)
    return [str(one) for one in ids] if isinstance(ids, list) else [str(ids)] if ids else []


def own_lead(api: Session, person: Mapping[str, Any], vacancy_id: str) -> str | None:
    """The lead that was made for this person and vacancy, however it ended."""
    for lead_id in linked(person, "leads"):
        with suppress(Missing):
            mark = _OWN.search(_title(lead(api, lead_id)))
            if mark and f"{mark[1]}-leads" == vacancy_id:
                return lead_id
    return None


def add_own_lead(api: Session, person: Mapping[str, Any], of: dict[str, Any]) -> str:
    """A lead for this person; its name ends in the vacancy's number, to be found by."""
    title = shortened(f"{person.get('name')} – {_title(of)}", _LONGEST_TITLE)
    links: dict[str, Any] = {"contacts": [pick(person, "id", crm=CRM_NAME)]}
    if owner := vacancy(of).owner_id:
        links["owner"] = owner
    new = {"description": f"{title} (#{number_of(of)})", "links": links}
    made = f"{number_of(record(api.post('/leads', json={'leads': [new]}), 'leads'))}-leads"
    # The lead stands; a pipeline or stage that Nutshell does not take shall not make a second one.
    with suppress(Declined):
        if pipeline := api.options.get("pipeline"):
            api.post(f"/leads/{made}/stageset", json={"stageset": pipeline})
        if stage := api.options.get("stage"):
            change = {"op": "replace", "path": STAGE_PATH, "value": stage}
            patch(api, f"/leads/{made}", "leads", [change])
    return made


def _title(found: Mapping[str, Any]) -> str:
    return str(found.get("name") or found.get("description") or "")


def _vacancies(api: Session, query: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    for number in range(_LONGEST_LIST):
        asked = {"sort": NEWEST_FIRST, "page[page]": str(number), "page[limit]": str(_PAGE)}
        page = records(api.get("/leads", params={**query, **asked}), "leads")
        for one in page:
            is_applicants = has_own_leads(api) and _OWN.search(_title(one))
            if not is_applicants and not one.get("deletedTime"):
                yield one
        if len(page) < _PAGE:
            return
