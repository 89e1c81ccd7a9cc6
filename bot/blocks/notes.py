"""The team's notes: the card's line on them, the modal to write one, and how they are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import ButtonElement, ConfirmObject, InputBlock, PlainTextInputElement

from bot.blocks import ids, kit, parts
from bot.blocks.applicant import block_id, heading
from bot.blocks.parts import AnyBlock, Json
from bot.models import Application, Note, NoteCounts, NoteState

LONGEST = 3000
_PAGE = 3000
_PAGES = 2
_REASON = 300
_MOST_REMOVED = 15
_MOST_BEFORE = 5


@dataclass(frozen=True)
class Shelf:
    """The notes of an application for one reader, in any order. `removable` are ids of those they may remove.

    `crm_name` is the CRM that some of them went to.
    """

    notes: Sequence[Note] = ()
    removable: Collection[str] = ()
    crm_name: str | None = None


def note_line(
    application: Application, counts: NoteCounts, crm_name: str | None, is_connected: bool
) -> AnyBlock:
    """One quiet line: how many there are, and whether the CRM has them; Retry where it does not."""
    if not counts.total:
        return None
    crm = kit.shown(crm_name, 60) or "the CRM"
    told = f"📝 {kit.counted(counts.total, 'note', 'notes')}"
    outcome = _outcome(counts, crm, is_connected)
    text = f"{told} · {outcome}" if outcome else told
    own_id = block_id("notes", application)
    if counts.failed or (counts.waiting and counts.reason and is_connected):
        return parts.section(text, accessory=parts.button("Retry", ids.RETRY_NOTES), block_id=own_id)
    return parts.context(text, block_id=own_id)


def _outcome(counts: NoteCounts, crm: str, is_connected: bool) -> str:
    reason = kit.shown(counts.reason, _REASON)
    if counts.failed:
        return f"⚠️ {_some(counts.failed, counts)}not in {crm}: {reason or 'it gave no reason'}"
    if counts.waiting and not is_connected:
        return f"{_some(counts.waiting, counts)}waiting for the sign-in to {crm}"
    if counts.waiting and reason:
        return f"🔄 {_some(counts.waiting, counts)}not in {crm} yet, trying again: {reason}"
    if counts.waiting:
        return f"{_some(counts.waiting, counts)}on the way to {crm}"
    if counts.sent:
        return f"{_some(counts.sent, counts)}also in {crm}"
    return ""


def _some(number: int, counts: NoteCounts) -> str:
    return "" if number == counts.total else f"{number} "


def add_note_modal(application: Application, what_becomes_of_it: str, shelf: Shelf, now: datetime) -> Json:
    """The modal with the one box to write in; below it what was written last."""
    before = [note for note in shelf.notes if note.removed_at is None]
    last = Shelf(_newest_first(before)[:_MOST_BEFORE], (), shelf.crm_name)
    return parts.modal(
        "Add note",
        [
            parts.header(heading(application)),
            InputBlock(
                label=parts.plain_text("Note for the team"),
                element=PlainTextInputElement(
                    action_id=ids.NOTE_TEXT, multiline=True, max_length=LONGEST, focus_on_load=True
                ),
                block_id=block_id("note", application),
            ),
            parts.context(f"ℹ️ {what_becomes_of_it}"),
            *notes_section(last, now, room=_MOST_BEFORE * LONGEST, most=_MOST_BEFORE),
        ],
        close="Cancel",
        callback_id=ids.ADD_NOTE,
        submit=parts.plain_text("Add note").to_dict(),
    )


def what_becomes_of_it(crm_name: str | None, *, is_wanted: bool, is_there: bool) -> str:
    """What the writer is to know: who reads the note, and whether it leaves Slack."""
    crm = kit.shown(crm_name, 60) or "the CRM"
    readers = "Everyone who sees the card can read it."
    if not is_wanted:
        return f"{readers} It stays here: it is not sent to a CRM."
    if is_there:
        return f"{readers} It goes to {crm} as well, with your name."
    return f"{readers} It goes along to {crm} if the applicant does, with your name."


def read_note(values: Mapping[str, Any]) -> tuple[str, str]:
    """The block's id and what was typed, from the modal's `state.values`."""
    for own_id, block in values.items():
        if ids.NOTE_TEXT in block:
            return str(own_id), str((block[ids.NOTE_TEXT] or {}).get("value") or "")
    return "", ""


def notes_section(shelf: Shelf, now: datetime, *, room: int, most: int) -> list[AnyBlock]:
    """The notes that can be read, the newest first, as many as fit."""
    standing = _newest_first([note for note in shelf.notes if note.removed_at is None])
    blocks: list[AnyBlock] = []
    fitted = 0
    for note in standing[:most]:
        room -= kit.length(note.text)
        if room < 0 and fitted:
            break
        blocks += _note(note, shelf, now)
        fitted += 1
    if not fitted:
        return []
    older = len(standing) - fitted
    if older:
        blocks.append(parts.context(f"{kit.counted(older, 'older note', 'older notes')} not shown."))
    return [parts.section("*Notes*"), *blocks]


def removed_lines(shelf: Shelf, now: datetime) -> list[list[Json]]:
    """What the history tells of notes that were removed, the newest first; not what they said."""
    gone = _newest_first([note for note in shelf.notes if note.removed_at is not None])
    return [_removed(note, now) for note in gone[:_MOST_REMOVED]]


def _removed(note: Note, now: datetime) -> list[Json]:
    """`Note by @Ana, 21 Nov at 10:31 · removed by @Ben, 21 Nov at 11:02`."""
    return [
        parts.words("Note", bold=True),
        parts.words(" by "),
        parts.person(note.user_id),
        parts.words(", "),
        parts.moment(note.at, now),
        parts.words(" · removed by "),
        parts.person(note.removed_by),
        *([parts.words(", "), parts.moment(note.removed_at, now)] if note.removed_at else []),
    ]


def _note(note: Note, shelf: Shelf, now: datetime) -> list[AnyBlock]:
    """A quiet line with who, when and where, and what they wrote."""
    pages, _ = kit.pages(note.text, _PAGE, _PAGES)
    first, *rest = pages or ["(nothing that can be shown)"]
    remove = _remove(note, shelf.crm_name) if note.id in shelf.removable else None
    where = _where(note, kit.shown(shelf.crm_name, 60) or "the CRM")
    signed = f"{kit.mention(note.user_id)}, {kit.when(note.at, now)}"
    return [
        parts.context(f"{signed} · {where}" if where else signed),
        parts.typed(first, accessory=remove, block_id=ids.note_block(note.id)),
        *(parts.typed(page) for page in rest),
    ]


def _where(note: Note, crm: str) -> str:
    match note.state:
        case NoteState.SENT:
            return f"also in {crm}"
        case NoteState.FAILED:
            return f"not in {crm}: {kit.shown(note.reason, _REASON) or 'it gave no reason'}"
        case NoteState.WAITING:
            return f"on the way to {crm}"
    return ""


def _remove(note: Note, crm_name: str | None) -> ButtonElement:
    crm = kit.plain(crm_name, 60) or "the CRM"
    stays = f" It is in {crm}, too, and stays there." if note.state is NoteState.SENT else ""
    confirm = ConfirmObject(
        title=parts.plain_text("Remove this note?"),
        text=parts.plain_text(
            f"Nobody can read it here any more; the history keeps that it was there.{stays}"
        ),
        confirm=parts.plain_text("Remove"),
        deny=parts.plain_text("Keep it"),
        style="danger",
    )
    return parts.button("Remove", ids.REMOVE_NOTE, confirm=confirm)


def _newest_first(notes: Sequence[Note]) -> list[Note]:
    return sorted(notes, key=lambda note: (note.at, note.id), reverse=True)
