"""The modals behind a card."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.blocks.details import details, history
from bot.blocks.parts import Json
from bot.models import Answer
from bot.rules.statuses import DEFAULT_STATUSES

from .samples import APPLICATION, HISTORY, NOW, PERMALINK


def _lines(view: Json) -> list[str]:
    """Every paragraph of rich text as words, people by id."""
    return [
        "".join(run.get("text") or run.get("user_id") or run.get("fallback", "") for run in line["elements"])
        for block in view["blocks"]
        if block["type"] == "rich_text"
        for line in block["elements"]
    ]


def _details(letter: str | None = None, answers: tuple[Answer, ...] = ()) -> Json:
    application = replace(APPLICATION, cover_letter=letter, answers=answers)
    return details(application, (), (), DEFAULT_STATUSES, NOW)


def test_contact_data_is_shown_as_typed() -> None:
    """And nothing of it is a link, however it looks."""
    view = details(APPLICATION, (), (), DEFAULT_STATUSES, NOW)
    lines = _lines(view)
    assert "E-mail: ana@example.com" in lines
    assert "Phone: +44 7700 900123" in lines
    assert "Link: https://example.com/ana" in lines
    assert '"type": "link"' not in json.dumps(view)


def test_answers_stand_below_their_questions() -> None:
    """The question in bold."""
    assert "Can you drive?\nYes" in _lines(_details(answers=(Answer("Can you drive?", "Yes"),)))


def test_a_long_letter_goes_over_several_sections_and_says_what_is_missing() -> None:
    """Slack takes 3,000 characters in each."""
    view = _details(letter="word " * 2000)
    letter = [line for line in _lines(view) if line.startswith("word")]
    assert len(letter) == 3
    assert all(len(text) <= 3000 for text in letter)
    left = 10_000 - sum(len(text) + 1 for text in letter) - 1
    assert f"Cut here: {left} characters more." in json.dumps(view)


def test_answers_that_do_not_fit_are_counted() -> None:
    """None is dropped in silence."""
    view = _details(answers=(Answer("Q", "a" * 2000),) * 9)
    assert "4 answers more did not fit here." in json.dumps(view)


def test_the_history_tells_who_did_what_the_newest_first() -> None:
    """What was undone is marked, and by whom."""
    view = history(APPLICATION, HISTORY, DEFAULT_STATUSES, NOW)
    assert _lines(view) == [
        "Status chosen by U0ANA, 21 Nov, 10:31 UTC; status Shortlist → Interview",
        "🟢 Green by U0BEN, 21 Nov, 09:31 UTC; status New → Shortlist",
        "Undo by U0ANA, 21 Nov, 08:31 UTC; status Rejected → New",
        "🔴 Red by U0ANA, 21 Nov, 07:31 UTC; status New → Rejected (undone)",
    ]
    assert _lines(history(APPLICATION, HISTORY[::-1], DEFAULT_STATUSES, NOW)) == _lines(view)


def test_an_empty_history_says_so() -> None:
    """Rather than an empty window."""
    assert "Nothing was decided yet." in json.dumps(history(APPLICATION, (), DEFAULT_STATUSES, NOW))


def test_the_cv_is_opened_from_the_details_too() -> None:
    """Once it stands in the thread."""
    assert PERMALINK in json.dumps(details(APPLICATION, (), (), DEFAULT_STATUSES, NOW))
