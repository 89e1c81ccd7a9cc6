"""The settings modal: its labels, its order, and what it keeps to itself."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.blocks import ids
from bot.blocks.parts import Json
from bot.blocks.settings import SettingsInput, SettingsScreen, read_settings, settings_modal
from bot.playground.slack.blockkit import elements_of
from bot.workspace import Boxes

from .samples import ANA, CHANGES, QUESTIONS, settings


def _asking(**more: Any) -> SettingsScreen:
    asking: dict[str, Any] = {"crm": "odoo", "crm_name": "Odoo", "account": None, "questions": QUESTIONS}
    return settings(**(asking | more))


def _order(view: Json) -> list[str]:
    """The action ids, downwards."""
    return [element["action_id"] for block in view["blocks"] for element in elements_of(block)]


def _element(view: Json, action_id: str) -> dict[str, Any]:
    elements = [element for block in view["blocks"] for element in elements_of(block)]
    return next(element for element in elements if element["action_id"] == action_id)


def _block(view: Json, block_id: str) -> dict[str, Any]:
    return next(block for block in view["blocks"] if block.get("block_id") == block_id)


def test_names_that_others_rely_on() -> None:
    """The modal, its submit button and its menu of CRMs."""
    view = settings_modal(settings())
    assert (view["callback_id"], view["submit"]["text"]) == ("settings", "Save settings")
    assert _element(view, ids.SETTINGS_CRM)["placeholder"]["text"] == "Select CRM"
    assert view["private_metadata"] == "{}"


def test_the_boxes_have_the_agreed_labels() -> None:
    """Three together, amber apart; each with a word on when to use it."""
    view = settings_modal(settings())
    labels = [option["text"]["text"] for option in _element(view, ids.SETTINGS_BOXES)["options"]]
    for label, said in zip(
        labels, ("Send all new applicants", "green traffic light", "specific status"), strict=True
    ):
        assert said in label
    amber = _element(view, ids.SETTINGS_AMBER)["options"]
    assert "keep on file" in amber[0]["text"]["text"]
    for option in (*_element(view, ids.SETTINGS_BOXES)["options"], *amber):
        assert option["description"]["text"]


@pytest.mark.parametrize(
    ("boxes", "ticked"),
    [
        (Boxes(), []),
        (Boxes(send_all=True), [ids.BOX_ALL]),
        (Boxes(send_green=True, send_status=True), [ids.BOX_GREEN, ids.BOX_STATUS]),
        (Boxes(send_amber=True), [ids.BOX_AMBER]),
    ],
)
def test_ticked_boxes_are_drawn_ticked(boxes: Boxes, ticked: list[str]) -> None:
    """And no others."""
    view = settings_modal(settings(boxes=boxes))
    drawn = [
        option["value"]
        for action_id in (ids.SETTINGS_BOXES, ids.SETTINGS_AMBER)
        for option in _element(view, action_id).get("initial_options", [])
    ]
    assert drawn == ticked


def test_the_triggers_menu_comes_directly_after_its_box() -> None:
    """Only when ticked; as an input, so that an error can stand beside it."""
    without = _order(settings_modal(settings()))
    view = settings_modal(settings(boxes=Boxes(send_status=True, trigger_status="interview")))
    assert ids.SETTINGS_TRIGGER not in without
    order = _order(view)
    assert order.index(ids.SETTINGS_TRIGGER) == order.index(ids.SETTINGS_BOXES) + 1
    assert order.index(ids.SETTINGS_AMBER) == order.index(ids.SETTINGS_TRIGGER) + 1
    block = _block(view, ids.SETTINGS_TRIGGER)
    assert (block["type"], block["dispatch_action"]) == ("input", True)
    assert block["element"]["initial_option"]["value"] == "interview"


def test_the_trigger_cannot_be_a_locked_status() -> None:
    """New, Keep on file and Rejected stand for no progress."""
    view = settings_modal(settings(boxes=Boxes(send_status=True)))
    offered = {option["value"] for option in _element(view, ids.SETTINGS_TRIGGER)["options"]}
    assert offered.isdisjoint({"new", "keep_on_file", "rejected"})


def test_ticking_takes_effect_at_once() -> None:
    """Elements outside input blocks, and inputs that dispatch, tell us of every change."""
    view = settings_modal(settings(boxes=Boxes(send_status=True)))
    for block_id in (ids.SETTINGS_CRM, ids.SETTINGS_BOXES, ids.SETTINGS_AMBER, ids.SETTINGS_TRIGGER):
        block = _block(view, block_id)
        assert block["type"] != "input" or block["dispatch_action"]


def test_the_sentence_stands_below_the_boxes() -> None:
    """What will happen with them as ticked."""
    told = _block(settings_modal(settings()), ids.SETTINGS_SENTENCE)["elements"][0]["text"]
    assert "An applicant goes to Demo CRM and the vacancy when someone presses Green." in told


@pytest.mark.parametrize("account", [None, "Ana"])
def test_the_boxes_wait_for_a_sign_in(account: str | None) -> None:
    """Before it there is nothing that they could send to."""
    assert (ids.SETTINGS_BOXES in _order(settings_modal(settings(account=account)))) is bool(account)


def test_the_boxes_stay_when_the_sign_in_breaks() -> None:
    """With the way to sign in again above them."""
    broken = settings_modal(settings(broken="Revoked.", login_url="https://h.example/login"))
    order = _order(broken)
    assert order.index(ids.SETTINGS_LOGIN) < order.index(ids.SETTINGS_BOXES)


def test_login_is_a_button_with_a_link() -> None:
    """Named after the CRM, and the one thing to press."""
    button = _element(
        settings_modal(settings(account=None, login_url="https://h.example/l")), ids.SETTINGS_LOGIN
    )
    assert button["text"]["text"] == "Login to Demo CRM"
    assert (button["url"], button["style"]) == ("https://h.example/l", "primary")


@pytest.mark.parametrize(
    ("has_login", "login_url", "says"),
    [
        (True, None, "Check and continue"),
        (True, "https://h.example/l", "Check again"),
        (False, None, "Connect"),
    ],
)
def test_answers_are_checked_by_a_button(has_login: bool, login_url: str | None, says: str) -> None:
    """What it is called says what comes next."""
    view = settings_modal(_asking(has_login=has_login, login_url=login_url))
    assert _element(view, ids.SETTINGS_CHECK_ANSWERS)["text"]["text"] == says
    assert (ids.SETTINGS_LOGIN in _order(view)) is bool(login_url)


def test_a_stored_secret_is_never_shown_again() -> None:
    """Not even to the admin who typed it; leaving it blank keeps it."""
    view = settings_modal(_asking(answers={"key": "s3cret", "address": "https://a.example"}))
    assert "s3cret" not in json.dumps(view)
    block = _block(view, ids.question_block("odoo", "key"))
    assert block["optional"]
    assert block["element"]["placeholder"]["text"] == "Stored. Type a new one to replace it."
    assert "encrypted" in block["hint"]["text"]
    assert _element(view, ids.question_action("address"))["initial_value"] == "https://a.example"


def test_a_secret_that_is_not_stored_is_asked_for() -> None:
    """Blank is no answer then."""
    block = _block(settings_modal(_asking()), ids.question_block("odoo", "key"))
    assert "optional" not in block or not block["optional"]


def test_a_connected_crm_says_who_is_signed_in_and_can_be_disconnected() -> None:
    """After a question that says what happens."""
    view = settings_modal(settings())
    assert _block(view, ids.SETTINGS_DISCONNECT)["text"]["text"] == "✅ Connected as *Ana Recruiter (Acme)*"
    confirm = _element(view, ids.SETTINGS_DISCONNECT)["confirm"]
    assert confirm["title"]["text"] == "Disconnect Demo CRM?"


def test_no_questions_are_asked_once_connected() -> None:
    """They were answered."""
    view = settings_modal(_asking(account="Ana"))
    assert not [action for action in _order(view) if action.startswith(ids.SETTINGS_QUESTION)]


@pytest.mark.parametrize(("seconds", "label"), [(0, "None: decisions leave at once"), (45, "45 seconds")])
def test_the_present_undo_time_is_always_offered(seconds: int, label: str) -> None:
    """Also one that was set elsewhere."""
    chosen = _element(settings_modal(settings(undo_seconds=seconds)), ids.SETTINGS_UNDO)["initial_option"]
    assert (chosen["value"], chosen["text"]["text"]) == (str(seconds), label)


def test_cards_go_to_channels_only() -> None:
    """Not to direct messages, nor to apps."""
    menu = _element(settings_modal(settings()), ids.SETTINGS_CHANNEL)
    assert menu["filter"] == {"include": ["public", "private"], "exclude_bot_users": True}


def test_the_history_names_people_and_channels() -> None:
    """A channel's id in our own sentence becomes its name; what people typed stays as typed."""
    rich = [b for b in settings_modal(settings(history=CHANGES))["blocks"] if b["type"] == "rich_text"]
    first, second = rich[0]["elements"]
    assert {"type": "user", "user_id": ANA} in first["elements"]
    assert {"type": "channel", "channel_id": "C0NEW"} in first["elements"]
    assert {"type": "text", "text": "connected Demo CRM as <Ana>"} in second["elements"]


def test_what_is_drawn_is_what_is_read_back() -> None:
    """A save without a change changes nothing."""
    boxes = Boxes(send_green=True, send_status=True, trigger_status="offer", send_amber=True)
    view = settings_modal(settings(boxes=boxes, undo_seconds=30, most_cards=20))
    read = read_settings(_as_slack_sends_it(view))
    assert read == SettingsInput(
        crm="demo",
        boxes=boxes,
        has_trigger=True,
        channel="C1",
        undo_seconds=30,
        most_cards=20,
        editors=(ANA,),
    )


def _as_slack_sends_it(view: Json) -> dict[str, dict[str, Any]]:
    """The state of an untouched view."""
    values: dict[str, dict[str, Any]] = {}
    for block in view["blocks"]:
        for element in elements_of(block):
            state = {
                "type": element["type"],
                "selected_option": element.get("initial_option"),
                "selected_options": element.get("initial_options", []),
                "selected_conversation": element.get("initial_conversation"),
                "selected_users": element.get("initial_users", []),
            }
            values.setdefault(block["block_id"], {})[element["action_id"]] = state
    return values
