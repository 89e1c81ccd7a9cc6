"""What the double of HubSpot keeps: objects by type, associations, files, owners, pipelines, properties."""

from __future__ import annotations

from itertools import count
from typing import Any

Record = dict[str, Any]

HUB = 4455
OBJECT = "2-4242"
"""A custom object of the account, called vacancies."""
STAMP = "2026-11-01T09:00:00.000Z"

_LONGEST = 65_536
_WRITABLE = {
    "contacts": {
        *("firstname", "lastname", "email", "phone", "mobilephone", "jobtitle", "company", "city", "country"),
        *(
            "address",
            "state",
            "zip",
            "hs_linkedin_url",
            "lifecyclestage",
            "hubspot_owner_id",
            "hs_lead_status",
        ),
        *("candidate_source", "candidate_skills"),
    },
    "deals": {
        *("dealname", "pipeline", "dealstage", "description", "hubspot_owner_id", "job_reference", "amount"),
    },
    "notes": {"hs_timestamp", "hs_note_body", "hubspot_owner_id", "hs_attachment_ids"},
    OBJECT: {"title", "code", "hs_pipeline", "hs_pipeline_stage", "hubspot_owner_id"},
}
_READ_ONLY = {
    "contacts": {
        "createdate",
        "hs_additional_emails",
        "hs_searchable_calculated_phone_number",
        "hs_searchable_calculated_mobile_number",
    },
    "deals": {"createdate", "hs_is_closed"},
    "notes": {"hs_createdate"},
    OBJECT: {"hs_createdate"},
}
TYPE_IDS = {
    ("notes", "contacts"): 202,
    ("contacts", "notes"): 201,
    ("notes", "deals"): 214,
    ("deals", "notes"): 213,
    ("contacts", "deals"): 4,
    ("deals", "contacts"): 3,
    ("deals", "deals"): 451,
    ("notes", OBJECT): 31,
    (OBJECT, "notes"): 32,
    ("contacts", OBJECT): 33,
    (OBJECT, "contacts"): 34,
    ("deals", OBJECT): 35,
    (OBJECT, "deals"): 36,
}
LABELS = {
    ("contacts", "deals"): {51: "Applicant", 53: "Interviewed"},
    ("contacts", OBJECT): {55: "Applicant"},
}


def _stage(stage_id: str, label: str, closed: bool) -> Record:
    return {
        "id": stage_id,
        "label": label,
        "metadata": {"isClosed": str(closed).lower(), "probability": "0.5"},
    }


PIPELINES: dict[str, list[Record]] = {
    "deals": [
        {"id": "default", "label": "Sales", "stages": [_stage("talk", "Talk", False)]},
        {
            "id": "jobs",
            "label": "Jobs",
            "stages": [_stage("open", "Open", False), _stage("filled", "Filled", True)],
        },
        {"id": "candidates", "label": "Candidates", "stages": [_stage("applied", "Applied", False)]},
    ],
    OBJECT: [
        {"id": "p1", "label": "P", "stages": [_stage("live", "Live", False), _stage("done", "Done", True)]}
    ],
}
OWNERS = (
    ("61", 7001, "Priya", "Shah", "priya@brightdesk.example", False),
    ("62", 7002, "Ben", "Carter", "ben@brightdesk.example", False),
    ("63", 7003, "Maya", "Okafor", "maya@brightdesk.example", False),
    ("64", 7004, "Gone", "Away", "gone@brightdesk.example", True),
)


