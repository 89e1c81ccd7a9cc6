"""Reading back what an admin entered."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.blocks import ids
from bot.blocks.settings import SettingsInput, read_settings
from bot.workspace import Boxes, Picked


def _chosen(value: str | None) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"value": value} if value else None}


def _ticked(*values: str) -> dict[str, Any]:
    return {"type": "checkboxes", "selected_options": [{"value": value} for value in values]}


def _state(**elements: Any) -> dict[str, Any]:
    return {action_id: {action_id: element} for action_id, element in elements.items()}


def test_every_field_is_read() -> None:
    """From the state of a fully shown modal."""
    values = _state(
        settings_crm=_chosen("odoo"),
        settings_boxes=_ticked(ids.BOX_GREEN, ids.BOX_STATUS),
        settings_trigger=_chosen("interview"),
        settings_amber=_ticked(ids.BOX_AMBER),
        settings_channel={"selected_conversation": "C1"},
        settings_undo=_chosen("30"),
        settings_editors={"selected_users": ["U1", "U2"]},
        settings_owner={"selected_user": "U3"},
    )
    values[ids.question_block("odoo", "key")] = {ids.question_action("key"): {"value": " s3cret "}}
    values[ids.question_block("odoo", "region")] = {ids.question_action("region"): _chosen("emea")}
    values[ids.question_block("odoo", "note")] = {ids.question_action("note"): {"value": None}}
    assert read_settings(values) == SettingsInput(
        crm="odoo",
        answers={"key": "s3cret", "region": "emea", "note": ""},
        boxes=Boxes(send_green=True, send_status=True, trigger_status="interview", send_amber=True),
        has_trigger=True,
        channel="C1",
        undo_seconds=30,
        editors=("U1", "U2"),
        default_owner="U3",
    )


def test_absent_fields_are_told_from_emptied_ones() -> None:
    """What was not on the screen keeps what is stored; what was emptied is emptied."""
    assert read_settings({}) == SettingsInput()
    emptied = _state(
        settings_boxes=_ticked(),
        settings_amber=_ticked(),
        settings_trigger=_chosen(None),
        settings_channel={"selected_conversation": None},
        settings_editors={"selected_users": []},
        settings_owner={"selected_user": None},
    )
    assert read_settings(emptied) == SettingsInput(
        boxes=Boxes(), has_trigger=True, channel="", editors=(), default_owner=""
    )


def test_options_are_read_with_the_words_they_were_offered_in() -> None:
    """By CRM and option; what was emptied or taken back has an empty value."""
    chosen = {"value": "7", "text": {"type": "plain_text", "text": "Phone screen"}}
    none = {"value": ids.NO_CHOICE, "text": {"type": "plain_text", "text": "none"}}
    entered = {
        "stage": {"type": "external_select", "selected_option": chosen},
        "cv": {"type": "static_select", "selected_option": none},
        "category": {"type": "external_select", "selected_option": None},
        "tag": _ticked("yes"),
        "mail": _ticked(),
        "subject": {"type": "plain_text_input", "value": " New "},
    }
    state = {ids.option_block("ODOO", key): {ids.option_action(key): one} for key, one in entered.items()}
    nothing = Picked("", "")
    assert read_settings(state).options == {
        "ODOO": {
            "stage": Picked("7", "Phone screen"),
            "cv": nothing,
            "category": nothing,
            "tag": Picked("yes", "Yes"),
            "mail": nothing,
            "subject": Picked("New", "New"),
        }
    }


def test_a_menu_that_only_told_of_trouble_chose_nothing() -> None:
    """What is stored stays."""
    told = {"value": ids.NO_ENTRY, "text": {"type": "plain_text", "text": "Odoo did not answer in time."}}
    element = {"type": "external_select", "selected_option": told}
    state = {ids.option_block("ODOO", "stage"): {ids.option_action("stage"): element}}
    assert read_settings(state).options == {}


@pytest.mark.parametrize("seconds", ["-5", "1.5", "ten", "١", "1" * 9, ""])
def test_an_odd_undo_time_is_no_undo_time(seconds: str) -> None:
    """It never raises."""
    assert read_settings(_state(settings_undo={"selected_option": {"value": seconds}})).undo_seconds is None


_actions = st.sampled_from(
    [
        ids.SETTINGS_CRM,
        ids.SETTINGS_BOXES,
        ids.SETTINGS_AMBER,
        ids.SETTINGS_TRIGGER,
        ids.SETTINGS_CHANNEL,
        ids.SETTINGS_UNDO,
        ids.SETTINGS_EDITORS,
        ids.question_action("key"),
    ]
)
_keys = st.sampled_from(
    ["selected_option", "selected_options", "selected_users", "selected_conversation", "value", "text"]
)
_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys | _actions, inner, max_size=3),
    max_leaves=12,
)


@examples(deadline=None)
@given(_json | st.dictionaries(st.text(max_size=3), st.dictionaries(_actions, _json)))
def test_odd_input_never_raises(values: object) -> None:
    """Whatever is sent in the place of a modal's state."""
    assert isinstance(read_settings(values), SettingsInput)


@examples(deadline=None)
@given(_json)
def test_odd_options_never_raise(element: object) -> None:
    """Whatever stands where the element of a CRM's option should."""
    state = {ids.option_block("ODOO", "stage"): {ids.option_action("stage"): element}}
    assert set(read_settings(state).options) <= {"ODOO"}
