"""Ids that say what was clicked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.blocks import ids
from bot.blocks.ids import Subject, card_block, subject_of
from bot.errors import Invalid
from bot.models import Light


def test_a_block_tells_its_application_and_version() -> None:
    """What was drawn is what is read back, whichever block of the card it was."""
    for role in ("decide", "open"):
        assert subject_of(card_block(role, "01KABC", 12)) == Subject("01KABC", 12)


@pytest.mark.parametrize(
    "malformed",
    [
        None,
        7,
        "",
        "card",
        "card:decide:01KABC",
        "card:decide:01KABC:",
        "card:decide:01KABC:-1",
        "card:decide:01KABC:1.5",
        "card:decide:01KABC:١",
        "card:decide:01KABC:99999999999",
        "card:decide::1",
        "card:decide:01K ABC:1",
        "card:decide:01KABC:1\n",
        "settings_boxes",
        " card:decide:01KABC:1",
    ],
)
def test_anything_else_is_refused(malformed: object) -> None:
    """A forged or foreign id never reaches the database."""
    with pytest.raises(Invalid, match="not a block of an applicant's card"):
        subject_of(malformed)


@examples(deadline=None)
@given(st.text())
def test_no_text_does_worse_than_be_refused(text: str) -> None:
    """Reading an id has two outcomes."""
    try:
        subject_of(text)
    except Invalid:
        return
    assert text.startswith("card:")


def test_every_light_has_its_own_action() -> None:
    """And back."""
    assert [ids.LIGHT_OF_ACTION[ids.DECIDE[light]] for light in Light] == list(Light)


def test_two_crms_never_share_what_was_typed() -> None:
    """Slack keeps what is typed for a block and action id: another CRM's question has another one."""
    assert ids.question_block("odoo", "key") != ids.question_block("zoho", "key")