class Records:
    """The tables; ids are texts of digits."""

    def __init__(self) -> None:
        self._ids = count(100_001)
        self.objects: dict[str, dict[str, Record]] = {kind: {} for kind in _WRITABLE}
        self.ties: set[tuple[str, str, str, str, str, int]] = set()
        self.files: dict[str, Record] = {}
        self.owners = [
            dict(zip(("id", "userId", "firstName", "lastName", "email", "archived"), owner, strict=True))
            for owner in OWNERS
        ]
        deals = (
            ("991", "Site Engineer (JOB-42)", "jobs", "open", "JOB-42"),
            ("992", "Site Engineer (JOB-421)", "jobs", "open", "JOB-421"),
            ("993", "Executive Assistant (JOB-48)", "jobs", "filled", "JOB-48"),
            ("994", "Site Engineer services for Acme", "default", "talk", None),
        )
        for deal_id, name, pipeline, stage, reference in deals:
            values = {"dealname": name, "pipeline": pipeline, "dealstage": stage, "job_reference": reference}
            created = {"createdate": f"2026-10-{int(deal_id) - 980}T09:00:00Z", "hubspot_owner_id": "61"}
            self.objects["deals"][deal_id] = self._record(deal_id, values | created)
        for number, title, stage in (("71", "Data Analyst", "live"), ("72", "Data Clerk", "done")):
            values = {"title": title, "code": f"V-{number}", "hs_pipeline": "p1", "hs_pipeline_stage": stage}
            self.objects[OBJECT][number] = self._record(number, values | {"hs_createdate": STAMP})

    def _record(self, record_id: str, values: Record) -> Record:
        return {
            "id": record_id,
            "properties": values,
            "createdAt": STAMP,
            "updatedAt": STAMP,
            "archived": False,
        }

    def faults(self, kind: str, values: Record) -> list[str]:
        """What is wrong with properties to be written."""
        said = [f'Property "{name}" does not exist' for name in values if name not in known(kind)]
        said += [f'"{name}" is read only' for name in values if name in _READ_ONLY[kind]]
        said += [f'"{name}" is no text' for name, value in values.items() if not isinstance(value, str)]
        said += [f'"{name}" is too long' for name, value in values.items() if len(str(value)) > _LONGEST]
        owner = values.get("hubspot_owner_id")
        if owner and owner not in [one["id"] for one in self.owners if not one["archived"]]:
            said.append(f"{owner} was not one of the allowed owners")
        if "@" not in values.get("email", "@"):
            said.append("Email address is invalid")
        return said

    def with_email(self, email: str) -> Record | None:
        """The contact who has that e-mail as the first one."""
        found = self.objects["contacts"].values()
        return next((one for one in found if one["properties"].get("email") == email.lower()), None)

    def add(self, kind: str, values: Record) -> Record:
        """A new record, as HubSpot keeps it."""
        record = self._record(str(next(self._ids)), {})
        self.objects[kind][record["id"]] = record
        self.change(record, values)
        created = "createdate" if kind in ("contacts", "deals") else "hs_createdate"
        record["properties"].setdefault(created, STAMP)
        return record

    def change(self, record: Record, values: Record) -> None:
        """New values; e-mails in lower case."""
        record["properties"].update(values)
        if email := values.get("email"):
            record["properties"]["email"] = email.lower()

    def value(self, record: Record, name: str) -> str | None:
        """A property, calculated where HubSpot calculates it."""
        values = record["properties"]
        if name == "hs_is_closed":
            stages = {stage["id"]: stage for pipeline in PIPELINES["deals"] for stage in pipeline["stages"]}
            return str(stages[values["dealstage"]]["metadata"]["isClosed"])
        if name.startswith("hs_searchable_calculated_"):
            number = values.get("mobilephone" if "mobile" in name else "phone") or ""
            digits = "".join(filter(str.isdigit, number))
            return digits.removeprefix("44").removeprefix("0") or None
        found: str | None = values.get(name)
        return found

    def tie(self, one: tuple[str, str], other: tuple[str, str], category: str, type_id: int) -> None:
        """Associate two records; both directions are kept."""
        back = TYPE_IDS[other[0], one[0]] if category == "HUBSPOT_DEFINED" else type_id + 1
        self.ties |= {(*one, *other, category, type_id), (*other, *one, category, back)}

    def tied(self, kind: str, record_id: str, other: str) -> dict[str, list[Record]]:
        """The records of the other kind that a record is associated with, and as what."""
        found: dict[str, list[Record]] = {}
        for from_kind, from_id, to_kind, to_id, category, type_id in sorted(self.ties):
            if (from_kind, from_id, to_kind) == (kind, record_id, other):
                found.setdefault(to_id, []).append({"category": category, "typeId": type_id, "label": None})
        return found


def known(kind: str) -> set[str]:
    """Every property of an object."""
    return _WRITABLE[kind] | _READ_ONLY[kind] | {"hs_object_id"}


def is_read_only(kind: str, name: str) -> bool:
    """Whether HubSpot alone writes it."""
    return name in _READ_ONLY[kind]
