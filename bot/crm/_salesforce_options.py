"""What Salesforce asks before sign-in, and what a workspace may choose of its organisation afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.crm._http import Session
from bot.crm._salesforce_api import Record, choices, describe, fields, objects, select
from bot.crm._salesforce_vacancies import junction, kind_of, ties_between
from bot.errors import FieldFault, Invalid
from bot.workspace import Question

HOSTS = {"production": "login.salesforce.com", "sandbox": "test.salesforce.com"}
_OWN = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z]+)?\.my\.salesforce\.com")

QUESTIONS = (
    Question(
        "environment",
        "Where do you sign in?",
        "choice",
        choices=(
            ("production", "Production (login.salesforce.com)"),
            ("sandbox", "Sandbox (test.salesforce.com)"),
            ("domain", "Our own domain"),
        ),
    ),
    Question(
        "domain",
        "Your own domain",
        hint="Only for “Our own domain”. It ends in .my.salesforce.com.",
        placeholder="acme.my.salesforce.com",
        optional=True,
    ),
)

OPTIONS = (
    Question(
        "vacancies",
        "Vacancies are",
        "live",
        hint="Until you choose: the jobs of Bullhorn for Salesforce or Jobscience, else opportunities.",
        optional=True,
    ),
    Question(
        "application",
        "An applicant is put onto a vacancy by",
        "live",
        hint="An object that belongs to a contact and to the vacancy, such as an application or a submittal.",
        optional=True,
    ),
    Question("stage", "Stage of a new application", "live", optional=True),
    Question(
        "open",
        "A vacancy is open when",
        "live",
        hint="Opportunities, campaigns and the packages' jobs say so themselves.",
        optional=True,
    ),
    Question("reference", "The vacancy's reference is in", "live", optional=True),
    Question("record_type", "Record type of new contacts", "live", optional=True),
    Question("status", "Candidate status of new contacts", "live", optional=True),
    Question(
        "skills",
        "Contact field for skills",
        "live",
        hint="Salesforce has none of its own: until you choose one, skills stay on the card.",
        optional=True,
    ),
    Question(
        "cv",
        "CVs are attached as",
        "choice",
        hint="Until you choose: as files, in Jobscience as classic attachments, which are what it reads.",
        choices=(("file", "Files"), ("attachment", "Classic attachments")),
        optional=True,
    ),
)

Choices = list[tuple[str, str]]


def checked(answers: Mapping[str, str]) -> Mapping[str, str]:
    """The answers as they are kept. Raises `Invalid` naming the question at fault."""
    environment = answers.get("environment") or "production"
    if environment in HOSTS:
        return {"environment": environment}
    if environment != "domain":
        raise Invalid([FieldFault("environment", "Choose one of the three.")])
    given = (answers.get("domain") or "").strip().lower()
    host = urlsplit(given if "//" in given else f"//{given}").hostname or ""
    if host.endswith(".lightning.force.com"):
        better = host.replace(".lightning.force.com", ".my.salesforce.com")
        raise Invalid([FieldFault("domain", f"Nobody signs in at this address. Yours is probably {better}.")])
    if not _OWN.fullmatch(host):
        fault = "This is no address like acme.my.salesforce.com or acme--test.sandbox.my.salesforce.com."
        raise Invalid([FieldFault("domain", fault)])
    return {"environment": environment, "domain": host}


def sign_in_host(answers: Mapping[str, str]) -> str:
    """Where these answers sign in."""
    return answers.get("domain") or HOSTS.get(answers.get("environment", ""), HOSTS["production"])


def record_types(api: Session) -> list[Record]:
    """The kinds of contacts that the organisation tells apart."""
    of_contacts = ("SobjectType = 'Contact'", "IsActive = true")
    return select(api, "RecordType", ("Id", "Name"), *of_contacts, limit=200)


def offered(api: Session, key: str) -> Choices:
    """What the organisation offers for an option."""
    match key:
        case "vacancies":
            return _vacancies(api)
        case "application":
            return [(name, _label(api, name)) for name in ties_between(api, kind_of(api))]
        case "stage":
            tie = junction(api)
            return choices(fields(api, tie.kind)[tie.stage]) if tie.stage else []
        case "open":
            return _picked(api, kind_of(api), r"status|stage")
        case "reference":
            return [(name, label) for name, label, _ in _texts(api, kind_of(api))]
        case "record_type":
            return [(str(one.get("Id")), str(one.get("Name"))) for one in record_types(api)]
        case "status":
            return _picked(api, "Contact", r"candidate_?status")
        case "skills":
            return [(f"{name}/{length}", label) for name, label, length in _texts(api, "Contact")]
    return []


def _vacancies(api: Session) -> Choices:
    own = [name for name, one in objects(api).items() if one.get("custom") and one.get("layoutable", True)]
    standard = [name for name in ("Opportunity", "Campaign") if name in objects(api)]
    return [(name, _label(api, name)) for name in (*standard, *sorted(own))]


def _label(api: Session, name: str) -> str:
    about = objects(api).get(name) or describe(api, name)
    return f"{about.get('label') or name} ({name})"


def _picked(api: Session, kind: str, named: str) -> Choices:
    """Field and value of the picklists that are named so."""
    found: Choices = []
    for name, about in fields(api, kind).items():
        if about.get("type") == "picklist" and re.search(named, name, re.IGNORECASE):
            found += [
                (f"{name}={value}", f"{about.get('label')}: {label}") for value, label in choices(about)
            ]
    return found


def _texts(api: Session, kind: str) -> list[tuple[str, str, int]]:
    """Name, label and length of the fields that hold any text."""
    return [
        (name, str(about.get("label") or name), int(about.get("length") or 0))
        for name, about in fields(api, kind).items()
        if about.get("type") in ("string", "textarea") and (kind != "Contact" or about.get("custom"))
    ]
