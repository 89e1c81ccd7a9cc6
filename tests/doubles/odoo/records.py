"""What the double of Odoo keeps: models with their fields, and what creating and writing does besides."""

from __future__ import annotations

from itertools import count
from typing import Any

from .domains import matches

Record = dict[str, Any]

_PERSON = {
    "active": "boolean",
    "categ_ids": "many2many:hr.applicant.category",
    "email_from": "char",
    "email_normalized": "char",
    "linkedin_profile": "char",
    "message_main_attachment_id": "many2one:ir.attachment",
    "partner_id": "many2one:res.partner",
    "partner_name": "char",
    "partner_phone": "char",
    "phone_mobile_search": "char",
    "user_id": "many2one:res.users",
}
_APPLICATION = {
    "active": "boolean",
    "job_id": "many2one:hr.job",
    "source_id": "many2one:utm.source",
    "stage_id": "many2one:hr.recruitment.stage",
    "user_id": "many2one:res.users",
}
_TALENT = {"talent_pool_ids": "many2many:hr.talent.pool", "pool_applicant_id": "many2one:hr.applicant"}
_OTHERS = {
    "hr.applicant.category": {"name": "char"},
    "hr.job": {"active": "boolean", "name": "char", "user_id": "many2one:res.users"},
    "hr.recruitment.stage": {"name": "char", "sequence": "integer"},
    "hr.talent.pool": {"name": "char"},
    "ir.attachment": {
        "checksum": "char",
        "datas": "binary",
        "description": "text",
        "mimetype": "char",
        "name": "char",
        "res_id": "many2one_reference",
        "res_model": "char",
    },
    "mail.message": {
        "author_id": "many2one:res.partner",
        "body": "html",
        "message_id": "char",
        "message_type": "selection",
        "model": "char",
        "res_id": "many2one_reference",
        "subject": "char",
    },
    "res.company": {"name": "char"},
    "res.partner": {
        "active": "boolean",
        "city": "char",
        "email": "char",
        "email_normalized": "char",
        "function": "char",
        "is_company": "boolean",
        "name": "char",
        "phone": "char",
        "phone_mobile_search": "char",
    },
    "res.users": {
        "active": "boolean",
        "company_id": "many2one:res.company",
        "email": "char",
        "login": "char",
        "name": "char",
        "partner_id": "many2one:res.partner",
        "share": "boolean",
    },
    "utm.source": {"name": "char"},
}
_COMPUTED = frozenset({"email_normalized", "phone_mobile_search", "checksum"})
_UNIQUE = {"hr.applicant.category": "Tag name already exists!", "utm.source": "The name must be unique"}
ADMIN, HANDOFF, BEN, MAYA, GONE, PORTAL = 2, 5, 6, 7, 8, 9


class OdooError(Exception):
    """A fault as Odoo words it: the exception's dotted name, and the status that JSON-2 gives it."""

    def __init__(self, name: str, message: str, status: int) -> None:
        super().__init__(message)
        self.name = name
        self.status = status


