"""The modals behind a card: contact data, notes, cover letter and answers; and the history."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import ids, kit, parts
from bot.blocks.applicant import (
    LIGHT_WORDS,
    block_id,
    cv_link,
    cv_name,
    earlier_line,
    heading,
    status_name,
)
from bot.blocks.notes import Shelf, notes_section, removed_lines
from bot.blocks.parts import AnyBlock, Json
from bot.models import Answer, Application, Candidate, Decision, EarlierApplication, Light, Status
from bot.workspace import VacancyChoice

# Together they stay below the 250 KB of a view even if every character takes the six bytes of an escape.
_SECTION = 3000
_LETTER_SECTIONS = 3
_ANSWERS = 9000
_ANSWER = 2500
_QUESTION = 300
_MOST_ANSWERS = 40
_MOST_LINKS = 10
_MOST_EARLIER = 10
_MOST_DECISIONS = 15
_NOTES = 9000
_MOST_NOTES = 10
_NOTES_IN_HISTORY = 27_000
_MOST_NOTES_IN_HISTORY = 25
_NO_NOTES = Shelf()


def details(
    application: Application,
    earlier: Sequence[EarlierApplication],
    history: Sequence[Decision],
    statuses: Sequence[Status],
    now: datetime,
    shelf: Shelf = _NO_NOTES,
) -> Json:
    """The modal with everything an applicant sent, and the team's notes. `history` in any order."""
    blocks: list[AnyBlock] = [
        parts.header(heading(application)),
        contact(application.candidate),
        _cv(application),
        *notes_section(shelf, now, room=_NOTES, most=_MOST_NOTES),
        *letter(application.cover_letter),
        *answers(application.answers),
        *_earlier(earlier, statuses, now),
        *_history(history, statuses, now),
    ]
    return parts.modal("Answers & contact", blocks, **_named(ids.DETAILS, application))


def history(
    application: Application,
    history: Sequence[Decision],
    statuses: Sequence[Status],
    now: datetime,
    vacancy: VacancyChoice | None = None,
    shelf: Shelf = _NO_NOTES,
) -> Json:
    """The modal with who decided what and when, who chose the `vacancy`, and who wrote which note.

    `history` in any order.
    """
    told = _history(history, statuses, now) or [parts.section("Nothing was decided yet.")]
    chosen = parts.rich_text(_vacancy_choice(vacancy, now)) if vacancy is not None else None
    gone = removed_lines(shelf, now)
    blocks: list[AnyBlock] = [
        parts.header(heading(application)),
        *told,
        chosen,
        *notes_section(shelf, now, room=_NOTES_IN_HISTORY, most=_MOST_NOTES_IN_HISTORY),
        parts.rich_text(*gone) if gone else None,
    ]
    return parts.modal("History", blocks, **_named(ids.HISTORY, application))


def _named(which: str, application: Application) -> Json:
    """What a modal is drawn anew by after something in it was removed."""
    return {"callback_id": which, "private_metadata": application.id}


def _vacancy_choice(choice: VacancyChoice, now: datetime) -> list[Json]:
    """`Vacancy Site Engineer (JOB-42) chosen for JOB-48 by @Ana, 21 Nov at 10:31`."""
    return [
        parts.words(f"Vacancy {kit.plain(choice.title, 100)}", bold=True),
        parts.words(f" chosen for {kit.plain(choice.reference, 60)} by "),
        parts.person(choice.chosen_by),
        parts.words(", "),
        parts.moment(choice.chosen_at, now),
    ]


def contact(candidate: Candidate, *, is_brief: bool = False) -> AnyBlock:
    """How to reach somebody, and unless that is shown already, what they say of themselves."""
    told = [("E-mail", kit.plain(candidate.email, 320)), ("Phone", kit.plain(candidate.phone, 60))]
    if not is_brief:
        told += [
            ("Location", kit.plain(candidate.location, 200)),
            ("Headline", kit.plain(candidate.headline, 300)),
            ("Skills", kit.plain(", ".join(candidate.skills), 1000)),
        ]
    told += [("Link", kit.plain(link, 500)) for link in candidate.links[:_MOST_LINKS]]
    lines = [[parts.words(f"{label}: ", bold=True), parts.words(text)] for label, text in told if text]
    return parts.rich_text(*lines) if lines else None


