"""Values to store, with what a test is about as arguments."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.models import Answer, Application, Candidate, CvFile, Handoff, HandoffState, Vacancy
from bot.workspace import Connection, Credentials

from ..support import START, TEAM

_numbers = itertools.count(1)

ANA = Candidate(
    last_name="Novák",
    first_name="Ana",
    email="ana@example.com",
    phone="+44 7700 900123",
    location="Leeds",
    headline="Site Engineer at Bolt Ltd",
    skills=("SQL", "Setting out"),
    links=("https://example.com/ana",),
)


def an_application(**changes: Any) -> Application:
    """A complete application, later than those made before it."""
    number = next(_numbers)
    plain = Application(
        id=f"01K{number:023d}",
        team_id=TEAM,
        source="Indeed",
        external_id=f"indeed-{number}",
        received_at=START + timedelta(seconds=number),
        applied_at=START,
        candidate=ANA,
        vacancy=Vacancy("JOB-42", "Site Engineer", "Acme", "Leeds", "991"),
        cover_letter="I build bridges.",
        answers=(Answer("Can you drive?", "Yes"),),
        cv=CvFile("ana.pdf", "application/pdf", 4),
    )
    return replace(plain, **changes)


def a_handoff(state: str) -> Handoff:
    """A handoff that stands there."""
    return Handoff(state=HandoffState(state))


def a_connection(**changes: Any) -> Connection:
    """A sign-in to a CRM, with answers and credentials that nobody may read in the database."""
    plain = Connection(
        id=0,
        team_id=TEAM,
        crm="DEMO",
        account="Bright Desk",
        answers={"domain": "secret-domain"},
        credentials=Credentials(
            "secret-access", "secret-refresh", START, "https://api.example.com", {"k": "v"}
        ),
        connected_by="UADMIN",
        connected_at=START,
        version=1,
    )
    return replace(plain, **changes)
