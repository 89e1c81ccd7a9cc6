"""The card: what a recruiter can do on it, and what it never shows."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.blocks import ids
from bot.blocks.card import CardScreen, card
from bot.models import CvFile, Handoff, HandoffState, Light, Status
from bot.playground.slack.blockkit import elements_of
from bot.rules.statuses import DEFAULT_STATUSES

from .samples import APPLICATION, EARLIER, NOW, PERMALINK, RECORD_URL, a_card, decided, green, sent, waiting


def _elements(screen: CardScreen) -> dict[str, dict[str, Any]]:
    """The elements of a card by action id."""
    blocks = card(screen)["blocks"]
    return {element["action_id"]: element for block in blocks for element in elements_of(block)}


def _words(screen: CardScreen) -> str:
    return json.dumps(card(screen), ensure_ascii=False)


def test_name_and_vacancy_come_first() -> None:
    """What a glance at a phone takes in."""
    first = card(a_card())["blocks"][0]
    assert first["type"] == "header"
    assert first["text"]["text"] == "Ana Novák · Site Engineer"


def test_the_card_shows_what_a_recruiter_sifts_by() -> None:
    """Client, location, source, headline, skills, and when."""
    words = _words(a_card())
    for told in (
        "Acme",
        "Leeds",
        "applied via Indeed",
        "Site Engineer at Bolt Ltd",
        "Setting out, AutoCAD, SQL",
    ):
        assert told in words
    assert f"<!date^{int((NOW - timedelta(minutes=6)).timestamp())}^" in words


def test_no_contact_data_is_on_the_card() -> None:
    """Neither in the blocks nor in the notification: those are a click away, for who needs them."""
    words = _words(a_card(green(sent()), earlier=EARLIER))
    assert "ana@example.com" not in words
    assert "900123" not in words
    assert "example.com/ana" not in words


def test_the_notification_says_who_applied_for_what() -> None:
    """It is what a phone shows first, and what a screen reader reads."""
    assert card(a_card())["text"] == "Ana Novák applied for Site Engineer at Acme. Status: New."
    decided_text = card(a_card(decided(Light.RED, "rejected")))["text"]
    assert decided_text == "Ana Novák applied for Site Engineer at Acme. 🔴 Red. Status: Rejected."


@pytest.mark.parametrize("light", [None, *Light])
def test_all_lights_stay_and_the_chosen_one_stands_out(light: Light | None) -> None:
    """By a tick and in its spoken label; green and red by their colour as well."""
    elements = _elements(a_card(decided(light, "interview")))
    for each in Light:
        button = elements[ids.DECIDE[each]]
        assert each.value.capitalize() in button["text"]["text"]
        assert button["text"]["text"].endswith("✓") is (each is light)
        assert (", chosen" in button["accessibility_label"]) is (each is light)
        styled = each is light and light is not Light.AMBER
        assert ("style" in button) is styled


def test_every_click_says_what_was_seen() -> None:
    """Each block with something to click carries the application and its version."""
    screen = a_card(green(waiting(attempts=1), undo_until=NOW + timedelta(seconds=5), version=7))
    for block in card(screen)["blocks"]:
        if list(elements_of(block)):
            assert ids.subject_of(block["block_id"]) == ids.Subject("01KAPPLICATION", 7)


def test_undo_is_there_only_while_it_works() -> None:
    """Up to the last moment, and not at it."""
    until = NOW + timedelta(seconds=10)
    application = decided(Light.RED, "rejected", undo_until=until)
    assert ids.UNDO in _elements(a_card(application))
    assert ids.UNDO not in _elements(a_card(application, now=until))
    assert ids.UNDO not in _elements(a_card())


def test_the_menu_offers_the_active_statuses_and_shows_the_present_one() -> None:
    """In the workspace's order."""
    statuses = (Status("new", "New"), Status("off", "Off", active=False), Status("b", "B"), Status("a", "A"))
    menu = _elements(a_card(decided(None, "b"), statuses=statuses))[ids.CHOOSE_STATUS]
    assert [option["value"] for option in menu["options"]] == ["new", "b", "a"]
    assert menu["initial_option"]["value"] == "b"


@pytest.mark.parametrize(("status", "name"), [("off", "Off"), ("gone", "gone")])
def test_a_status_that_is_off_is_still_named(status: str, name: str) -> None:
    """It cannot be chosen, but that is where the applicant is."""
    statuses = (Status("new", "New"), Status("off", "Off", active=False))
    screen = a_card(decided(None, status), statuses=statuses)
    menu = _elements(screen)[ids.CHOOSE_STATUS]
    assert "initial_option" not in menu
    assert menu["placeholder"]["text"] == name
    assert f"Status: *{name}*" in _words(screen)


def test_more_statuses_than_slack_takes_are_cut() -> None:
    """The card is drawn all the same."""
    statuses = [Status(f"s{number}", f"S{number}") for number in range(150)]
    assert len(_elements(a_card(statuses=statuses))[ids.CHOOSE_STATUS]["options"]) == 100


