"""What a workspace may choose of its HubSpot account, and what there is to choose from."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from bot.crm._errors import Declined
from bot.crm._http import Session, listed
from bot.crm._hubspot_records import DEALS, Record, labels
from bot.crm._hubspot_vacancies import mapped, pipelines
from bot.workspace import Question

OPTIONS = (
    Question(
        "vacancies",
        "Vacancies are",
        "live",
        hint="HubSpot has no vacancies of its own. Until you choose, deals of every pipeline play that part.",
        optional=True,
    ),
    Question(
        "application",
        "An applicant for a vacancy",
        "live",
        hint="Until you choose, the contact is associated with the vacancy, without a label.",
        optional=True,
    ),
    Question(
        "reference",
        "The vacancy's reference is in",
        "live",
        hint="Until you choose, the reference is looked for in the vacancy's name.",
        optional=True,
    ),
    Question("lead_status", "Lead status of new contacts", "live", optional=True),
    Question(
        "source",
        "Contact property for the source",
        "live",
        hint="For new contacts. The note names the source in any case.",
        optional=True,
    ),
    Question(
        "skills",
        "Contact property for skills",
        "live",
        hint="HubSpot has none of its own: until you choose one, skills stay on the card.",
        optional=True,
    ),
)

Choices = list[tuple[str, str]]


def choices(api: Session, key: str) -> Choices:
    """What the account offers for an option."""
    match key:
        case "vacancies":
            return [*_deal_pipelines(api), *_custom_objects(api)]
        case "application":
            return [*_labels(api), *_stages(api)]
        case "reference":
            return _texts(api, mapped(api).kind)
        case "lead_status":
            about = api.get("/crm/v3/properties/contacts/hs_lead_status")
            return [
                (_text(one, "value"), _text(one, "label"))
                for one in listed(about, "options", crm=api.crm.name)
            ]
        case "source" | "skills":
            return _texts(api, "contacts")
    return []


def _deal_pipelines(api: Session) -> Choices:
    return [
        (f"{DEALS}/{_text(one, 'id')}", f"Deals in {_text(one, 'label')}") for one in pipelines(api, DEALS)
    ]


def _custom_objects(api: Session) -> Iterator[tuple[str, str]]:
    try:
        schemas = listed(api.get("/crm/v3/schemas"), "results", crm=api.crm.name)
    except Declined:  # the account has no custom objects, or did not let us see them
        return
    for schema in schemas:
        named = schema.get("labels") or {}
        yield _text(schema, "objectTypeId"), str(named.get("plural") or schema.get("name"))


def _labels(api: Session) -> Iterator[tuple[str, str]]:
    for one in labels(api, "contacts", mapped(api).kind):
        if one.get("label"):
            value = f"label/{_text(one, 'category')}/{_text(one, 'typeId')}"
            yield value, f"is associated as {one['label']}"


def _stages(api: Session) -> Iterator[tuple[str, str]]:
    for pipeline in pipelines(api, DEALS):
        for stage in pipeline.get("stages") or ():
            value = f"deal/{_text(pipeline, 'id')}/{_text(stage, 'id')}"
            yield value, f"gets a deal in {_text(pipeline, 'label')} › {_text(stage, 'label')}"


def _texts(api: Session, kind: str) -> Choices:
    """Properties of a record that hold any text and may be written."""
    found = listed(api.get(f"/crm/v3/properties/{quote(kind, safe='')}"), "results", crm=api.crm.name)
    return [
        (_text(one, "name"), _text(one, "label"))
        for one in found
        if one.get("type") == "string" and not one.get("hidden") and not _is_read_only(one)
    ]


def _is_read_only(about: Record) -> bool:
    limits = about.get("modificationMetadata") or {}
    return bool(limits.get("readOnlyValue") or about.get("calculated"))


def _text(record: Record, name: str) -> str:
    return str(record.get(name) or "")
