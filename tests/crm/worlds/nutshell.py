"""Nutshell's world, on its double: a key that may impersonate users, and leads as vacancies."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, ClassVar

import phonenumbers

from bot.crm._marks import MARK
from tests.crm.world import KnownVacancy, Operation, SeenNote
from tests.crm.worlds._double import KeyWorld
from tests.doubles.nutshell import EMAIL, KEY, NutshellDouble
from tests.doubles.nutshell.records import USERS, Record

EMAILS = {str(user["id"]): str(user["emails"][0]) for user in USERS}


class World(KeyWorld[NutshellDouble]):
    """References stand in the leads' names; the source of an application in a note on the lead."""

    key = "NUTSHELL"
    kind = NutshellDouble
    answers: ClassVar[Mapping[str, str]] = {"email": EMAIL, "api_key": KEY}
    options: ClassVar[Mapping[str, str]] = {"impersonate": "yes"}
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "whoami": ("GET", "/rest/users"),
        "find": ("GET", "/rest/contacts"),
        "create": ("POST", "/rest/contacts"),
        "note": ("POST", "/rest/notes"),
        "link": ("PATCH", "/rest/leads/*"),
    }
    open_vacancy = KnownVacancy("991-leads", "JOB-42", "Site Engineer (JOB-42)")
    closed_vacancy = KnownVacancy("993-leads", "JOB-48", "Executive Assistant (JOB-48)")

    def revoke_all(self) -> None:
        self.double.site.is_revoked = True

    def add_person(self, **fields: Any) -> str:
        names = (fields.get("first_name"), fields["last_name"])
        record: Record = {"name": " ".join(name for name in names if name), "customFields": {}}
        if "email" in fields:
            record["emails"] = [{"isPrimary": True, "value": fields["email"]}]
        if "phone" in fields:
            number = phonenumbers.parse(fields["phone"])
            value = {"countryCode": str(number.country_code), "number": str(number.national_number)}
            record["phones"] = [{"value": value}]
        if "headline" in fields:
            record["description"] = fields["headline"]
        if "skills" in fields:
            record["customFields"]["Skills"] = ", ".join(fields["skills"])
        if "source" in fields:
            record["customFields"]["Source"] = fields["source"]
        return str(self.double.site.records.add_contact(record)["id"]).removesuffix("-contacts")

    def people(self) -> list[dict[str, Any]]:
        return [self._seen(record) for record in self.double.site.records.contacts.values()]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        raise NotImplementedError("Nutshell's API takes no files.")

    def notes(self, person_id: str) -> list[SeenNote]:
        table = self.double.site.records.notes.values()
        mine = [note for note in table if note["parent"] == f"{person_id}-contacts"]
        parts = [(note["body"].partition(f"\n\n{MARK} "), note["author"]) for note in mine]
        return [SeenNote(text, key or None, author) for (text, _, key), author in parts]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        contact = f"{person_id}-contacts"
        leads = self.double.site.records.leads.values()
        mine = [(lead["id"], lead["links"]["contacts"].count(contact)) for lead in leads]
        return [(lead, self.source(contact, lead)) for lead, times in mine for _ in range(times)]

    def source(self, contact_id: str, lead_id: str) -> str:
        """What the notes on a lead say of where a contact came from; there must be one."""
        told = [note["body"] for note in self.double.site.records.notes.values() if note["parent"] == lead_id]
        (mine,) = [body for body in told if f"{contact_id}/" in body]
        found = re.search(r" applied via (.+)\.\n", mine)
        return found[1] if found else ""

    def _seen(self, record: Record) -> dict[str, Any]:
        first, _, last = record["name"].rpartition(" ")
        own = self.double.site.records.own[record["id"]]
        phones = [phone["value"]["countryCodeAndNumber"] for phone in record["phones"]]
        return {
            "id": str(record["id"]).removesuffix("-contacts"),
            "first_name": first or None,
            "last_name": last,
            "email": record["emails"][0]["value"] if record["emails"] else None,
            "phone": phones[0] if phones else None,
            "location": record["addresses"][0]["city"] if record["addresses"] else None,
            "headline": record["description"] or None,
            "skills": own["Skills"].split(", ") if own.get("Skills") else None,
            "source": own.get("Source"),
            "owner_email": EMAILS.get(record["links"]["owner"]),
        }
