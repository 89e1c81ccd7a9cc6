"""What the double's organisation holds, and what it refuses to hold."""

from __future__ import annotations

import base64
import hashlib
from itertools import count
from typing import Any

from .schema import PREFIXES, Field, Record, organisation
from .soql import Select

USERS = (
    ("Priya Shah", "priya@brightdesk.example", True, "Standard"),
    ("Ben Carter", "ben@brightdesk.example", True, "Standard"),
    ("Maya Okafor", "Maya@BrightDesk.example", True, "Standard"),
    ("Gone Away", "gone@brightdesk.example", False, "Standard"),
    ("Chat Only", "chat@brightdesk.example", True, "CsnOnly"),
)


class RefusedRecordError(Exception):
    """Salesforce's error for a record."""

    def __init__(self, code: str, message: str, *fields: str, **more: Any) -> None:
        super().__init__(message)
        self.error = {"message": message, "errorCode": code, "fields": list(fields)} | more


class Records:
    """The tables of an organisation with that package (empty for none)."""

    def __init__(self, package: str = "") -> None:
        self._ids = count(1)
        self.package = package
        self.schema = organisation(package)
        self.tables: dict[str, dict[str, Record]] = {kind: {} for kind in self.schema}
        for name, email, active, kind in USERS:
            self.add("User", {"Name": name, "Email": email, "IsActive": active, "UserType": kind})
        self.me = next(iter(self.tables["User"]))
        for name in ("Client", "Candidate"):
            values = {"Name": name, "DeveloperName": name, "SobjectType": "Contact", "IsActive": True}
            self.add("RecordType", values)
        self._seed()

    def _seed(self) -> None:
        if self.package:
            job, number = f"{self.package}Job__c", f"{self.package}Job_Number__c"
            closed = "Closed" if self.package == "ts2__" else "Filled"
            for title, reference, status in (
                ("Site Engineer", "JOB-42", "Open"),
                ("Site Engineer", "JOB-421", "Open"),
                ("Executive Assistant", "JOB-48", closed),
            ):
                self.add(job, {"Name": title, number: reference, f"{self.package}Status__c": status})
        if self.package == "ts2__":
            self.add("ts2__Source__c", {"Name": "Indeed"})
        for title, is_closed in (("Site Engineer (JOB-42)", False), ("Data Clerk (JOB-7)", True)):
            self.add("Opportunity", {"Name": title, "IsClosed": is_closed})
            self.add("Campaign", {"Name": title, "IsActive": not is_closed})
        for code, status in (("V-1", "Live"), ("V-2", "Filled")):
            self.add("Vacancy__c", {"Name": f"Foreman {code}", "Code__c": code, "Status__c": status})

    def add(self, kind: str, values: Record) -> Record:
        """A new record, without asking whether it may be."""
        number = next(self._ids)
        record = {
            "Id": f"{PREFIXES.get(kind, 'a0X')}{number:012d}AAA",
            "CreatedDate": f"2026-10-01T{number:06d}",
        }
        if "OwnerId" in self.schema[kind] and kind != "Task":
            record["OwnerId"] = next(iter(self.tables["User"]))
        record |= {name: value for name, value in values.items() if value is not None}
        self.tables[kind][record["Id"]] = record
        return record

    def create(self, kind: str, values: Record) -> Record:
        """A new record that came over the API."""
        self.check(kind, values)
        needed = [
            name for name, field in self.schema[kind].items() if field.required and not values.get(name)
        ]
        if needed:
            raise RefusedRecordError(
                "REQUIRED_FIELD_MISSING", f"Required fields are missing: {needed}", *needed
            )
        self._refuse_twin(kind, values)
        if kind in ("ContentVersion", "Attachment"):
            return self._add_file(kind, values)
        return self.add(kind, values)

    def _add_file(self, kind: str, values: Record) -> Record:
        name = "VersionData" if kind == "ContentVersion" else "Body"
        content = base64.b64decode(values[name], validate=True)
        fingerprint = hashlib.md5(content, usedforsecurity=False).hexdigest()
        more = {name: content, "BodyLength": len(content), "Checksum": fingerprint}
        record = self.add(kind, values | more)
        if kind == "ContentVersion":
            link = {
                "LinkedEntityId": values["FirstPublishLocationId"],
                "ContentDocument.LatestPublishedVersion.Checksum": fingerprint,
            }
            self.add("ContentDocumentLink", link)
        return record

    def check(self, kind: str, values: Record) -> None:
        """Refuse names, types, lengths, choices and references that are not right."""
        for name, value in values.items():
            field = self.schema[kind].get(name)
            if field is None or not field.written:
                raise RefusedRecordError(
                    "INVALID_FIELD", f"No such column '{name}' on sobject of type {kind}"
                )
            self._check_value(field, value)

    def _check_value(self, field: Field, value: Any) -> None:
        if field.type == "boolean" or not isinstance(value, str):
            raise RefusedRecordError("JSON_PARSER_ERROR", f"Cannot deserialize {field.name}", field.name)
        if field.length and len(value) > field.length:
            words = f"{field.name}: data value too large (max length={field.length})"
            raise RefusedRecordError("STRING_TOO_LONG", words, field.name)
        if field.restricted and value not in field.values:
            words = f"{field.name}: bad value for restricted picklist field: {value}"
            raise RefusedRecordError("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", words, field.name)
        if field.type == "email" and "@" not in value:
            raise RefusedRecordError("INVALID_EMAIL_ADDRESS", f"invalid email address: {value}", field.name)
        if field.to and not any(value in table for table in self.tables.values()):
            raise RefusedRecordError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id", field.name)

    def _refuse_twin(self, kind: str, values: Record) -> None:
        """The organisation has a duplicate rule for contacts; campaigns take a contact once."""
        email = str(values.get("Email") or "-").casefold()
        for record in self.tables[kind].values():
            if kind == "Contact" and str(record.get("Email")).casefold() == email:
                match = {
                    "record": {"Id": record["Id"], "attributes": {"type": "Contact"}},
                    "matchConfidence": 100.0,
                }
                found = {
                    "allowSave": True,
                    "matchResults": [{"matchRecords": [match], "entityType": "Contact"}],
                }
                words = "You're creating a duplicate record. We recommend you use an existing record instead."
                raise RefusedRecordError("DUPLICATES_DETECTED", words, duplicateResult=found)
            both = ("CampaignId", "ContactId")
            if kind == "CampaignMember" and all(record.get(name) == values.get(name) for name in both):
                raise RefusedRecordError(
                    "DUPLICATE_VALUE", f"Already a campaign member with id: {record['Id']}"
                )

    def select(self, asked: Select) -> list[Record]:
        """The records of a query, with attributes, nested where a column says so."""
        found = [one for one in self.tables[asked.kind].values() if asked.test(one)]
        if asked.newest:
            found.sort(key=lambda one: str(one["CreatedDate"]), reverse=True)
        return [shown(asked.kind, one, asked.columns) for one in found[: asked.limit]]


def shown(kind: str, record: Record, columns: list[str]) -> Record:
    """Some fields of a record."""
    answer: Record = {
        "attributes": {"type": kind, "url": f"/services/data/v62.0/sobjects/{kind}/{record['Id']}"}
    }
    for column in columns:
        place, (*path, name) = answer, column.split(".")
        for step in path:
            place = place.setdefault(step, {"attributes": {"type": step}})
        place[name] = record.get(column)
    return answer
