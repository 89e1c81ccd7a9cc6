"""What plays the vacancy in a Salesforce organisation, and what puts a contact onto it.

A recruiting package (Jobscience, Bullhorn for Salesforce) has jobs; elsewhere opportunities, campaigns or an
object of the organisation's own play that part. Which fields an object has is read from its description.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.crm._errors import AlreadyExists, Declined, Missing
from bot.crm._http import Session
from bot.crm._records import CrmVacancy
from bot.crm._salesforce_api import (
    NAME,
    Record,
    children,
    containing,
    create,
    fields,
    id_of,
    is_id,
    objects,
    read,
    select,
    text,
)
from bot.crm._values import carries, shortened

JOBSCIENCE = "ts2__"
BULLHORN = "TR1__"
_JOBS = (f"{BULLHORN}Job__c", f"{JOBSCIENCE}Job__c")

# The packages document none of this in public: names seen in organisations that use them. Only those that an
# object's description confirms are used.
_REFERENCES = (f"{JOBSCIENCE}Job_Number__c", f"{BULLHORN}Job_Number__c")
_OPEN = {
    f"{JOBSCIENCE}Job__c": f"{JOBSCIENCE}Status__c=Open",
    f"{BULLHORN}Job__c": f"{BULLHORN}Status__c=Open",
}
_APPLICATIONS = {
    f"{JOBSCIENCE}Job__c": (f"{JOBSCIENCE}Application__c",),
    f"{BULLHORN}Job__c": tuple(
        f"{BULLHORN}{name}__c" for name in ("Application_V2", "Application", "Submittal")
    ),
    "Opportunity": ("OpportunityContactRole",),
    "Campaign": ("CampaignMember",),
}
_PEOPLE = (
    f"{JOBSCIENCE}Candidate_Contact__c",
    f"{BULLHORN}Applicant__c",
    f"{BULLHORN}Candidate__c",
    "ContactId",
)
_STAGES = (f"{JOBSCIENCE}Stage__c", f"{BULLHORN}Stage__c", "Role", "Status", "Stage__c", "Status__c")
_FIRST_STAGE = {f"{JOBSCIENCE}Application__c": "Application"}
_SOURCE = "source"

_MATCHES = 50


@dataclass(frozen=True)
class Mapped:
    """The object that plays the vacancy, and the fields used of it; an empty name is a field it lacks.

    `open_field` holds `open_value` in a vacancy that is open.
    """

    kind: str
    title: str
    owner: str
    reference: str
    open_field: str
    open_value: str | bool

    @property
    def columns(self) -> list[str]:
        """What is read of a record."""
        wanted = ("Id", self.title, self.owner, self.reference, self.open_field)
        return list(dict.fromkeys(name for name in wanted if name))

    @property
    def is_open(self) -> list[str]:
        """The condition of a query for open ones."""
        if not self.open_field:
            return []
        value = str(self.open_value).lower() if isinstance(self.open_value, bool) else text(self.open_value)
        return [f"{self.open_field} = {value}"]

    def vacancy(self, record: Any) -> CrmVacancy:
        """A record as a vacancy."""
        return CrmVacancy(
            id=id_of(record),
            title=str(record.get(self.title) or ""),
            reference=record.get(self.reference),
            is_open=not self.open_field or record.get(self.open_field) == self.open_value,
            owner_id=record.get(self.owner),
        )


def kind_of(api: Session) -> str:
    """The object that the workspace chose, else the package's jobs, else opportunities."""
    chosen = api.options.get("vacancies")
    return chosen or next((job for job in _JOBS if job in objects(api)), "Opportunity")


def mapped(api: Session) -> Mapped:
    """How the workspace's vacancies are read."""
    kind = kind_of(api)
    known = fields(api, kind)
    open_field, open_value = _open_when(api, kind, known)
    reference = api.options.get("reference") or _first(_REFERENCES, known)
    return Mapped(
        kind=kind,
        title=next((name for name, about in known.items() if about.get("nameField")), "Name"),
        owner=_first(("OwnerId",), known),
        reference=reference if reference in known else "",
        open_field=open_field,
        open_value=open_value,
    )


def _open_when(api: Session, kind: str, known: Mapping[str, Record]) -> tuple[str, str | bool]:
    if chosen := api.options.get("open") or _OPEN.get(kind):
        field, _, value = chosen.partition("=")
        return (field, value) if field in known else ("", "")
    match kind:
        case "Opportunity":
            return "IsClosed", False
        case "Campaign":
            return "IsActive", True
    return "", ""


def _first(names: Iterable[str], known: Mapping[str, Record]) -> str:
    return next((name for name in names if name in known), "")


# --- looking ------------------------------------------------------------------------------------------


def open_vacancies(api: Session, search: str, limit: int) -> list[CrmVacancy]:
    """The newest first."""
    where = mapped(api)
    conditions = where.is_open + ([f"{where.title} LIKE {containing(search)}"] if search else [])
    found = select(api, where.kind, where.columns, *conditions, newest=True, limit=limit)
    return [where.vacancy(record) for record in found]


