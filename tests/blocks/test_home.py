"""The Home tab."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.blocks import ids
from bot.blocks.home import home
from bot.playground.slack.blockkit import elements_of

from .samples import a_home


def _words(**more: Any) -> str:
    return json.dumps(home(a_home(**more)), ensure_ascii=False)


@pytest.mark.parametrize("is_editor", [True, False])
def test_the_settings_are_opened_by_those_who_may(is_editor: bool) -> None:
    """Everybody gets help."""
    view = home(a_home(is_editor=is_editor))
    actions = [element["action_id"] for block in view["blocks"] for element in elements_of(block)]
    assert (ids.HOME_SETTINGS in actions) is is_editor
    assert ids.HOME_HELP in actions


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ({"broken": "Revoked."}, "Demo CRM no longer accepts the sign-in.* Revoked.\\nSign in again"),
        ({"broken": "Revoked.", "is_editor": False}, "An admin signs in again"),
        ({"channel": None}, "Choose a channel"),
        ({"crm_name": None, "account": None}, "Choose a CRM"),
        ({"account": None}, "Sign in to Demo CRM"),
        ({"account": None, "is_editor": False}, "An admin signs in to Demo CRM"),
    ],
)
def test_what_stands_in_the_way_comes_with_the_next_step(state: dict[str, Any], says: str) -> None:
    """For whoever looks."""
    assert says in _words(**state)


def test_nothing_is_asked_for_when_all_is_well() -> None:
    """No banner, and the numbers as they are."""
    words = _words(undecided=7, waiting=2, failed=1)
    assert "⚠️" not in words
    assert "👉" not in words
    for counted in ("*7*\\nto decide", "*2*\\non the way", "*1*\\nfailed"):
        assert counted in words
    assert "Connected as Ana Recruiter (Acme)." in words
