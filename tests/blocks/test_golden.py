"""Every screen is exactly as its golden file shows it, and Slack would take each of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.blocks import notices
from bot.playground.slack.blockkit import check_blocks, check_view

from .screens import CARDS, NOTICES, REVIEWS, SUMMARIES, VIEWS

GOLDEN = Path(__file__).parent / "golden"
SCREENS: dict[str, Any] = {**CARDS, **SUMMARIES, **VIEWS, **REVIEWS, "notices": NOTICES}


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_as_its_golden_file(name: str, is_updating: bool) -> None:
    """What people see changes only together with the file that shows it."""
    file = GOLDEN / f"{name}.json"
    drawn = json.dumps(SCREENS[name], ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if is_updating:
        file.write_text(drawn, encoding="utf-8")
    assert drawn == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over() -> None:
    """A file without a screen would show what nobody sees."""
    assert {file.stem for file in GOLDEN.glob("*.json")} == set(SCREENS)


@pytest.mark.parametrize("name", [*CARDS, *SUMMARIES])
def test_slack_takes_the_message(name: str) -> None:
    """Within every limit of a message's blocks, with ids unique."""
    assert check_blocks(SCREENS[name]["blocks"], "message") == []


@pytest.mark.parametrize("name", CARDS)
def test_a_card_is_short(name: str) -> None:
    """At most ten blocks: it is read at a glance on a phone."""
    assert len(CARDS[name]["blocks"]) <= 10


@pytest.mark.parametrize("name", [*VIEWS, *REVIEWS])
def test_slack_takes_the_view(name: str) -> None:
    """Within every limit of a modal or the Home tab."""
    assert check_view(SCREENS[name]) == []


@pytest.mark.parametrize("name", NOTICES)
def test_slack_takes_the_notice_as_a_message(name: str) -> None:
    """Also with the button that opens the settings."""
    assert check_blocks(notices.with_settings_button(NOTICES[name])["blocks"], "message") == []
