"""Odoo's world, on its double."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.crm.world import KnownVacancy, Operation, SeenNote
from tests.crm.worlds._double import KeyWorld
from tests.doubles.odoo import DATABASE, KEY, LOGIN, OdooDouble
from tests.doubles.odoo.records import Record

CONTACT = {"email": "email", "phone": "phone", "headline": "function", "location": "city"}


class World(KeyWorld[OdooDouble]):
    """Jobs have no reference of their own; it stands in their names. `version` is Odoo's."""

    key = "ODOO"
    kind = OdooDouble
    answers: ClassVar[Mapping[str, str]] = {
        "url": "https://odoo.brightdesk.example",
        "database": DATABASE,
        "login": LOGIN,
        "key": KEY,
    }
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("GET", "/json/version"),
        "whoami": ("POST", "/json/2/res.users/context_get"),
        "find": ("POST", "/json/2/hr.applicant/search_read"),
        "create": ("POST", "/json/2/hr.applicant/create"),
        "cv": ("POST", "/json/2/ir.attachment/create"),
        "note": ("POST", "/json/2/hr.applicant/message_post"),
        "link": ("POST", "/json/2/hr.applicant/write"),
    }
    one_person_per_email = True
    open_vacancy = KnownVacancy("91", "JOB-42", "Site Engineer (JOB-42)")
    closed_vacancy = KnownVacancy("93", "JOB-48", "Executive Assistant (JOB-48)")
    nobody: ClassVar[Any] = []

    @property
    def model(self) -> str:
        """What plays the person in this version."""
        return "hr.candidate" if self.double.records.version == 18 else "hr.applicant"

    def expire_access_tokens(self) -> None:
        self.double.keys.clear()

    def revoke_all(self) -> None:
        self.double.keys.clear()

    def add_person(self, **fields: Any) -> str:
        records = self.double.records
        name = " ".join(fields[part] for part in ("first_name", "last_name") if part in fields)
        contact = {theirs: fields[ours] for ours, theirs in CONTACT.items() if ours in fields}
        number = records.create("res.partner", {"name": name} | contact)
        values: Record = {"partner_id": number, "partner_name": name}
        values["categ_ids"] = [
            [
                6,
                0,
                [records.create("hr.applicant.category", {"name": one}) for one in fields.get("skills", ())],
            ]
        ]
        person = records.create(self.model, values)
        return f"hr.candidate/{person}" if self.model == "hr.candidate" else str(person)

    def people(self) -> list[dict[str, Any]]:
        return [self._seen(number) for number in self.double.records.tables[self.model]]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.records.tables["ir.attachment"].values()
        mine = [file for file in files if self._is_on(file["res_model"], file["res_id"], person_id)]
        return [(file["name"], base64.b64decode(file["datas"])) for file in mine]

    def notes(self, person_id: str) -> list[SeenNote]:
        records = self.double.records
        mine = [
            message
            for message in records.tables["mail.message"].values()
            if self._is_on(message["model"], message["res_id"], person_id)
        ]
        return [
            SeenNote(
                html.unescape(message["body"].removeprefix("<p>").removesuffix("</p>").replace("<br>", "\n")),
                message["message_id"],
                records.one("res.partner", message["author_id"])["email"],
            )
            for message in mine
        ]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        records = self.double.records
        found = []
        for number, record in records.tables["hr.applicant"].items():
            is_mine = self._is_on("hr.applicant", number, person_id)
            if is_mine and record["job_id"]:
                source = records.one("utm.source", record["source_id"])["name"] if record["source_id"] else ""
                found.append((str(record["job_id"]), source))
        return found

    def _is_on(self, model: str, number: int, person_id: str) -> bool:
        """Whether that record is the person's: the same one, or one joined by contact or candidate."""
        records, own = self.double.records, int(person_id.rpartition("/")[2])
        if model == self.model and number == own:
            return True
        if model != "hr.applicant":
            return False
        if self.model == "hr.candidate":
            return bool(records.one(model, number)["candidate_id"] == own)
        contact = records.one(model, own)["partner_id"]
        return bool(contact and records.one(model, number)["partner_id"] == contact)

    def _seen(self, number: int) -> dict[str, Any]:
        records = self.double.records
        record = records.one(self.model, number)
        contact = records.one("res.partner", record["partner_id"]) if record["partner_id"] else {}
        first, _, last = str(record["partner_name"]).rpartition(" ")
        owner = records.one("res.users", record["user_id"]) if record["user_id"] else {}
        source = records.one("utm.source", record["source_id"]) if record.get("source_id") else {}
        return {ours: contact.get(theirs) or None for ours, theirs in CONTACT.items()} | {
            "id": f"hr.candidate/{number}" if self.model == "hr.candidate" else str(number),
            "first_name": first or None,
            "last_name": last,
            "skills": [records.one("hr.applicant.category", tag)["name"] for tag in record["categ_ids"]]
            or None,
            "source": source.get("name"),
            "owner_email": owner.get("email"),
        }
