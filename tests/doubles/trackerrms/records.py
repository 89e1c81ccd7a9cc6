"""What the double of TrackerRMS keeps."""

from __future__ import annotations

from itertools import count
from typing import Any

Record = dict[str, Any]


class Records:
    """The tables, by id."""

    def __init__(self) -> None:
        self._ids = count(139769)
        self.resources: dict[int, Record] = {}
        self.documents: dict[int, Record] = {}
        self.activities: list[Record] = []
        self.listed: list[Record] = []
        self.opportunities: dict[int, Record] = {}
        for number, name, state in (
            (991, "JOB-42 Site Engineer", "open"),
            (992, "JOB-421 Site Engineer, nights", "open"),
            (993, "JOB-48 Executive Assistant", "closed"),
            *((1000 + place, f"Welder {place}", "open") for place in range(12)),
        ):
            self.add_opportunity(number, name, state)

    def number(self) -> int:
        """A fresh id."""
        return next(self._ids)

    def add_opportunity(self, number: int, name: str, state: str) -> None:
        """A new job."""
        told = {"opportunityId": number, "opportunityName": name, "state": state}
        self.opportunities[number] = told | {"publishOnline": True}

    def add_resource(self, fields: Record) -> Record:
        """A new candidate."""
        number = self.number()
        blank: Record = {"firstName": None, "surname": None, "jobTitle": None, "source": None}
        contact = {"email": None, "mobilePhone": None, "telephone": None} | fields.get("contactDetails", {})
        self.resources[number] = {"resourceId": number} | blank | fields | {"contactDetails": contact}
        return self.resources[number]
