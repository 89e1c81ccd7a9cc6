"""Values that screens are drawn from, with what a test is about as arguments."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.blocks.card import CardScreen
from bot.blocks.home import HomeScreen
from bot.blocks.review import ReviewScreen
from bot.blocks.settings import SettingsScreen
from bot.models import (
    Answer,
    Application,
    Candidate,
    Card,
    CvFile,
    Decision,
    EarlierApplication,
    Ground,
    Handoff,
    HandoffState,
    Light,
    Note,
    NoteState,
    Target,
    Vacancy,
)
from bot.rules.statuses import DEFAULT_STATUSES
from bot.workspace import Boxes, Question, SettingsChange

NOW = datetime(2026, 11, 21, 10, 31, tzinfo=UTC)
ANA, BEN = "U0ANA", "U0BEN"
PERMALINK = "https://acme.slack.com/archives/C1/p1?thread_ts=1"
RECORD_URL = "https://crm.example.com/people/7?tab=cv&x=1"

APPLICATION = Application(
    id="01KAPPLICATION",
    team_id="T1",
    source="Indeed",
    external_id="indeed-8812",
    received_at=NOW - timedelta(minutes=5),
    applied_at=NOW - timedelta(minutes=6),
    candidate=Candidate(
        last_name="Novák",
        first_name="Ana",
        email="ana@example.com",
        phone="+44 7700 900123",
        location="Leeds",
        headline="Site Engineer at Bolt Ltd",
        skills=("Setting out", "AutoCAD", "SQL"),
        links=("https://example.com/ana",),
    ),
    vacancy=Vacancy("JOB-42", "Site Engineer", "Acme", "Leeds"),
    cover_letter="Dear all,\n\nI build bridges.\n\nAna",
    answers=(Answer("Can you drive?", "Yes"), Answer("When can you start?", "At once")),
    cv=CvFile("ana.pdf", "application/pdf", 120_400),
    card=Card("C1", "1.1", PERMALINK),
)

EARLIER = (
    EarlierApplication(
        "01KE1",
        Vacancy("J1", "Foreman"),
        NOW - timedelta(days=40),
        Light.GREEN,
        "shortlist",
        BEN,
        NOW - timedelta(days=18),
    ),
    EarlierApplication("01KE2", Vacancy("J2", "Surveyor"), NOW - timedelta(400), None, "new", None, None),
    EarlierApplication(
        "01KE3",
        Vacancy("J3", "Driver"),
        NOW - timedelta(days=500),
        None,
        "interview",
        ANA,
        NOW - timedelta(days=420),
    ),
    EarlierApplication("01KE4", Vacancy("J4", "Clerk"), NOW - timedelta(days=600), None, "new", None, None),
)

HISTORY = (
    Decision(1, ANA, NOW - timedelta(hours=3), "light", None, Light.RED, "new", "rejected", undone=True),
    Decision(2, ANA, NOW - timedelta(hours=2), "undo", Light.RED, None, "rejected", "new"),
    Decision(3, BEN, NOW - timedelta(hours=1), "light", None, Light.GREEN, "new", "shortlist"),
    Decision(4, ANA, NOW, "status", Light.GREEN, Light.GREEN, "shortlist", "interview"),
)

NOTES = (
    Note("01KN1", "01KAPPLICATION", ANA, NOW - timedelta(hours=2), "After *5 pm* <!channel>\n\nhttps://x"),
    Note(
        "01KN2",
        "01KAPPLICATION",
        BEN,
        NOW - timedelta(hours=1),
        "ראיון ביום ב׳ 👩‍🔧",
        NoteState.SENT,
        crm="demo",
    ),
    Note(
        "01KN3",
        "01KAPPLICATION",
        BEN,
        NOW - timedelta(minutes=9),
        "",
        removed_by=ANA,
        removed_at=NOW - timedelta(minutes=3),
    ),
    Note("01KN4", "01KAPPLICATION", ANA, NOW, "Licence seen.", NoteState.FAILED, "Demo CRM refused <it>."),
)

QUESTIONS = (
    Question("region", "Data centre", kind="choice", choices=(("emea", "Europe"), ("apac", "Asia Pacific"))),
    Question("address", "Address", hint="As in your browser.", placeholder="https://…"),
    Question("key", "API key", kind="secret"),
    Question("note", "Remark", optional=True),
)


OPTIONS = (
    Question("stage", "Stage of a new application", "live", hint="Until you choose: the first."),
    Question("cv", "CVs are attached as", "choice", choices=(("file", "Files"), ("old", "Attachments"))),
    Question("tag", "Shortlist instead of online response", "tick", hint="As before."),
    Question("subject", "Subject", placeholder="New applicant"),
)


def decided(light: Light | None, status: str, **more: Any) -> Application:
    """The sample application as Ben left it a minute ago."""
    changes: dict[str, Any] = {
        "decided_by": BEN,
        "decided_at": NOW - timedelta(minutes=1),
        "version": 1,
    } | more
    return replace(APPLICATION, light=light, status=status, **changes)


def green(handoff: Handoff, **more: Any) -> Application:
    """The sample application after Green."""
    return decided(Light.GREEN, "shortlist", handoff=handoff, **more)


def waiting(**more: Any) -> Handoff:
    """A handoff to the CRM and the vacancy that Green asked for."""
    asked = Handoff(Target.CRM_AND_VACANCY, state=HandoffState.WAITING, ground=Ground.GREEN, crm="demo")
    return replace(asked, **more)


def sent(target: Target = Target.CRM_AND_VACANCY, **more: Any) -> Handoff:
    """A handoff that has arrived."""
    arrived = Handoff(
        target,
        sent=target,
        state=HandoffState.SENT,
        crm="demo",
        candidate_id="7",
        candidate_url=RECORD_URL,
    )
    return replace(arrived, **more)


def a_card(application: Application = APPLICATION, **more: Any) -> CardScreen:
    """A card's values, connected to the demo CRM."""
    screen = CardScreen(application, (), DEFAULT_STATUSES, "Demo CRM", is_connected=True, now=NOW)
    return replace(screen, **more)


