"""What the double of Nutshell keeps; ids carry their kind, such as 7-contacts."""

from __future__ import annotations

from itertools import count
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat

Record = dict[str, Any]

USERS: tuple[Record, ...] = (
    {"id": "5-users", "name": "Priya Shah", "emails": ["priya@brightdesk.example"], "isEnabled": True},
    {"id": "6-users", "name": "Ben Carter", "emails": ["ben@brightdesk.example"], "isEnabled": True},
    {"id": "7-users", "name": "Old Timer", "emails": ["old@brightdesk.example"], "isEnabled": False},
    {"id": "9-users", "name": "Maya Okafor", "emails": ["Maya@BrightDesk.example"], "isEnabled": True},
)
FIELDS = ("Skills", "Source", "Favorite Number")
"""The account's own fields of people."""
STAGESETS = ({"id": "1-stagesets", "name": "Vacancies"}, {"id": "2-stagesets", "name": "Applicants"})
STAGES = ({"id": "3-stages", "name": "Applied"}, {"id": "4-stages", "name": "Shortlist"})


class Records:
    """The tables."""

    def __init__(self) -> None:
        self._ids = count(1001)
        self.contacts: dict[str, Record] = {}
        self.own: dict[str, Record] = {}
        self.notes: dict[str, Record] = {}
        self.leads: dict[str, Record] = {}
        for number, name, status in (
            (991, "Site Engineer (JOB-42)", "open"),
            (992, "Site Engineer (JOB-421)", "open"),
            (993, "Executive Assistant (JOB-48)", "lost"),
            (994, "Data Analyst (JOB-44)", "open"),
        ):
            self.add_lead(
                {"description": name, "links": {"contacts": [], "owner": "5-users"}}, number, status
            )

    def add_contact(self, fields: Record) -> Record:
        """A new contact as it is answered; its own fields are kept beside it."""
        number = next(self._ids)
        contact_id = f"{number}-contacts"
        given: Record = {"description": "", "emails": [], "phones": [], "addresses": [], "urls": []} | fields
        self.own[contact_id] = given.pop("customFields", {})
        links = {"owner": "5-users", "leads": []} | given.pop("links", {})
        given["phones"] = [phone_as_told(phone) for phone in given["phones"]]
        page = f"https://app.nutshell.com/person/{number}"
        self.contacts[contact_id] = {"id": contact_id, "htmlUrl": page, "links": links} | given
        return self.contacts[contact_id]

    def add_lead(self, fields: Record, number: int | None = None, status: str = "open") -> Record:
        """A new lead; people are linked to it both ways. Its number for people is not its id."""
        given = dict(fields)
        lead_id = f"{number or next(self._ids)}-leads"
        name = given.pop("description")
        links = {"contacts": [], "owner": "5-users", "stageset": "1-stagesets"} | given.pop("links", {})
        lead: Record = {"id": lead_id, "number": 77, "name": name, "description": name, "status": status}
        self.leads[lead_id] = lead | {"links": links}
        for contact_id in links["contacts"]:
            self.contacts[contact_id]["links"]["leads"].append(lead_id)
        return self.leads[lead_id]

    def add_note(self, body: str, parent: str, author: str) -> Record:
        """A new note."""
        note_id = f"{next(self._ids)}-notes"
        self.notes[note_id] = {"id": note_id, "body": body, "parent": parent, "author": author}
        return self.notes[note_id]


def phone_as_told(phone: Record) -> Record:
    """A number with the spellings that Nutshell adds."""
    value = dict(phone["value"])
    if "countryCode" in value:
        number = phonenumbers.parse(f"+{value['countryCode']}{value['number']}")
        value["E164"] = phonenumbers.format_number(number, PhoneNumberFormat.E164)
        spaced = phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)
        value["countryCodeAndNumber"] = spaced
    return phone | {"value": value}
