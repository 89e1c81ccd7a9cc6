"""HubSpot has no vacancies: a deals pipeline or a custom object plays them, as the workspace chose.

Somebody is put onto one by an association, labelled or not, or by a deal of their own in a chosen stage.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

from bot.crm._errors import AlreadyExists, Declined, Missing
from bot.crm._http import Session, inner, listed, pick
from bot.crm._hubspot_records import (
    DEALS,
    NAME,
    Record,
    associated,
    id_of,
    is_marked,
    notes_on,
    path_of,
    tie,
    write_note,
)
from bot.crm._records import CrmVacancy
from bot.crm._values import carries, record_number, shortened

_PAGE = 200
_MOST_PAGES = 5
_LONGEST_TITLE = 255


@dataclass(frozen=True)
class Mapped:
    """What plays the vacancy: the object's type, its pipeline (empty for any), and the properties it uses."""

    kind: str
    pipeline: str
    title: str
    stage: str
    created: str
    reference: str
    closed_stages: frozenset[str] = frozenset()

    @property
    def is_deal(self) -> bool:
        return self.kind == DEALS

    @property
    def properties(self) -> list[str]:
        """What is asked of a record."""
        names = {self.title, self.stage, self.reference, "hubspot_owner_id"} - {""}
        return sorted(names | ({"hs_is_closed"} if self.is_deal else set()))

    @property
    def in_pipeline(self) -> list[Record]:
        """The filter that keeps a search to the pipeline."""
        name = "pipeline" if self.is_deal else "hs_pipeline"
        return [{"propertyName": name, "operator": "EQ", "value": self.pipeline}] if self.pipeline else []

    def vacancy(self, record: Any) -> CrmVacancy:
        """A record as a vacancy."""
        values = inner(record, "properties")
        is_closed = values.get("hs_is_closed") == "true" or values.get(self.stage) in self.closed_stages
        return CrmVacancy(
            id=id_of(record),
            title=str(values.get(self.title) or ""),
            reference=values.get(self.reference) or None,
            is_open=not is_closed,
            owner_id=values.get("hubspot_owner_id") or None,
        )


def mapped(api: Session) -> Mapped:
    """The workspace's choice, deals of every pipeline without one."""
    kind, pipeline = _chosen(api)
    reference = api.options.get("reference") or ""
    if kind == DEALS:
        return Mapped(kind, pipeline, "dealname", "dealstage", "createdate", reference)
    schema = api.get(f"/crm/v3/schemas/{quote(kind, safe='')}")
    title = str(pick(schema, "primaryDisplayProperty", crm=NAME))
    closed = frozenset(_closed_stages(pipelines(api, kind)))
    return Mapped(kind, pipeline, title, "hs_pipeline_stage", "hs_createdate", reference, closed)


def _chosen(api: Session) -> tuple[str, str]:
    kind, _, pipeline = (api.options.get("vacancies") or DEALS).partition("/")
    return kind, pipeline


def pipelines(api: Session, kind: str) -> list[Record]:
    """The pipelines of an object with their stages."""
    return listed(api.get(f"/crm/v3/pipelines/{quote(kind, safe='')}"), "results", crm=NAME)


def _closed_stages(found: Sequence[Record]) -> Iterator[str]:
    """A guess: stages of custom objects say that they are closed as those of deals or of tickets do."""
    for pipeline in found:
        for stage in pipeline.get("stages") or ():
            about = inner(stage, "metadata")
            if about.get("isClosed") == "true" or about.get("ticketState") == "CLOSED":
                yield str(stage.get("id"))


# --- looking ------------------------------------------------------------------------------------------


def open_vacancies(api: Session, search: str, limit: int) -> list[CrmVacancy]:
    """The newest first. HubSpot's search goes by whole words, so parts of titles are compared here."""
    where, found = mapped(api), list[CrmVacancy]()
    is_open = [{"propertyName": "hs_is_closed", "operator": "EQ", "value": "false"}] if where.is_deal else []
    for records in _pages(api, where, where.in_pipeline + is_open):
        known = map(where.vacancy, records)
        found += [one for one in known if one.is_open and search.casefold() in one.title.casefold()]
        if len(found) >= limit:
            break
    return found[:limit]


def find(api: Session, crm_id: str | None, reference: str) -> CrmVacancy | None:
    """By id, else by reference."""
    where = mapped(api)
    if number := record_number(crm_id):
        try:
            return _by_id(api, where, str(number))
        except Missing:
            pass
    return _by_reference(api, where, reference.strip()) if reference.strip() else None


def _by_id(api: Session, where: Mapped, vacancy_id: str) -> CrmVacancy:
    query = {"properties": ",".join(where.properties)}
    return where.vacancy(api.get(path_of(where.kind, vacancy_id), params=query))