def test_who_decided_and_when_is_told() -> None:
    """With a light and without."""
    at = f"<!date^{int((NOW - timedelta(minutes=1)).timestamp())}^"
    assert f"*🟢 Green* · Status: *Shortlist* · decided by <@U0BEN>, {at}" in _words(a_card(green(Handoff())))
    assert f'"Status: *Interview* · decided by <@U0BEN>, {at}' in _words(a_card(decided(None, "interview")))
    assert "Status: *New* · not decided yet" in _words(a_card())


def test_the_cv_is_a_button_once_it_stands_in_the_thread() -> None:
    """Until then its name and size say that it is coming; without one that is said."""
    assert _elements(a_card())[ids.OPEN_CV]["url"] == PERMALINK
    coming = a_card(replace(APPLICATION, card=None))
    assert ids.OPEN_CV not in _elements(coming)
    assert "CV: ana.pdf (120 KB), being added to the thread" in _words(coming)
    assert "No CV came with this application" in _words(a_card(replace(APPLICATION, cv=None)))


def test_a_cvs_name_is_shown_as_typed() -> None:
    """A file name is people's text, too."""
    odd = CvFile("<!channel>\n*x*.pdf", "application/pdf", 1)
    assert "CV: <!channel> *x*.pdf (1 KB)" in _words(a_card(replace(APPLICATION, cv=odd, card=None)))


def test_the_answers_are_always_a_click_away() -> None:
    """And the history and the queue, in the overflow menu; another vacancy, while it can be chosen."""
    elements = _elements(a_card())
    assert elements[ids.OPEN_DETAILS]["text"]["text"] == "Answers & contact"
    assert [option["value"] for option in elements[ids.MORE]["options"]] == [
        ids.MORE_NOTE,
        ids.MORE_HISTORY,
        ids.MORE_VACANCY,
        ids.MORE_QUEUE,
    ]


@pytest.mark.parametrize(
    "screen",
    [
        a_card(is_connected=False),
        a_card(offers_vacancies=False),
        a_card(green(sent())),
        a_card(green(waiting(state=HandoffState.SENDING))),
    ],
)
def test_another_vacancy_is_offered_only_where_it_can_be_chosen(screen: CardScreen) -> None:
    """Not without a CRM, nor one whose vacancies can't be seen, nor once the vacancy has the applicant."""
    elements = _elements(screen)
    assert ids.MORE_VACANCY not in [option["value"] for option in elements[ids.MORE]["options"]]


def test_a_missing_vacancy_is_chosen_on_the_card() -> None:
    """The menu is there when the handoff failed for want of a vacancy, and not for another reason."""
    failed = waiting(state=HandoffState.FAILED, reason="No such vacancy.")
    menu = _elements(a_card(green(replace(failed, needs="vacancy"))))[ids.CHOOSE_VACANCY]
    assert (menu["type"], menu["min_query_length"]) == ("external_select", 0)
    assert ids.CHOOSE_VACANCY not in _elements(a_card(green(failed)))


def test_a_sent_handoff_opens_in_the_crm() -> None:
    """By a button named after the CRM."""
    button = _elements(a_card(green(sent())))[ids.OPEN_IN_CRM]
    assert (button["text"]["text"], button["url"]) == ("Open in Demo CRM", RECORD_URL)


def test_a_half_failed_handoff_has_both_retry_and_the_record() -> None:
    """The person is there, only the vacancy is missing."""
    handoff = replace(sent(), sent=sent().target.CRM, state=HandoffState.FAILED, reason="No vacancy.")
    elements = _elements(a_card(green(handoff)))
    assert elements[ids.RETRY_HANDOFF]["text"]["text"] == "Retry"
    assert elements[ids.OPEN_IN_CRM]["url"] == RECORD_URL


def test_three_earlier_applications_are_told_and_the_rest_counted() -> None:
    """With what was decided, or that nothing was."""
    blocks = card(a_card(earlier=EARLIER))["blocks"]
    _, rich = (block for block in blocks if block["type"] == "rich_text")
    lines = [
        "".join(run.get("text") or run.get("user_id") or run.get("fallback", "") for run in line["elements"])
        for line in rich["elements"]
    ]
    assert lines == [
        "Applied before: Foreman — 🟢 Green, 3 Nov, 10:31 UTC",
        "Applied before: Surveyor — not decided",
        "Applied before: Driver — Interview, 27 Sep 2025, 10:31 UTC",
        "and 1 more",
    ]


def test_the_words_of_the_handoff_are_nowhere_else_on_the_card() -> None:
    """A script that looks for `sent` or `failed` finds the handoff's own line, or nothing."""
    for screen in (a_card(), a_card(replace(APPLICATION, cv=None)), a_card(decided(Light.RED, "rejected"))):
        words = " ".join(_words(replace(screen, statuses=DEFAULT_STATUSES)).split())
        for word in ("sent", "waiting", "queued", "trying", "failed", "Retry"):
            assert word not in words
