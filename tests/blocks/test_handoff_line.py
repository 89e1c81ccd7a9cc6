"""The card's line on the handoff, as a table of every way it can stand."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks.handoff_line import HandoffLine, handoff_line
from bot.models import Application, Ground, Handoff, HandoffState, Light, Target

from .samples import APPLICATION, NOW, RECORD_URL, decided, green, sent, waiting

_SOON = NOW + timedelta(seconds=10)
_CLOCK = "<!date^1795257070^{time_secs}|10:31:10 UTC>"
_FAILED, _SENDING = HandoffState.FAILED, HandoffState.SENDING
_CRM_ONLY = Target.CRM
_BEGUN: dict[str, Any] = {"candidate_id": "7", "candidate_url": RECORD_URL}


def _line(application: Application, crm: str | None = "Demo CRM", connected: bool = True) -> HandoffLine:
    line = handoff_line(application, crm, connected, NOW)
    assert line is not None
    return line


@pytest.mark.parametrize(
    ("application", "says"),
    [
        (green(waiting()), "⏳ Handoff waiting: goes to Demo CRM and the vacancy in a moment"),
        (
            green(waiting(), undo_until=_SOON),
            f"⏳ Handoff waiting: goes to Demo CRM and the vacancy at {_CLOCK} unless undone",
        ),
        (
            decided(
                Light.AMBER,
                "keep_on_file",
                handoff=waiting(target=_CRM_ONLY, ground=Ground.AMBER),
                undo_until=_SOON,
            ),
            f"⏳ Handoff waiting: goes to Demo CRM at {_CLOCK} unless undone",
        ),
        (
            green(waiting(ground=Ground.NEW), undo_until=_SOON),
            "⏳ Handoff waiting: goes to Demo CRM and the vacancy in a moment",
        ),
        (green(waiting(state=_SENDING)), "🔄 Handoff under way: trying Demo CRM and the vacancy now"),
        (green(waiting(attempts=1, reason="Error 503.")), "🔄 Handoff trying again: Error 503."),
        (green(waiting(attempts=1)), "🔄 Handoff trying again: Demo CRM did not answer"),
        (green(waiting(state=_FAILED, reason="It said no.")), "⚠️ Handoff failed: It said no."),
        (green(waiting(state=_FAILED)), "⚠️ Handoff failed: Demo CRM gave no reason"),
        (green(sent()), "✅ Handoff sent to Demo CRM and the vacancy"),
        (green(sent(_CRM_ONLY)), "✅ Handoff sent to Demo CRM"),
        (
            green(sent(owner="Ben", owner_note="decided here")),
            "✅ Handoff sent to Demo CRM and the vacancy · owner: Ben (decided here)",
        ),
        (green(sent(owner="Ben")), "✅ Handoff sent to Demo CRM and the vacancy · owner: Ben"),
        (
            green(waiting(sent=_CRM_ONLY, **_BEGUN)),
            "⏳ Handoff sent to Demo CRM; vacancy waiting: goes there in a moment",
        ),
        (
            green(waiting(sent=_CRM_ONLY, state=_FAILED, reason="No JOB-42.", **_BEGUN)),
            "⚠️ Handoff sent to Demo CRM; vacancy failed: No JOB-42.",
        ),
        (
            decided(Light.RED, "rejected", handoff=sent()),
            "✅ Handoff was already sent to Demo CRM and the vacancy before this decision and stays there",
        ),
        (
            decided(Light.RED, "rejected", handoff=sent(_CRM_ONLY)),
            "✅ Handoff was already sent to Demo CRM before this decision and stays there",
        ),
        (
            decided(Light.AMBER, "keep_on_file", handoff=sent()),
            "✅ Handoff was already sent to Demo CRM and the vacancy before this decision and stays there",
        ),
        (
            decided(Light.AMBER, "keep_on_file", handoff=sent(_CRM_ONLY)),
            "✅ Handoff sent to Demo CRM",
        ),
        (
            decided(None, "interview", handoff=Handoff(sent=_CRM_ONLY, **_BEGUN)),
            "✅ Handoff was already sent to Demo CRM before this decision and stays there",
        ),
        (
            decided(Light.RED, "rejected", handoff=waiting(target=_CRM_ONLY, ground=None, **_BEGUN)),
            "⏳ Handoff was begun in Demo CRM before this decision and is finished there; "
            "waiting: goes to Demo CRM in a moment",
        ),
    ],
)
def test_the_line_says_how_the_handoff_stands(application: Application, says: str) -> None:
    """With a CRM signed in to, word by word."""
    assert _line(application).text == says


@pytest.mark.parametrize(
    ("crm", "says"),
    [
        (None, "⏳ Handoff waiting: connect a CRM in `/handoff-settings` (an admin does this)"),
        ("Odoo", "⏳ Handoff waiting: sign in to Odoo in `/handoff-settings` (an admin does this)"),
    ],
)
@pytest.mark.parametrize("state", [HandoffState.WAITING, HandoffState.SENDING])
def test_a_missing_sign_in_is_what_the_line_names(crm: str | None, says: str, state: HandoffState) -> None:
    """Also while Undo runs and after attempts: nothing else would help."""
    application = green(waiting(state=state, attempts=3, reason="x"), undo_until=_SOON)
    line = _line(application, crm, connected=False)
    assert line.text == says
    assert not line.can_retry


@pytest.mark.parametrize(
    "application", [APPLICATION, decided(Light.RED, "rejected"), decided(None, "interview")]
)
def test_there_is_no_line_where_nothing_was_to_go(application: Application) -> None:
    """Silence where nobody would wonder."""
    assert handoff_line(application, "Demo CRM", is_connected=True, now=NOW) is None


def test_green_that_forwards_nothing_says_so_quietly() -> None:
    """Here a recruiter would wonder."""
    line = _line(green(Handoff()))
    assert line == HandoffLine("Not forwarded: no box in the settings asks for it.", is_quiet=True)


@pytest.mark.parametrize(
    ("handoff", "connected", "offered"),
    [
        (waiting(), True, False),
        (waiting(attempts=1), True, True),
        (waiting(attempts=1), False, False),
        (waiting(state=_SENDING, attempts=1), True, False),
        (waiting(state=_FAILED), True, True),
        (waiting(state=_FAILED), False, True),
        (sent(), True, False),
    ],
)
def test_retry_is_offered_where_it_helps(handoff: Handoff, connected: bool, offered: bool) -> None:
    """After a failure, and instead of waiting for the next attempt."""
    assert _line(green(handoff), connected=connected).can_retry is offered


@pytest.mark.parametrize("url", ["javascript:alert(1)", "https://x|y", None, ""])
def test_only_a_web_address_of_a_crm_is_opened(url: str | None) -> None:
    """Whatever the CRM answered."""
    assert _line(green(sent(candidate_url=url))).url is None
    assert _line(green(sent())).url == RECORD_URL


@pytest.mark.parametrize("state", [HandoffState.WAITING, HandoffState.SENDING, HandoffState.FAILED])
@pytest.mark.parametrize("connected", [True, False])
@pytest.mark.parametrize("attempts", [0, 2])
def test_scripts_find_the_words_they_rely_on(state: HandoffState, connected: bool, attempts: int) -> None:
    """`waiting`, `trying` or `failed` while it has not arrived, and never `sent`."""
    text = _line(green(waiting(state=state, attempts=attempts)), connected=connected).text
    assert re.search("waiting|trying|failed", text)
    assert "sent" not in text


def test_a_crms_words_cannot_ping() -> None:
    """Its reason, its users' names and its own name are shown as typed."""
    text = _line(green(waiting(state=_FAILED, reason="<!channel> *x*")), crm="<@U0BEN>").text
    assert text == "⚠️ Handoff failed: &lt;!channel&gt; ∗x∗"
    told = _line(green(sent(owner="<!here>", owner_note="<@U1>")), crm="<!here>").text
    assert "<" not in told
