"""What the double of OrangeHRM keeps: candidates with one vacancy and one file each, vacancies, history."""

from __future__ import annotations

from itertools import count
from typing import Any

Record = dict[str, Any]
ADD, ATTACH, SHORTLIST, REMOVED = 17, 1, 2, 16
_MANUAL = 1


class Records:
    """The tables of one instance."""

    def __init__(self) -> None:
        self._ids = count(1)
        self.candidates: dict[int, Record] = {}
        self.attachments: dict[int, list[Record]] = {}
        self.history: dict[int, list[Record]] = {}
        self.vacancies: dict[int, Record] = {
            41: _vacancy(41, "Site Engineer (JOB-42)"),
            42: _vacancy(42, "Site Engineer (JOB-421)"),
            43: _vacancy(43, "Executive Assistant (JOB-48)", is_open=False),
            44: _vacancy(44, "Data Analyst (JOB-44)"),
        }

    def add(self, body: Record) -> int:
        """A new candidate's id; nobody minds a second one with the same e-mail."""
        number = next(self._ids)
        self.candidates[number] = {"id": number, "vacancyId": None, "status": None}
        self._note(number, ADD)
        self.replace(number, body)
        return number

    def replace(self, number: int, body: Record) -> None:
        """Everything anew: what the body lacks is gone, and so is a vacancy other than the body's."""
        before = self.candidates[number]
        vacancy = body.get("vacancyId")
        if before["vacancyId"] is not None and before["vacancyId"] != vacancy:
            self._note(number, REMOVED, before["vacancyId"])
            before |= {"vacancyId": None, "status": None}
        if vacancy is not None and before["vacancyId"] is None:
            before |= {"vacancyId": vacancy, "status": "APPLICATION INITIATED"}
            self._note(number, ATTACH, vacancy)
        for name in ("firstName", "middleName", "lastName", "email", "contactNumber", "keywords", "comment"):
            before[name] = body.get(name)
        before["dateOfApplication"] = body.get("dateOfApplication") or "2026-11-21"
        before["consentToKeepData"] = body.get("consentToKeepData") or False

    def shortlist(self, number: int, text: str | None) -> Record:
        """The history's new line."""
        self.candidates[number]["status"] = "SHORTLISTED"
        return self._note(number, SHORTLIST, self.candidates[number]["vacancyId"], text)

    def attach(self, number: int, file: Record) -> Record:
        """A new row; the API and the pages show one of them at most."""
        self.attachments.setdefault(number, []).append(file | {"id": next(self._ids)})
        return self.attachment(number)

    def attachment(self, number: int) -> Record:
        """What the API tells of a candidate's file."""
        (file,) = self.attachments[number]
        told = {"fileName": file["name"], "fileType": file["type"], "fileSize": file["size"]}
        return {"id": file["id"], "candidateId": number, "attachment": told}

    def detailed(self, number: int) -> Record:
        """A candidate as it is answered."""
        record = self.candidates[number]
        vacancy = self.vacancies.get(record["vacancyId"] or 0)
        shown = {name: value for name, value in record.items() if name not in ("vacancyId", "status")}
        return shown | {
            "modeOfApplication": _MANUAL,
            "vacancy": {key: vacancy[key] for key in ("id", "name", "status", "jobTitle")}
            if vacancy
            else None,
            "status": {"id": 1, "label": record["status"]} if record["status"] else None,
            "hasAttachment": bool(self.attachments.get(number)),
        }

    def _note(self, number: int, action: int, vacancy: int | None = None, text: str | None = None) -> Record:
        line = {"id": next(self._ids), "action": action, "vacancy": vacancy, "note": text}
        self.history.setdefault(number, []).append(line)
        return line


def _vacancy(number: int, name: str, *, is_open: bool = True) -> Record:
    return {
        "id": number,
        "name": name,
        "description": "",
        "numOfPositions": 1,
        "status": is_open,
        "isPublished": True,
        "jobTitle": {"id": 1, "title": "Engineer", "isDeleted": False},
        "hiringManager": {"id": 3, "firstName": "Maya", "middleName": "", "lastName": "Okafor"},
    }
