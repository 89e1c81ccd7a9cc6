"""The queue: one undecided applicant after the other, in a modal."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.models.blocks import DividerBlock, InteractiveElement

from bot.blocks import ids, kit, parts
from bot.blocks.applicant import (
    LIGHT_WORDS,
    block_id,
    cv_link,
    cv_name,
    heading,
    name_of,
    status_name,
    title_of,
)
from bot.blocks.card import CardScreen, applied_before, decide_row, origin, profile
from bot.blocks.details import answers, contact, letter
from bot.blocks.handoff_line import handoff_line
from bot.blocks.notes import Shelf, notes_section
from bot.blocks.parts import AnyBlock, Json
from bot.models import Application

_TITLE = "Applicants to decide"
_NO_NOTES = Shelf()
_NOTES_ROOM = 6000
_MOST_NOTES = 5


@dataclass(frozen=True)
class ReviewScreen:
    """What the queue is drawn from: who is next (None at the end), and where they stand among how many.

    `last` is whom this person decided just before, as a card shows them. `said` is what is to be told first.
    `is_more` tells that `total` is as far as was counted. The
    `bookmark` travels in `private_metadata`. `shelf` has the team's notes. `looker`
    is somebody else who looks at the same applicant.
    """

    next: CardScreen | None
    position: int
    total: int
    last: CardScreen | None
    said: str
    bookmark: str
    is_more: bool = False
    shelf: Shelf = _NO_NOTES
    looker: str | None = None


def review_modal(screen: ReviewScreen) -> Json:
    """The modal's view, for `views.open` and `views.update`."""
    first: list[AnyBlock] = [
        _last(screen.last) if screen.last is not None else None,
        parts.section(f"ℹ️ {screen.said}") if screen.said else None,
    ]
    rest = _nobody(screen) if screen.next is None else _applicant(screen, screen.next)
    return parts.modal(_TITLE, [*first, *rest], callback_id=ids.REVIEW, private_metadata=screen.bookmark)


def _applicant(screen: ReviewScreen, shown: CardScreen) -> list[AnyBlock]:
    application = shown.application
    line = handoff_line(application, shown.crm_name, shown.is_connected, shown.now)
    return [
        parts.header(heading(application)),
        parts.context(f"*{_place(screen)}*{_looked_at(screen)}"),
        origin(application, shown.now),
        profile(application, _cv_words(application), most_skills=1000),
        applied_before(shown),
        parts.context(line.text) if line is not None else None,
        decide_row(shown),
        parts.actions(_other_ways(application), block_id("open", application)),
        DividerBlock(),
        *notes_section(screen.shelf, shown.now, room=_NOTES_ROOM, most=_MOST_NOTES),
        contact(application.candidate, is_brief=True),
        *letter(application.cover_letter),
        *answers(application.answers),
    ]


def _place(screen: ReviewScreen) -> str:
    total = f"{screen.total:,}{'+' if screen.is_more else ''}"
    return f"{screen.position:,} of {total} to decide"


def _looked_at(screen: ReviewScreen) -> str:
    return f" · {kit.mention(screen.looker)} looks at this one, too" if screen.looker else ""


def _other_ways(application: Application) -> list[InteractiveElement]:
    """The CV, and on to the next without a decision."""
    elements: list[InteractiveElement] = []
    link = cv_link(application)
    if link:
        elements.append(parts.button("CV", ids.OPEN_CV, url=link))
    elif application.cv is not None:
        elements.append(parts.button("Show the CV", ids.REVIEW_POST_CARD, value=ids.REVIEW_CV))
    elif application.card is None:
        elements.append(parts.button("Post the card", ids.REVIEW_POST_CARD))
    elements.append(parts.button("Skip", ids.REVIEW_SKIP))
    return elements


def _cv_words(application: Application) -> str:
    if application.cv is None:
        return "No CV came with this application"
    if cv_link(application):
        return ""
    if application.card is None and application.burst_id is not None:
        return f"CV: {cv_name(application)}, shown in the thread of the card"
    return f"CV: {cv_name(application)}, being added to the card's thread"


def _nobody(screen: ReviewScreen) -> list[AnyBlock]:
    if not screen.total:
        told = "✅ *All decided.* Nobody waits for a decision."
        return [parts.section(told), _again("Look again")]
    waits = kit.counted(screen.total, "applicant still waits", "applicants still wait")
    told = f"*That was the last one.* {waits} for a decision."
    return [parts.section(told), _again("Start with the oldest")]


def _again(text: str) -> AnyBlock:
    return parts.actions([parts.button(text, ids.REVIEW_AGAIN)], ids.REVIEW_AGAIN)


def _last(last: CardScreen) -> AnyBlock:
    """What was decided just before; Undo beside it while that is possible."""
    application = last.application
    status = f"status {kit.shown(status_name(application.status, last.statuses), 75)}"
    verdict = f"{LIGHT_WORDS[application.light]}, {status}" if application.light else status
    whom = kit.shown(application.candidate.name, 80) or "The applicant"
    text = f"*{whom}*: {verdict}"
    if not application.can_be_undone(last.now) or application.undo_until is None:
        return parts.section(text)
    undo = parts.button("Undo", ids.UNDO, accessibility_label=f"Undo: {name_of(application, 60)}")
    until = f"{text} · can be undone until {kit.clock(application.undo_until)}"
    return parts.section(until, accessory=undo, block_id=block_id("undo", application))


def about(application: Application, text: str) -> str:
    """A sentence on an applicant who may no longer be the one who is shown."""
    name = kit.shown(application.candidate.name, 80) or "The applicant"
    return f"*{name}* ({kit.shown(title_of(application.vacancy, 100), 100)}): {text}"