def a_review(shown: CardScreen | None, **more: Any) -> ReviewScreen:
    """The queue's values at the first of some."""
    return replace(ReviewScreen(shown, position=1, total=41, last=None, said="", bookmark="{}"), **more)


def settings(**more: Any) -> SettingsScreen:
    """The settings of a workspace that is signed in to the demo CRM."""
    screen = SettingsScreen(
        crms=[("demo", "Demo CRM"), ("odoo", "Odoo")],
        crm="demo",
        crm_name="Demo CRM",
        questions=(),
        answers={},
        login_url=None,
        account="Ana Recruiter (Acme)",
        broken=None,
        boxes=Boxes(send_green=True),
        statuses=DEFAULT_STATUSES,
        green_status="shortlist",
        channel="C1",
        undo_seconds=10,
        most_cards=0,
        editors=(ANA,),
        history=(),
        waiting=0,
        error=None,
        private_metadata="{}",
    )
    return replace(screen, **more)


CHANGES = (
    SettingsChange(ANA, NOW, ("ticked “the green traffic light”", "channel for new cards: <#C0NEW>")),
    SettingsChange(BEN, NOW - timedelta(days=1), ("connected Demo CRM as <Ana>",)),
)


def a_home(**more: Any) -> HomeScreen:
    """The Home tab of an admin in a workspace where all is well."""
    screen = HomeScreen(
        is_editor=True,
        is_decider=True,
        crm_name="Demo CRM",
        account="Ana Recruiter (Acme)",
        broken=None,
        boxes=Boxes(send_green=True, send_amber=True),
        send_notes=False,
        trigger_name=None,
        green_name="Shortlist",
        channel="C1",
        undecided=3,
        waiting=1,
        failed=0,
        now=NOW,
    )
    return replace(screen, **more)
