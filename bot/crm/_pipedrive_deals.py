"""Pipedrive's deals as vacancies: found, listed, and, if the workspace wants it, one for each applicant."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

from bot.crm._errors import Missing
from bot.crm._http import Session, inner, listed, pick
from bot.crm._records import CrmVacancy
from bot.crm._values import carries, record_number, shortened
from bot.workspace import Question

CRM_NAME = "Pipedrive"
PARTICIPANT, OWN_DEAL = "participant", "deal"
OPTIONS = (
    Question(
        "mapping",
        "An applicant for a vacancy becomes",
        "choice",
        choices=((PARTICIPANT, "A participant of the vacancy's deal"), (OWN_DEAL, "A deal of their own")),
        optional=True,
    ),
    Question("stage", "Stage of an applicant's own deal", "live", optional=True),
    Question("vacancy_pipeline", "Pipeline whose deals are the vacancies", "live", optional=True),
)
_SHORTEST_TERM = 2
_LONGEST_TITLE = 255
_PAGE = 100
_LONGEST_LIST = 20
_OWN = re.compile(r"\(#(\d+)\)\s*$")


def choices(api: Session, key: str) -> list[tuple[str, str]]:
    """The pipelines, or the stages of each of them."""
    pipelines = {
        str(pick(one, "id", crm=CRM_NAME)): str(one.get("name")) for one in _all(api, "/api/v2/pipelines")
    }
    if key == "vacancy_pipeline":
        return list(pipelines.items())
    return [
        (
            str(pick(one, "id", crm=CRM_NAME)),
            f"{pipelines.get(str(one.get('pipeline_id')), '?')}: {one.get('name')}",
        )
        for one in _all(api, "/api/v2/stages")
    ]


def has_own_deals(api: Session) -> bool:
    """Whether the workspace wants a deal for each applicant."""
    return api.options.get("mapping") == OWN_DEAL


def deal(api: Session, deal_id: int) -> dict[str, Any]:
    """The deal with that id. Raises `Missing`."""
    record = pick(api.get(f"/api/v2/deals/{deal_id}"), "data", crm=CRM_NAME)
    found: dict[str, Any] = listed({"one": [record]}, "one", crm=CRM_NAME)[0]
    if found.get("is_deleted"):
        raise Missing(f"{CRM_NAME} has no such deal any more.")
    return found


def vacancy(api: Session, record: Mapping[str, Any]) -> CrmVacancy:
    """A deal as a vacancy."""
    owner = record.get("owner_id")
    return CrmVacancy(
        id=str(pick(record, "id", crm=CRM_NAME)),
        title=str(record.get("title") or ""),
        is_open=record.get("status") == "open" and not record.get("is_archived"),
        owner_id=str(owner) if owner else None,
    )


def find_vacancy(api: Session, deal_id: int | None, reference: str) -> CrmVacancy | None:
    """The deal with that id, else the one whose title or own field has the reference."""
    if deal_id:
        with suppress(Missing):
            return vacancy(api, deal(api, deal_id))
    if len(reference) < _SHORTEST_TERM:
        return None
    found = []
    for item in _matches(api, {"term": reference, "fields": "title,custom_fields"}):
        if _refers(item, reference):
            with suppress(Missing):
                found.append(deal(api, int(pick(item, "id", crm=CRM_NAME))))
    vacancies = [vacancy(api, record) for record in found if _plays_vacancy(api, record)]
    chosen = [one for one in vacancies if one.is_open] or vacancies
    return chosen[0] if len(chosen) == 1 else None


def open_vacancies(api: Session, search: str, limit: int) -> list[CrmVacancy]:
    """Open deals whose title contains the search, the newest first."""
    if len(search) >= _SHORTEST_TERM:
        items = list(_matches(api, {"term": search, "fields": "title", "status": "open"}))
        ids = ",".join(str(pick(item, "id", crm=CRM_NAME)) for item in items)
        records = iter(_list(api, {"ids": ids, "status": "open"})) if ids else iter(())
    else:
        records = _all(api, "/api/v2/deals", _in_pipeline(api) | {"status": "open"} | _NEWEST)
    found: list[CrmVacancy] = []
    for record in records:
        one = vacancy(api, record)
        if _plays_vacancy(api, record) and one.is_open and search.casefold() in one.title.casefold():
            found.append(one)
        if len(found) == limit:
            break
    return found


def own_deal(api: Session, person_id: str, vacancy_id: str) -> str | None:
    """The deal that was made for this person and vacancy, however it ended."""
    for record in _all(api, "/api/v2/deals", {"person_id": person_id}):
        mark = _OWN.search(str(record.get("title") or ""))
        if mark and mark[1] == vacancy_id:
            return str(pick(record, "id", crm=CRM_NAME))
    return None


def add_own_deal(api: Session, person: Mapping[str, Any], of: Mapping[str, Any]) -> str:
    """A deal for this person in the chosen stage; its title ends in the vacancy's number, to be found by."""
    number = pick(of, "id", crm=CRM_NAME)
    title = shortened(f"{person.get('name')} – {of.get('title')}", _LONGEST_TITLE - 20)
    body: dict[str, Any] = {
        "title": f"{title} (#{number})",
        "person_id": pick(person, "id", crm=CRM_NAME),
    }
    if stage := record_number(api.options.get("stage")):
        body["stage_id"] = stage
    if owner := of.get("owner_id"):
        body["owner_id"] = owner
    return str(pick(api.post("/api/v2/deals", json=body), "data", "id", crm=CRM_NAME))


_NEWEST = {"sort_by": "add_time", "sort_direction": "desc"}


def _in_pipeline(api: Session) -> dict[str, Any]:
    pipeline = record_number(api.options.get("vacancy_pipeline"))
    return {"pipeline_id": pipeline} if pipeline else {}


def _plays_vacancy(api: Session, record: Mapping[str, Any]) -> bool:
    pipeline = _in_pipeline(api).get("pipeline_id")
    is_applicants = has_own_deals(api) and _OWN.search(str(record.get("title") or ""))
    return not is_applicants and pipeline in (None, record.get("pipeline_id"))


def _refers(item: Mapping[str, Any], reference: str) -> bool:
    own = item.get("custom_fields") or ()
    return carries(str(item.get("title") or ""), reference) or any(
        str(value).strip().casefold() == reference.casefold() for value in own
    )


def _matches(api: Session, query: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    answer = api.get("/api/v2/deals/search", params={**query, "limit": _PAGE})
    for one in listed(answer, "data", "items", crm=CRM_NAME):
        yield inner(one, "item")


def _list(api: Session, query: Mapping[str, Any]) -> list[dict[str, Any]]:
    return listed(api.get("/api/v2/deals", params={**query, **_NEWEST}), "data", crm=CRM_NAME)


def _all(api: Session, path: str, query: Mapping[str, Any] | None = None) -> Iterator[dict[str, Any]]:
    """All of a list of the second API, page by page."""
    asked: dict[str, Any] = {**(query or {}), "limit": _PAGE}
    for _ in range(_LONGEST_LIST):
        answer = api.get(path, params=asked)
        yield from listed(answer, "data", crm=CRM_NAME)
        cursor = inner(answer, "additional_data").get("next_cursor")
        if not cursor:
            return
        asked["cursor"] = cursor
