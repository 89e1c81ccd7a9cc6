"""Whatever applicants, sources and CRMs send: every screen stays within Slack's limits and pings nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.blocks import notices
from bot.blocks.card import card
from bot.blocks.details import details, history
from bot.blocks.home import home
from bot.blocks.notes import Shelf, add_note_modal
from bot.blocks.review import about, review_modal
from bot.blocks.settings import settings_modal
from bot.blocks.summary import SummaryScreen, summary
from bot.models import (
    Answer,
    Application,
    Candidate,
    Card,
    CvFile,
    EarlierApplication,
    Handoff,
    HandoffState,
    Light,
    Note,
    NoteCounts,
    NoteState,
    Status,
    Target,
    Vacancy,
)
from bot.playground.slack.blockkit import check_blocks, check_view
from bot.rules.statuses import DEFAULT_STATUSES
from bot.workspace import Boxes, Question, SettingsChange

from .hostile import texts
from .samples import ANA, APPLICATION, BEN, HISTORY, NOW, a_card, a_home, a_review, settings

_OURS = re.compile(r"<!date\^\d+\^[^|<>]*\|[^<>]*>|<@U0(?:ANA|BEN)>|<#C1>")
_VIEW_BYTES = 250_000
_some = examples(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

maybe = st.none() | texts
candidates = st.builds(
    Candidate,
    last_name=texts,
    first_name=maybe,
    email=maybe,
    phone=maybe,
    location=maybe,
    headline=maybe,
    skills=st.lists(texts, max_size=5).map(tuple),
    links=st.lists(texts, max_size=20).map(tuple),
)
vacancies = st.builds(Vacancy, reference=texts, title=texts, client=maybe, location=maybe)
statuses = texts.map(
    lambda name: (Status("new", name), Status("interview", name), Status("off", name, False))
)
handoffs = st.builds(
    Handoff,
    target=st.sampled_from(Target),
    sent=st.sampled_from(Target),
    state=st.sampled_from(HandoffState),
    reason=maybe,
    attempts=st.integers(0, 3),
    candidate_id=maybe,
    candidate_url=maybe | st.just("https://crm.example.com/<!channel>"),
    owner=maybe,
    owner_note=maybe,
)
applications = st.builds(
    lambda candidate, vacancy, handoff, source, light, status, filename, link, undo: replace(
        APPLICATION,
        candidate=candidate,
        vacancy=vacancy,
        handoff=handoff,
        source=source,
        light=light,
        status=status,
        decided_by=BEN if light else None,
        decided_at=NOW if light else None,
        cv=CvFile(filename, "application/pdf", 5) if filename else None,
        card=Card("C1", "1.1", link),
        undo_until=NOW + timedelta(seconds=undo),
    ),
    candidates,
    vacancies,
    handoffs,
    texts,
    st.none() | st.sampled_from(Light),
    st.sampled_from(["new", "interview", "off", "gone"]),
    maybe,
    maybe,
    st.integers(-5, 5),
)


def strings(value: Any, kind: str = "") -> Iterator[tuple[str, str]]:
    """Every text in a payload with the kind of text object it is in."""
    if isinstance(value, dict):
        inner = str(value.get("type", ""))
        for key, item in value.items():
            yield from strings(item, inner if key == "text" else key)
    elif isinstance(value, list):
        for item in value:
            yield from strings(item, kind)
    elif isinstance(value, str):
        yield kind, value


def assert_harmless(payload: Any) -> None:
    """Only our own markup is in what Slack reads as mrkdwn; all of it can be sent."""
    json.dumps(payload, ensure_ascii=False).encode()
    for kind, text in strings(payload):
        if kind == "mrkdwn":
            assert "<" not in _OURS.sub("", text)
            assert len(text) <= 3000


@_some
@given(applications, vacancies, statuses, maybe, st.booleans())
def test_no_text_breaks_the_card(
    application: Application,
    vacancy: Vacancy,
    named: tuple[Status, ...],
    crm_name: str | None,
    is_connected: bool,
) -> None:
    """Nor pings anyone from it."""
    earlier = [EarlierApplication("1", vacancy, NOW, Light.RED, "new", BEN, NOW)] * 5
    screen = a_card(
        application, earlier=earlier, statuses=named, crm_name=crm_name, is_connected=is_connected
    )
    message = card(screen)
    assert check_blocks(message["blocks"], "message") == []
    assert_harmless(message)
    assert "<" not in message["text"]
    assert 0 < len(message["text"]) <= 1000


@_some
@given(applications, texts, st.lists(st.builds(Answer, texts, texts), max_size=60), statuses)
def test_no_text_breaks_the_details(
    application: Application, letter: str, answers: list[Answer], named: tuple[Status, ...]
) -> None:
    """Nor the queue, however long, however odd."""
    full = replace(application, cover_letter=letter, answers=tuple(answers))
    held = a_card(replace(full, card=None, burst_id="1"), statuses=named)
    said = about(full, notices.stale_click(full, named, NOW))
    queue = review_modal(a_review(held, last=a_card(full, statuses=named), said=said))
    for view in (details(full, (), HISTORY, named, NOW), queue):
        assert check_view(view) == []
        assert_harmless(view)
        assert len(json.dumps(view)) <= _VIEW_BYTES


@_some
@given(st.lists(st.tuples(texts, st.integers(1, 10**6)), max_size=9))
def test_no_text_breaks_the_summary(titles: list[tuple[str, int]]) -> None:
    """Whatever sources call their vacancies."""
    message = summary(SummaryScreen(20, titles, NOW))
    assert check_blocks(message["blocks"], "message") == []
    assert_harmless(message)
    assert 0 < len(message["text"]) <= 1000


@_some
@given(texts, texts, maybe, maybe, statuses)
def test_no_text_breaks_the_settings(
    name: str, answer: str, account: str | None, broken: str | None, named: tuple[Status, ...]
) -> None:
    """Neither a CRM's name and account, nor an answer, nor a status, nor a line of the history."""
    question = Question("key", name, hint=answer, placeholder=answer, choices=(("a", name or "A"),))
    screen = settings(
        crms=[("demo", name)],
        crm_name=name,
        questions=(question, replace(question, key="other", kind="choice")),
        answers={"key": answer},
        account=account,
        broken=broken,
        statuses=named,
        boxes=Boxes(send_status=True, trigger_status="interview"),
        history=[SettingsChange(ANA, NOW, (answer, name))] * 9,
        error=answer,
    )
    view = settings_modal(screen)
    assert check_view(view) == []
    assert_harmless(view)


