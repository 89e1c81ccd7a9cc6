"""The note on a person's record: the CV by its name, for CRMs that take no files."""

from __future__ import annotations

from dataclasses import replace

from bot.blocks import crm_note

from .samples import APPLICATION


def test_the_cv_is_named() -> None:
    """Whoever reads the note learns that there is a CV, and where."""
    assert "CV: ana.pdf (also on the card in Slack)." in crm_note.text(APPLICATION, None, ())


def test_no_cv_is_not_mentioned() -> None:
    """An application without one says nothing of it."""
    assert "CV" not in crm_note.text(replace(APPLICATION, cv=None), None, ())