def _by_reference(api: Session, where: Mapped, reference: str) -> CrmVacancy | None:
    """By the property chosen for references; without one (a guess) by the title that carries it alone."""
    if where.reference:
        asked = {"propertyName": where.reference, "operator": "EQ", "value": reference}
        records = next(_pages(api, where, [*where.in_pipeline, asked]), [])
        same = reference.casefold()
        found = [one for one in map(where.vacancy, records) if (one.reference or "").casefold() == same]
    else:
        records = next(_pages(api, where, where.in_pipeline, {"query": reference}), [])
        found = [one for one in map(where.vacancy, records) if carries(one.title, reference)]
    found = [one for one in found if one.is_open] or found
    return found[0] if len(found) == 1 else None


def _pages(
    api: Session, where: Mapped, filters: list[Record], asked: Mapping[str, Any] | None = None
) -> Iterator[list[Record]]:
    body: Record = {
        "properties": where.properties,
        "sorts": [f"-{where.created}"],
        "limit": _PAGE,
        **({"filterGroups": [{"filters": filters}]} if filters else {}),
        **(asked or {}),
    }
    for _ in range(_MOST_PAGES):
        page = api.post(path_of(where.kind, "search"), json=body)
        yield listed(page, "results", crm=NAME)
        after = inner(inner(page, "paging"), "next").get("after")
        if not after:
            return
        body["after"] = after


# --- linking ------------------------------------------------------------------------------------------


def find_link(api: Session, person_id: str, vacancy_id: str) -> str | None:
    """Their own deal where the workspace chose that, else the pair of ids: associations have none."""
    kind, _ = _chosen(api)
    if _own_deal(api) is None:
        is_linked = vacancy_id in associated(api, "contacts", person_id, kind)
        return f"{person_id}:{vacancy_id}" if is_linked else None
    theirs = associated(api, "contacts", person_id, DEALS)
    here = set(associated(api, kind, vacancy_id, DEALS)) if theirs else set()
    return next((deal for deal in theirs if deal in here and deal != vacancy_id), None)


def link(api: Session, person_id: str, vacancy_id: str, source: str) -> str:
    """HubSpot itself would take a closed vacancy and a second link; both are refused here."""
    where = mapped(api)
    vacancy = _by_id(api, where, vacancy_id)
    if not vacancy.is_open:
        raise Declined(f"{vacancy.title} is closed in {NAME}. Reopen it there, then press Retry.")
    if existing := find_link(api, person_id, vacancy_id):
        raise AlreadyExists(f"{NAME} has this application already.", existing)
    name = _name_of(api, person_id)
    if chosen := _own_deal(api):
        ties = [tie(api, DEALS, "contacts", person_id), tie(api, DEALS, where.kind, vacancy_id)]
        properties = {
            "dealname": shortened(f"{name} – {vacancy.title}", _LONGEST_TITLE),
            "pipeline": chosen[0],
            "dealstage": chosen[1],
            "description": f"Applied via {source}.",
        }
        return id_of(api.post(path_of(DEALS), json={"properties": properties, "associations": ties}))
    _tell(api, person_id, name, where.kind, vacancy_id, source)
    _associate(api, person_id, where.kind, vacancy_id)
    return f"{person_id}:{vacancy_id}"


def _tell(api: Session, person_id: str, name: str, kind: str, vacancy_id: str, source: str) -> None:
    """A note on person and vacancy, as an association has no room for a source; once, however often asked."""
    mark = f"Handoff application {person_id}:{vacancy_id}"
    if any(is_marked(note, mark) for note in notes_on(api, person_id)):
        return
    url = api.crm.person_url(api, person_id)
    body = f'<p><a href="{escape(url)}">{escape(name)}</a> applied via {escape(source)}.</p><p>{mark}</p>'
    ties = [tie(api, "notes", "contacts", person_id), tie(api, "notes", kind, vacancy_id)]
    write_note(api, body, ties)


def _associate(api: Session, person_id: str, kind: str, vacancy_id: str) -> None:
    what, _, label = (api.options.get("application") or "").partition("/")
    if what != "label":
        path = path_of("contacts", person_id, "associations", "default", kind, vacancy_id, version="v4")
        api.json("PUT", path)
        return
    category, _, type_id = label.partition("/")
    types = [{"associationCategory": category, "associationTypeId": int(type_id)}]
    path = path_of("contacts", person_id, "associations", kind, vacancy_id, version="v4")
    api.json("PUT", path, json=types)


def _own_deal(api: Session) -> tuple[str, str] | None:
    """Pipeline and stage of the deals that stand for applications, where the workspace chose such deals."""
    what, _, chosen = (api.options.get("application") or "").partition("/")
    pipeline, _, stage = chosen.partition("/")
    return (pipeline, stage) if what == "deal" else None


def _name_of(api: Session, person_id: str) -> str:
    found = api.get(path_of("contacts", person_id), params={"properties": "firstname,lastname,email"})
    values = inner(found, "properties")
    name = " ".join(str(values[part]) for part in ("firstname", "lastname") if values.get(part))
    return name or str(values.get("email") or person_id)