def find(api: Session, crm_id: str | None, reference: str) -> CrmVacancy | None:
    """By id, else by the field that holds references, else (a guess) by the title that alone carries it."""
    where, wanted = mapped(api), reference.strip()
    if crm_id is not None and is_id(crm_id):
        try:
            return where.vacancy(read(api, where.kind, crm_id, where.columns))
        except Missing:
            pass
    if not wanted:
        return None
    found: list[CrmVacancy] = []
    if where.reference:
        found = _matching(api, where, f"{where.reference} = {text(wanted)}")
        found = [one for one in found if (one.reference or "").casefold() == wanted.casefold()]
    if not found:
        found = _matching(api, where, f"{where.title} LIKE {containing(wanted)}")
        found = [one for one in found if carries(one.title, wanted)]
    found = [one for one in found if one.is_open] or found
    return found[0] if len(found) == 1 else None


def _matching(api: Session, where: Mapped, condition: str) -> list[CrmVacancy]:
    return [where.vacancy(record) for record in select(api, where.kind, where.columns, condition)]


# --- linking ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Junction:
    """The object that puts a contact onto a vacancy, and its fields; an empty name is a field it lacks."""

    kind: str
    person: str
    vacancy: str
    stage: str
    source: str
    source_from: str
    source_length: int

    def existing(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        """The id of the one that is there."""
        both = (f"{self.person} = {text(person_id)}", f"{self.vacancy} = {text(vacancy_id)}")
        found = select(api, self.kind, ["Id"], *both, limit=1)
        return id_of(found[0]) if found else None


def junction(api: Session, kind: str | None = None) -> Junction:
    """The workspace's choice, else the package's or Salesforce's own, else the only one that ties the two."""
    kind = kind or kind_of(api)
    name = api.options.get("application") or _application(api, kind)
    known = {field: about for field, about in fields(api, name).items() if about.get("createable")}
    people = _referring(known, "Contact")
    vacancies = _referring(known, kind)
    if not people or not vacancies:
        raise Declined(f"{name} does not tie contacts to {kind}. Choose another object in /handoff-settings.")
    source = _source(known)
    return Junction(
        kind=name,
        person=_first(_PEOPLE, people) or next(iter(people)),
        vacancy=next(iter(vacancies)),
        stage=_first(_STAGES, {field: one for field, one in known.items() if one.get("type") == "picklist"}),
        source=source,
        source_from=_refers_to(known[source]) if source else "",
        source_length=int(known[source].get("length") or 0) if source else 0,
    )


def _application(api: Session, kind: str) -> str:
    if found := _first(_APPLICATIONS.get(kind, ()), objects(api)):
        return found
    ties = ties_between(api, kind)
    if len(ties) != 1:
        raise Declined(f"It is not set what puts an applicant onto {kind}. Choose it in /handoff-settings.")
    return ties[0]


def ties_between(api: Session, kind: str) -> list[str]:
    """The objects that refer to contacts and to vacancies; activities and files refer to everything."""
    both = children(api, "Contact") & children(api, kind)
    return sorted(name for name in both if name.endswith("__c") or name in _APPLICATIONS.get(kind, ()))


def _referring(known: Mapping[str, Record], kind: str) -> dict[str, Record]:
    return {name: about for name, about in known.items() if kind in (about.get("referenceTo") or ())}


def _refers_to(about: Mapping[str, Any]) -> str:
    return str((about.get("referenceTo") or ("",))[0])


def _source(known: Mapping[str, Record]) -> str:
    """A guess: the field with "source" in its name, "application source" before others."""
    kinds = ("string", "textarea", "picklist", "reference")
    found = [name for name, one in known.items() if _SOURCE in name.lower() and one.get("type") in kinds]
    return next((name for name in found if "application_source" in name.lower()), next(iter(found), ""))


def find_link(api: Session, person_id: str, vacancy_id: str) -> str | None:
    """The record that puts the contact onto the vacancy."""
    return junction(api).existing(api, person_id, vacancy_id)


def link(api: Session, person_id: str, vacancy_id: str, source: str) -> str:
    """Salesforce itself would take a closed vacancy and often a second record; both are refused here."""
    where = mapped(api)
    vacancy = where.vacancy(read(api, where.kind, vacancy_id, where.columns))
    if not vacancy.is_open:
        raise Declined(f"{vacancy.title} is closed in {NAME}. Reopen it there, then press Retry.")
    tie = junction(api, where.kind)
    if existing := tie.existing(api, person_id, vacancy_id):
        raise AlreadyExists(f"{NAME} has this application already.", existing)
    values = {tie.person: person_id, tie.vacancy: vacancy_id} | _source_value(api, tie, source)
    stage = api.options.get("stage") or _FIRST_STAGE.get(tie.kind)
    if stage and tie.stage:
        values[tie.stage] = stage
    return create(api, tie.kind, values, frozenset({tie.source}))


def _source_value(api: Session, tie: Junction, source: str) -> dict[str, str]:
    if not tie.source:
        return {}
    if not tie.source_from:
        return {tie.source: shortened(source, tie.source_length or 255)}
    found = select(api, tie.source_from, ["Id"], f"Name = {text(source)}", limit=1)
    return {tie.source: id_of(found[0])} if found else {}