class Records:
    """The tables of one database, in the shape of that version."""

    def __init__(self, version: int = 19) -> None:
        self.version = version
        self.mailed: list[int] = []
        self._ids = count(101)
        if version == 18:
            applicant = _APPLICATION | {"candidate_id": "many2one:hr.candidate"}
            self.models = _OTHERS | {"hr.candidate": _PERSON, "hr.applicant": applicant}
        else:
            self.models = _OTHERS | {"hr.applicant": _PERSON | _APPLICATION | _TALENT}
        self.tables: dict[str, dict[int, Record]] = {model: {} for model in self.models}
        self._furnish()

    # --- what a model's methods do --------------------------------------------------------------------

    def fields_get(self, model: str) -> Record:
        """The fields of a model."""
        required = {"hr.applicant": ("candidate_id",)}.get(model, ())
        kinds = {name: kind.partition(":") for name, kind in self.models[model].items()}
        return {
            name: {"type": kind, "required": name in required} | ({"relation": other} if other else {})
            for name, (kind, _, other) in kinds.items()
        }

    def search(self, model: str, domain: list[Any], *, archived: bool) -> list[int]:
        """The ids that a domain finds; archived records only if asked for, or named."""
        named = any(isinstance(term, list) and term[0] in ("active", "id") for term in domain)
        return [
            number
            for number, record in self.tables[model].items()
            if (archived or named or record.get("active", True))
            and matches(domain, lambda path, number=number: self._value(model, number, path))  # type: ignore[misc]
        ]

    def shown(self, model: str, number: int, fields: list[str]) -> Record:
        """A record as it is answered: false for what is empty, names beside the ids of others."""
        found: Record = {"id": number}
        for field in fields:
            if field == "id":
                continue
            kind, _, other = self._kind(model, field).partition(":")
            value = self._value(model, number, field)
            if kind == "many2one" and value:
                value = [
                    value,
                    self._value(
                        other, value, "partner_name" if "partner_name" in self.models[other] else "name"
                    ),
                ]
            found[field] = value if kind == "many2many" else value or False
        return found

    def create(self, model: str, values: Record, *, quietly: bool = False) -> int:
        """A new record's id."""
        self._check(model, values)
        number = next(self._ids)
        record: Record = {
            name: [] if kind.startswith("many2many") else False for name, kind in self.models[model].items()
        }
        self.tables[model][number] = record | ({"active": True} if "active" in record else {})
        try:
            self._set(model, number, values, quietly=quietly)
            self._after_create(model, number, values)
        except OdooError:
            del self.tables[model][number]
            raise
        return number

    def write(self, model: str, number: int, values: Record, *, quietly: bool = False) -> None:
        """Change a record."""
        if number not in self.tables[model]:
            raise _missing(model, number)
        self._check(model, values)
        self._set(model, number, values, quietly=quietly)

    def one(self, model: str, number: int | None) -> Record:
        """A record as it is kept."""
        return self.tables[model][number or 0]

    # --- what happens besides -------------------------------------------------------------------------

    def _set(self, model: str, number: int, values: Record, *, quietly: bool) -> None:
        record = self.tables[model][number]
        for name, value in values.items():
            kind = self._kind(model, name)
            record[name] = list(value[0][2]) if kind.startswith("many2many") and value else value
        if model in ("hr.applicant", "hr.candidate") and "partner_name" in record:
            self._follow_contact(record, values)
        if model == "hr.applicant" and "job_id" in values:
            self._follow_job(number, record, values, quietly=quietly)

    def _follow_contact(self, record: Record, values: Record) -> None:
        if values.get("partner_id") and not {"email_from", "partner_phone"} & set(values):
            contact = self.one("res.partner", record["partner_id"])
            record["email_from"] = contact["email"]
            record["partner_phone"] = record["partner_phone"] or contact["phone"]
        if not {"email_from", "partner_phone"} & set(values) or not record["email_from"]:
            return
        if not record["partner_id"]:
            if not record["partner_name"]:
                message = "You must define a Contact Name for this applicant."
                raise OdooError("odoo.exceptions.UserError", message, 422)
            same = ["email_normalized", "=", _normalized(record["email_from"])]
            found = self.search("res.partner", [same], archived=False)
            named = {"name": record["partner_name"], "email": record["email_from"]}
            record["partner_id"] = found[0] if found else self.create("res.partner", named)
        contact = self.one("res.partner", record["partner_id"])
        contact |= {"name": record["partner_name"] or contact["name"], "email": record["email_from"]}
        contact["phone"] = record["partner_phone"] or contact["phone"]

    def _follow_job(self, number: int, record: Record, values: Record, *, quietly: bool) -> None:
        if not record["job_id"]:
            return
        if record["job_id"] not in self.tables["hr.job"]:
            raise _missing("hr.job", record["job_id"])
        if "user_id" not in values:
            record["user_id"] = self.one("hr.job", record["job_id"])["user_id"]
        record["stage_id"] = record["stage_id"] or 1
        if not quietly:
            self.mailed.append(number)

    def _after_create(self, model: str, number: int, values: Record) -> None:
        record = self.tables[model][number]
        if model == "hr.candidate" and "user_id" not in values:
            record["user_id"] = HANDOFF
        if model in _UNIQUE:
            same = [one for one in self.tables[model].values() if one["name"] == record["name"]]
            if len(same) > 1:
                message = f"The operation cannot be completed: {_UNIQUE[model]}"
                raise OdooError("odoo.exceptions.ValidationError", message, 422)
        if model == "hr.applicant" and self.version == 18:
            if not record["candidate_id"]:
                raise OdooError("odoo.exceptions.ValidationError", "Missing required value: Candidate", 422)
            for file in list(self.tables["ir.attachment"].values()):
                if (file["res_model"], file["res_id"]) == ("hr.candidate", record["candidate_id"]):
                    self.create("ir.attachment", file | {"res_model": model, "res_id": number})

    def _value(self, model: str, number: int, path: str) -> Any:
        field, _, rest = path.partition(".")
        if field == "id":
            return number
        kind, _, other = self._kind(model, field).partition(":")
        record = self.tables[model][number]
        value = record[field]
        if rest:
            return self._value(other, value, rest) if kind == "many2one" and value else False
        if field == "email_normalized":
            return _normalized(record.get("email_from") or record.get("email"))
        if field == "phone_mobile_search":
            return record.get("partner_phone") or record.get("phone")
        return value

    def _kind(self, model: str, field: str) -> str:
        if field not in self.models[model]:
            raise OdooError("builtins.ValueError", f"Invalid field '{field}' on '{model}'", 500)
        return self.models[model][field]

    def _check(self, model: str, values: Record) -> None:
        types: dict[str, tuple[type, ...]] = {
            "many2one": (int, bool),
            "many2many": (list,),
            "boolean": (bool,),
        }
        for name, value in values.items():
            kind, _, other = self._kind(model, name).partition(":")
            expected = types.get(kind, (str, bool, int))
            if not isinstance(value, expected):
                raise OdooError("builtins.ValueError", f"Wrong value for {model}.{name}: {value!r}", 500)
            if kind == "many2one" and value and value not in self.tables[other]:
                raise _missing(other, value)

    def _furnish(self) -> None:
        self.tables["res.company"][1] = {"name": "Bright Desk"}
        people = {
            ADMIN: ("Admin", "admin@brightdesk.example"),
            HANDOFF: ("Handoff", "handoff@brightdesk.example"),
            BEN: ("Ben Carter", "ben@brightdesk.example"),
            MAYA: ("Maya Okafor", "Maya@BrightDesk.example"),
            GONE: ("Gone Away", "gone@brightdesk.example"),
            PORTAL: ("Client", "client@acme.example"),
        }
        for number, (name, email) in people.items():
            contact = self.create("res.partner", {"name": name, "email": email})
            user = {
                "name": name,
                "login": email.lower(),
                "email": email,
                "partner_id": contact,
                "company_id": 1,
            }
            self.tables["res.users"][number] = user | {"share": number == PORTAL, "active": number != GONE}
        jobs = {91: ("Site Engineer (JOB-42)", True), 92: ("Site Engineer (JOB-421)", True)}
        jobs |= {93: ("Executive Assistant (JOB-48)", False), 94: ("Data Analyst (JOB-44)", True)}
        for number, (name, is_open) in jobs.items():
            self.tables["hr.job"][number] = {"name": name, "active": is_open, "user_id": ADMIN}
        for number, name in enumerate(("New", "Qualification", "First Interview"), 1):
            self.tables["hr.recruitment.stage"][number] = {"name": name, "sequence": number}


def _normalized(email: Any) -> str | bool:
    return str(email).strip().lower() if email else False


def _missing(model: str, number: Any) -> OdooError:
    message = f"Record does not exist or has been deleted.\n(Record: {model}({number},), User: {HANDOFF})"
    return OdooError("odoo.exceptions.MissingError", message, 404)