def _cv(application: Application) -> AnyBlock:
    if application.cv is None:
        return parts.typed("No CV came with this application.")
    link = cv_link(application)
    open_cv = parts.button("Open CV", ids.OPEN_CV, url=link) if link else None
    rest = "" if link else ", being added to the card's thread"
    return parts.typed(
        f"CV: {cv_name(application)}{rest}", accessory=open_cv, block_id=block_id("details", application)
    )


def letter(text: str | None) -> list[AnyBlock]:
    """The cover letter, if there is one."""
    pages, left = kit.pages(text, _SECTION, _LETTER_SECTIONS)
    if not pages:
        return []
    blocks: list[AnyBlock] = [
        parts.section("*Cover letter*"),
        *(parts.rich_text([parts.words(page)]) for page in pages),
    ]
    if left:
        blocks.append(parts.context(f"Cut here: {kit.counted(left, 'character', 'characters')} more."))
    return blocks


def answers(given: Sequence[Answer]) -> list[AnyBlock]:
    """The questions of the form with what was answered, as far as they fit."""
    blocks: list[AnyBlock] = []
    room = _ANSWERS
    for answer in given[:_MOST_ANSWERS]:
        text = kit.paragraphs(answer.answer, min(_ANSWER, room)) or "(no answer)"
        question = kit.plain(answer.question, _QUESTION) or "(no question)"
        blocks.append(parts.rich_text([parts.words(f"{question}\n", bold=True), parts.words(text)]))
        room -= kit.length(text) + kit.length(question)
        if room < _QUESTION:
            break
    left = len(given) - len(blocks)
    if left:
        blocks.append(parts.context(f"{kit.counted(left, 'answer', 'answers')} more did not fit here."))
    return [parts.section("*Answers*"), *blocks] if blocks else []


def _earlier(
    earlier: Sequence[EarlierApplication], statuses: Sequence[Status], now: datetime
) -> list[AnyBlock]:
    lines = [earlier_line(application, statuses, now) for application in earlier[:_MOST_EARLIER]]
    return [parts.rich_text(*lines)] if lines else []


def _history(decisions: Sequence[Decision], statuses: Sequence[Status], now: datetime) -> list[AnyBlock]:
    """The latest decisions, the newest first."""
    if not decisions:
        return []
    latest = sorted(decisions, key=lambda decision: decision.id, reverse=True)[:_MOST_DECISIONS]
    blocks: list[AnyBlock] = [
        parts.section("*History*"),
        parts.rich_text(*(_decision(decision, statuses, now) for decision in latest)),
    ]
    older = len(decisions) - len(latest)
    if older:
        blocks.append(parts.context(f"{older} older not shown."))
    return blocks


def _decision(decision: Decision, statuses: Sequence[Status], now: datetime) -> list[Json]:
    """`🟢 Green by @Ana, 21 Nov at 10:31; status New → Shortlist`; struck through once undone."""
    before = kit.plain(status_name(decision.status_before, statuses), 75)
    after = kit.plain(status_name(decision.status_after, statuses), 75)
    moved = f"; status {before} → {after}" if before != after else f"; status {after}"
    return [
        parts.words(_verb(decision), bold=True, strike=decision.undone),
        parts.words(" by "),
        parts.person(decision.user_id),
        parts.words(", "),
        parts.moment(decision.at, now),
        parts.words(moved, strike=decision.undone),
        *([parts.words(" (undone)")] if decision.undone else []),
    ]


def _verb(decision: Decision) -> str:
    if decision.kind == "undo":
        return "Undo"
    pressed: Light | None = decision.light_after
    if pressed is None or (decision.kind == "status" and pressed is decision.light_before):
        return "Status chosen"
    return LIGHT_WORDS[pressed]
