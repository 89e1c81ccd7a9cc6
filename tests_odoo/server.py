"""The Odoo that the tests run against: where it is, and what it holds, seen past the connector."""

from __future__ import annotations

import base64
import json
import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests

STARTER = Path(__file__).parents[2] / "shared" / "odoo" / "up"
ADVICE = (
    "No Odoo to test against. Set HANDOFF_ODOO to a JSON file, or to the address of one, with url, db, login,"
    " key, open_vacancy and closed_vacancy of an Odoo with the Recruitment app that may be written to."
)


class NoOdooError(Exception):
    """There is none, and nothing that could start one."""


@dataclass(frozen=True)
class OdooServer:
    """A running Odoo. `key` belongs to a user who may recruit; the vacancies are ids of job positions."""

    url: str
    db: str
    login: str
    key: str = field(repr=False)
    open_vacancy: int
    closed_vacancy: int

    @property
    def answers(self) -> dict[str, str]:
        """What an admin enters in the settings."""
        return {"url": self.url, "database": self.db, "login": self.login, "key": self.key}

    def call(self, model: str, method: str, **named: Any) -> Any:
        """What a method of a model returns."""
        answer = requests.post(
            f"{self.url}/json/2/{model}/{method}",
            json=named,
            headers={"Authorization": f"bearer {self.key}", "X-Odoo-Database": self.db},
            timeout=30,
        )
        assert answer.status_code == 200, answer.json().get("message")
        return answer.json()

    def applicants(self, email: str) -> list[dict[str, Any]]:
        """All applicants with that e-mail, the oldest first."""
        fields = [
            "partner_name",
            "partner_id",
            "partner_phone",
            "job_id",
            "stage_id",
            "user_id",
            "source_id",
            "categ_ids",
        ]
        domain = [["email_normalized", "=", email.lower()]]
        found: list[dict[str, Any]] = self.call(
            "hr.applicant",
            "search_read",
            domain=domain,
            fields=fields,
            order="id",
            context={"active_test": False},
        )
        return found

    def files(self, applicant: int) -> list[tuple[str, bytes]]:
        """Names and bytes of what is attached to an applicant."""
        domain = [["res_model", "=", "hr.applicant"], ["res_id", "=", applicant]]
        found = self.call("ir.attachment", "search_read", domain=domain, fields=["name", "datas"], order="id")
        return [(file["name"], base64.b64decode(file["datas"])) for file in found]

    def notes(self, applicant: int) -> list[str]:
        """The HTML of the notes that people see in an applicant's log."""
        return [message["body"] for message in self.log(applicant) if message["message_type"] == "comment"]

    def log(self, applicant: int) -> list[dict[str, Any]]:
        """Everything in an applicant's log."""
        domain = [["model", "=", "hr.applicant"], ["res_id", "=", applicant]]
        fields = ["body", "message_type", "author_id", "subtype_id"]
        found: list[dict[str, Any]] = self.call(
            "mail.message", "search_read", domain=domain, fields=fields, order="id"
        )
        return found


def running_odoo() -> OdooServer:
    """The Odoo that `HANDOFF_ODOO` describes, else one that the script beside this repository starts."""
    try:
        known = json.loads(_description())
        return OdooServer(**{name: known[name] for name in OdooServer.__dataclass_fields__})
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise NoOdooError(ADVICE) from error


def _description() -> str:
    told = os.environ.get("HANDOFF_ODOO", "").strip()
    if told.startswith(("http://", "https://")):
        return requests.get(told, timeout=30).text
    if told:
        return Path(told).read_text("utf-8")
    started = subprocess.run([str(STARTER)], check=True, stdout=subprocess.PIPE, text=True)
    return started.stdout.strip().splitlines()[-1]
