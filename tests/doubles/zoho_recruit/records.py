"""What the double of Zoho Recruit keeps: candidates, files, notes, job openings, associations, users."""

from __future__ import annotations

from itertools import count
from typing import Any

Record = dict[str, Any]

STATUSES = ("New", "Associated", "Qualified", "Rejected")
STAMP = "2026-11-21T09:30:00+00:00"
USERS: tuple[Record, ...] = (
    {"id": "4868000000000005", "full_name": "Priya Shah", "email": "priya@brightdesk.example"},
    {"id": "4868000000000006", "full_name": "Ben Carter", "email": "ben@brightdesk.example"},
    {
        "id": "4868000000000007",
        "full_name": "Old Timer",
        "email": "old@brightdesk.example",
        "status": "disabled",
    },
    *(
        {"id": f"48680000000001{n:02}", "full_name": f"User {n}", "email": f"user{n}@brightdesk.example"}
        for n in range(20)
    ),
    {"id": "4868000000000900", "full_name": "Maya Okafor", "email": "Maya@BrightDesk.example"},
)
BLANK: Record = dict.fromkeys(
    ("First_Name", "Last_Name", "Email", "Secondary_Email", "Mobile", "Phone", "Street", "City", "State")
)
BLANK |= dict.fromkeys(("Zip_Code", "Country", "Current_Job_Title", "Skill_Set", "Source", "Website"))


def person(user: Record) -> Record:
    """A user as other records name them."""
    return {"name": user["full_name"], "id": user["id"]}


class Records:
    """The tables; ids are strings of digits as Zoho's are."""

    def __init__(self) -> None:
        self._ids = count(4868000000010001)
        self.users = [{"status": "active", "type": "USER"} | user for user in USERS]
        self.candidates: dict[str, Record] = {}
        self.files: dict[str, list[Record]] = {}
        self.notes: list[Record] = []
        self.associated: dict[tuple[str, str], Record] = {}
        self.jobs: dict[str, Record] = {}
        for number, code, title, status in (
            ("991", "JOB-42", "Site Engineer", "In-progress"),
            ("992", "JOB-421", "Site Engineer", "In-progress"),
            ("993", "JOB-48", "Executive Assistant", "Filled"),
            ("994", "ZR_4_JOB", "Data Analyst (JOB-44)", "Waiting for approval"),
        ):
            self.add_job(number, code, title, status)

    def new_id(self) -> str:
        """The next id."""
        return str(next(self._ids))

    def add_job(self, number: str, code: str, title: str, status: str) -> Record:
        """A job opening; the higher its number, the newer it is."""
        self.jobs[number] = {
            "id": number,
            "Posting_Title": title,
            "Job_Opening_ID": code,
            "Job_Opening_Status": status,
            "Created_Time": f"2026-10-{int(number) - 980:02}T09:00:00+00:00",
            "Account_Manager": person(self.users[0]),
        }
        return self.jobs[number]

    def twin(self, email: str | None, other_than: str | None = None) -> str | None:
        """The candidate who has that e-mail, which is unique."""
        for one in self.candidates.values():
            if email and one["id"] != other_than and (one["Email"] or "").casefold() == email.casefold():
                return str(one["id"])
        return None

    def add_candidate(self, fields: Record) -> Record:
        """A new candidate as it is answered: its owner by name and under another field."""
        owner = fields.pop("Owner", None) or {"id": self.users[0]["id"]}
        users = {user["id"]: user for user in self.users}
        record = BLANK | {"Candidate_Status": "New"} | fields
        record |= {"id": self.new_id(), "Candidate_Owner": person(users[owner["id"]]), "Created_Time": STAMP}
        self.candidates[record["id"]] = record
        return record
