"""The team's notes: the card's line, and how they are read."""

from __future__ import annotations

import json

import pytest

from bot.blocks.notes import Shelf, note_line, notes_section
from bot.blocks.parts import Json, ready
from bot.models import Note, NoteCounts

from .samples import ANA, APPLICATION, NOTES, NOW


def _line(counts: NoteCounts, *, is_connected: bool = True) -> Json:
    (block,) = ready([note_line(APPLICATION, counts, "Demo CRM", is_connected)])
    return block


def _words(block: Json) -> str:
    return str(block["text"]["text"] if block["type"] == "section" else block["elements"][0]["text"])


def test_a_card_without_notes_says_nothing_of_them() -> None:
    """There is no line."""
    assert note_line(APPLICATION, NoteCounts(), "Demo CRM", is_connected=True) is None


@pytest.mark.parametrize(
    ("counts", "is_connected", "words"),
    [
        (NoteCounts(kept=1), True, "📝 1 note"),
        (NoteCounts(sent=2), True, "📝 2 notes · also in Demo CRM"),
        (NoteCounts(kept=1, sent=2), True, "📝 3 notes · 2 also in Demo CRM"),
        (NoteCounts(waiting=1), True, "📝 1 note · on the way to Demo CRM"),
        (NoteCounts(waiting=2), False, "📝 2 notes · waiting for the sign-in to Demo CRM"),
    ],
)
def test_the_line_is_quiet_while_all_is_well(counts: NoteCounts, is_connected: bool, words: str) -> None:
    """How many there are, and where."""
    block = _line(counts, is_connected=is_connected)
    assert (block["type"], _words(block)) == ("context", words)


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        (NoteCounts(sent=1, failed=1, reason="No room."), "📝 2 notes · ⚠️ 1 not in Demo CRM: No room"),
        (
            NoteCounts(waiting=1, reason="It is slow."),
            "📝 1 note · 🔄 not in Demo CRM yet, trying again: It is slow",
        ),
    ],
)
def test_what_did_not_get_there_has_its_reason_and_retry(counts: NoteCounts, words: str) -> None:
    """Beside the line, without a word on the handoff."""
    block = _line(counts)
    assert _words(block).startswith(words)
    assert block["accessory"]["text"]["text"] == "Retry"


def test_notes_are_read_the_newest_first_and_without_the_removed_ones() -> None:
    """As typed, each with who and when; Remove only beside those that the reader may remove."""
    blocks = ready(notes_section(Shelf(NOTES, ("01KN1",), "Demo CRM"), NOW, room=9000, most=9))
    texts = [block["text"]["text"] for block in blocks if str(block.get("block_id", "")).startswith("note:")]
    assert texts == ["Licence seen.", "ראיון ביום ב׳ 👩‍🔧", "After *5 pm* <!channel>\n\nhttps://x"]
    assert [block["block_id"] for block in blocks if "accessory" in block] == ["note:01KN1"]
    assert all(block["text"]["type"] == "plain_text" for block in blocks if "block_id" in block)


def test_what_does_not_fit_is_counted() -> None:
    """None is dropped in silence; a long one is shown whole."""
    long = "word " * 599 + "end"
    written = [Note(str(number), "1", ANA, NOW, long) for number in range(5)]
    blocks = ready(notes_section(Shelf(written), NOW, room=2 * len(long), most=9))
    assert "3 older notes not shown." in json.dumps(blocks)
    assert sum("end" in str(block) for block in blocks) == 2