@_some
@given(maybe, maybe, maybe, maybe, maybe)
def test_no_text_breaks_the_home_tab(
    crm_name: str | None, account: str | None, broken: str | None, trigger: str | None, green: str | None
) -> None:
    """Nor a notice."""
    screen = a_home(crm_name=crm_name, account=account, broken=broken, trigger_name=trigger, green_name=green)
    view = home(replace(screen, boxes=Boxes(send_status=True)))
    assert check_view(view) == []
    assert_harmless(view)
    for text in (
        notices.sign_in_broken(crm_name or "", broken),
        notices.crm_in_trouble(crm_name or "", broken),
        notices.unknown_argument(account or ""),
        notices.went_wrong(account or ""),
        notices.channel_unusable("C1"),
    ):
        assert "<" not in _OURS.sub("", text)


notes = st.builds(
    lambda text, state, reason, by: Note("1", "01KAPPLICATION", ANA, NOW, text, state, reason, removed_by=by),
    texts,
    st.sampled_from(NoteState),
    maybe,
    maybe,
)


@_some
@given(st.lists(notes, max_size=30), maybe)
def test_no_note_breaks_the_modals_it_is_read_in(written: list[Note], crm_name: str | None) -> None:
    """Whatever a member types: within Slack's limits, and nobody is pinged."""
    numbered = [replace(note, id=str(number)) for number, note in enumerate(written)]
    gone = [replace(note, removed_at=NOW) for note in numbered[::3]]
    shelf = Shelf([*numbered, *gone], [note.id for note in numbered], crm_name)
    for view in (
        details(APPLICATION, (), HISTORY, DEFAULT_STATUSES, NOW, shelf),
        history(APPLICATION, HISTORY, DEFAULT_STATUSES, NOW, shelf=shelf),
        add_note_modal(APPLICATION, "Everyone can read it.", shelf, NOW),
    ):
        assert check_view(view) == []
        assert_harmless(view)
        assert len(json.dumps(view)) <= _VIEW_BYTES


@_some
@given(st.builds(NoteCounts, *[st.integers(0, 3)] * 4, maybe), maybe, st.booleans())
def test_no_reason_breaks_the_line_on_notes(
    counts: NoteCounts, crm_name: str | None, is_connected: bool
) -> None:
    """Neither a CRM's name nor its refusal."""
    message = card(a_card(notes=counts, crm_name=crm_name, is_connected=is_connected))
    assert check_blocks(message["blocks"], "message") == []
    assert_harmless(message)


def test_the_fullest_details_stay_below_a_views_size() -> None:
    """Every field at its longest, in characters that take the most bytes."""
    long = "𝕏" * 20_000
    candidate = Candidate(long, long, long, long, long, long, (long,), (long,) * 20)
    full = replace(
        APPLICATION,
        candidate=candidate,
        cover_letter=long,
        answers=(Answer(long, long),) * 60,
        cv=CvFile(long, "x", 1),
    )
    named = (Status("new", long), Status("shortlist", long), Status("rejected", long))
    earlier = [EarlierApplication("1", Vacancy(long, long), NOW, None, "new", BEN, NOW)] * 30
    written = [Note(str(number), "1", ANA, NOW, "𝕏" * 3000) for number in range(40)]
    shelf = Shelf(written, [note.id for note in written], long)
    shown = a_card(full, earlier=earlier, statuses=named, crm_name=long)
    for view in (
        details(full, earlier, HISTORY * 10, named, NOW, shelf),
        history(full, HISTORY * 10, named, NOW, shelf=shelf),
        review_modal(a_review(shown, last=shown, said=about(full, "x"))),
    ):
        assert check_view(view) == []
        assert len(json.dumps(view)) <= _VIEW_BYTES
