"""OrangeHRM's world, on its double."""

from __future__ import annotations

import base64
import itertools
import re
from collections.abc import Mapping
from typing import Any, ClassVar

from tests.crm.world import KnownVacancy, Operation, SeenNote
from tests.crm.worlds._double import OAuthWorld
from tests.doubles.orangehrm import OrangeHrmDouble
from tests.doubles.orangehrm.records import Record
from tests.support import Clock


class World(OAuthWorld[OrangeHrmDouble]):
    """People without an e-mail can't be; where a scene gives none, the double gives them one."""

    key = "ORANGEHRM"
    kind = OrangeHrmDouble
    answers: ClassVar[Mapping[str, str]] = {"url": "https://hr.brightdesk.example"}
    requests: ClassVar[Mapping[Operation, tuple[str, str]]] = {
        "token": ("POST", "/web/index.php/oauth2/token"),
        "whoami": ("GET", "/web/index.php/api/v2/pim/myself"),
        "find": ("GET", "/web/index.php/api/v2/recruitment/candidates"),
        "create": ("POST", "/web/index.php/api/v2/recruitment/candidates"),
        "cv": ("POST", "/web/index.php/api/v2/recruitment/candidate/attachments"),
        "note": ("PUT", "/web/index.php/api/v2/recruitment/candidates/*"),
        "link": ("PUT", "/web/index.php/api/v2/recruitment/candidates/*"),
    }
    one_person_per_email = True
    open_vacancy = KnownVacancy("41", "JOB-42", "Site Engineer (JOB-42)")
    closed_vacancy = KnownVacancy("43", "JOB-48", "Executive Assistant (JOB-48)")

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self._numbers = itertools.count(1)

    def add_person(self, **fields: Any) -> str:
        body: Record = {
            "firstName": fields.get("first_name", "-"),
            "lastName": fields["last_name"],
            "email": fields.get("email", f"somebody{next(self._numbers)}@elsewhere.example"),
            "contactNumber": fields.get("phone"),
            "keywords": ", ".join(fields.get("skills", ())) or None,
        }
        return str(self.double.records.add(body))

    def people(self) -> list[dict[str, Any]]:
        return [self._seen(record) for record in self.double.records.candidates.values()]

    def cvs(self, person_id: str) -> list[tuple[str, bytes]]:
        files = self.double.records.attachments.get(int(person_id), [])
        return [(file["name"], base64.b64decode(file["base64"])) for file in files]

    def notes(self, person_id: str) -> list[SeenNote]:
        record = self.double.records.candidates[int(person_id)]
        marks = re.findall(r"handoff:note-([^,]+)", record["keywords"] or "")
        return [SeenNote(record["comment"], mark, None) for mark in marks]

    def links(self, person_id: str) -> list[tuple[str, str]]:
        records = self.double.records
        email = records.candidates[int(person_id)]["email"]
        return [
            (
                str(one["vacancyId"]),
                "".join(re.findall(r"^Source: (.+)$", one["comment"] or "", re.MULTILINE)),
            )
            for one in records.candidates.values()
            if one["email"] == email and one["vacancyId"] is not None
        ]

    def _seen(self, record: Record) -> dict[str, Any]:
        words = [word for word in (record["keywords"] or "").split(", ") if word and ":" not in word]
        return {
            "id": str(record["id"]),
            "first_name": record["firstName"],
            "last_name": record["lastName"],
            "email": record["email"],
            "phone": record["contactNumber"],
            "skills": words or None,
        }
