"""Tables: composition objects and interactive elements with their fields and limits."""

from __future__ import annotations

from .rules import exactly_one, initial_is_offered, min_below_max
from .spec import Anything, Bool, Element, Int, Many, Obj, Shape, Spec, Str, Text

TEXT_TYPES = frozenset({"plain_text", "mrkdwn"})
ACTION_ID = Str(255, 1)
CONFIRM = Obj("confirm")
PLACEHOLDER = Text(150, plain=True)
STYLE = Str(choices=("primary", "danger"))

OBJECTS: dict[str, Shape] = {
    "confirm": Shape(
        {
            "title": Text(100, plain=True),
            "text": Text(300),
            "confirm": Text(30, plain=True),
            "deny": Text(30, plain=True),
            "style": STYLE,
        },
        required=("title", "text", "confirm", "deny"),
    ),
    "option": Shape(
        {"text": Text(75, plain=True), "value": Str(150, 1), "description": Text(75, plain=True)},
        required=("text", "value"),
    ),
    "rich_option": Shape(
        {"text": Text(75), "value": Str(150, 1), "description": Text(75)}, required=("text", "value")
    ),
    "link_option": Shape(
        {
            "text": Text(75, plain=True),
            "value": Str(150, 1),
            "description": Text(75, plain=True),
            "url": Str(3000, 1),
        },
        required=("text", "value"),
    ),
    "option_group": Shape(
        {"label": Text(75, plain=True), "options": Many(Obj("option"), 100, 1)}, required=("label", "options")
    ),
    "filter": Shape(
        {
            "include": Many(Str(choices=("im", "mpim", "private", "public")), 4, 1),
            "exclude_external_shared_channels": Bool(),
            "exclude_bot_users": Bool(),
        }
    ),
    "dispatch_config": Shape(
        {"trigger_actions_on": Many(Str(choices=("on_enter_pressed", "on_character_entered")), 2, 1)}
    ),
    "slack_file": Shape({"id": Str(255, 1), "url": Str(3000, 1)}, rules=(exactly_one("id", "url"),)),
    "feedback_button": Shape(
        {"text": Text(75, plain=True), "value": Str(2000), "accessibility_label": Str(75)},
        required=("text", "value"),
    ),
}


def _typing(**extra: Spec) -> dict[str, Spec]:
    """The fields that all typed-into elements share."""
    base: dict[str, Spec] = {
        "action_id": ACTION_ID,
        "initial_value": Str(3000),
        "dispatch_action_config": Obj("dispatch_config"),
        "placeholder": PLACEHOLDER,
        "focus_on_load": Bool(),
    }
    return base | extra


def _menu(**extra: Spec) -> dict[str, Spec]:
    """The fields that all menus share."""
    base: dict[str, Spec] = {
        "action_id": ACTION_ID,
        "placeholder": PLACEHOLDER,
        "confirm": CONFIRM,
        "focus_on_load": Bool(),
    }
    return base | extra


def _boxes(**extra: Spec) -> Shape:
    base: dict[str, Spec] = {
        "action_id": ACTION_ID,
        "options": Many(Obj("rich_option"), 10, 1),
        "confirm": CONFIRM,
        "focus_on_load": Bool(),
    }
    return Shape(base | extra, required=("options",), rules=(initial_is_offered,))


_OPTIONS: dict[str, Spec] = {
    "options": Many(Obj("option"), 100, 1),
    "option_groups": Many(Obj("option_group"), 100, 1),
}
_ITEMS: dict[str, Spec] = {"max_selected_items": Int(1, 1_000)}
_CONVERSATIONS: dict[str, Spec] = {"default_to_current_conversation": Bool(), "filter": Obj("filter")}
_ONE_SOURCE = (exactly_one("options", "option_groups"), initial_is_offered)

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {
            "text": Text(75, plain=True),
            "action_id": ACTION_ID,
            "url": Str(3000),
            "value": Str(2000),
            "style": STYLE,
            "confirm": CONFIRM,
            "accessibility_label": Str(75),
            "visible_to_user_ids": Many(Str(255), 10),
            "agent_prompt": Str(4000),
            "agent_prompt_display": Anything(),
        },
        required=("text",),
    ),
    "workflow_button": Shape(
        {
            "text": Text(75, plain=True),
            "workflow": Anything(),
            "action_id": ACTION_ID,
            "style": STYLE,
            "accessibility_label": Str(75),
        },
        required=("text", "workflow"),
    ),
    "icon_button": Shape(
        {
            "icon": Str(choices=("trash",)),
            "text": Text(75, plain=True),
            "action_id": ACTION_ID,
            "value": Str(2000),
            "confirm": CONFIRM,
            "accessibility_label": Str(75),
            "visible_to_user_ids": Many(Str(255), 10),
        },
        required=("icon", "text"),
    ),
    "feedback_buttons": Shape(
        {
            "action_id": ACTION_ID,
            "positive_button": Obj("feedback_button"),
            "negative_button": Obj("feedback_button"),
        },
        required=("positive_button", "negative_button"),
    ),
    "image": Shape(
        {"image_url": Str(3000, 1), "slack_file": Obj("slack_file"), "alt_text": Str(2000, 1)},
        required=("alt_text",),
        rules=(exactly_one("image_url", "slack_file"),),
    ),
    "overflow": Shape(
        {"action_id": ACTION_ID, "options": Many(Obj("link_option"), 5, 1), "confirm": CONFIRM},
        required=("options",),
    ),
    "checkboxes": _boxes(initial_options=Many(Obj("rich_option"), 10, 1)),
    "radio_buttons": _boxes(initial_option=Obj("rich_option")),
    "static_select": Shape(_menu(initial_option=Obj("option"), **_OPTIONS), rules=_ONE_SOURCE),
    "multi_static_select": Shape(
        _menu(initial_options=Many(Obj("option"), 100, 1), **_OPTIONS, **_ITEMS), rules=_ONE_SOURCE
    ),
    "external_select": Shape(_menu(initial_option=Obj("option"), min_query_length=Int(0, 3000))),
    "multi_external_select": Shape(
        _menu(initial_options=Many(Obj("option"), 100, 1), min_query_length=Int(0, 3000), **_ITEMS)
    ),
    "users_select": Shape(_menu(initial_user=Str(255, 1))),
    "multi_users_select": Shape(_menu(initial_users=Many(Str(255, 1), 100, 1), **_ITEMS)),
    "conversations_select": Shape(
        _menu(initial_conversation=Str(255, 1), response_url_enabled=Bool(), **_CONVERSATIONS)
    ),
    "multi_conversations_select": Shape(
        _menu(initial_conversations=Many(Str(255, 1), 100, 1), **_CONVERSATIONS, **_ITEMS)
    ),
    "channels_select": Shape(_menu(initial_channel=Str(255, 1), response_url_enabled=Bool())),
    "multi_channels_select": Shape(_menu(initial_channels=Many(Str(255, 1), 100, 1), **_ITEMS)),
    "datepicker": Shape(_menu(initial_date=Str(10, 10))),
    "timepicker": Shape(_menu(initial_time=Str(5, 5), timezone=Str(255))),
    "datetimepicker": Shape(
        {
            "action_id": ACTION_ID,
            "initial_date_time": Int(1_000_000_000, 9_999_999_999),
            "confirm": CONFIRM,
            "focus_on_load": Bool(),
        }
    ),
    "plain_text_input": Shape(
        _typing(multiline=Bool(), min_length=Int(0, 3000), max_length=Int(1, 3000)), rules=(min_below_max,)
    ),
    "email_text_input": Shape(_typing()),
    "url_text_input": Shape(_typing()),
    "number_input": Shape(
        _typing(is_decimal_allowed=Bool(), min_value=Str(255), max_value=Str(255)),
        required=("is_decimal_allowed",),
    ),
    "rich_text_input": Shape(_typing(initial_value=Anything())),
    "file_input": Shape(
        {"action_id": ACTION_ID, "filetypes": Many(Str(255, 1), 100), "max_files": Int(1, 10)}
    ),
}

_MULTI = frozenset(name for name in ELEMENTS if name.startswith("multi_"))
_SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select")) - _MULTI
_PICKERS = frozenset({"datepicker", "timepicker"})
_CHOICES = frozenset({"checkboxes", "radio_buttons"})
_BUTTONS = frozenset({"button", "workflow_button", "overflow"})
_TYPED = frozenset(name for name in ELEMENTS if name.endswith("_input"))

IN_ACTIONS = Element(_SELECTS | _MULTI | _PICKERS | _CHOICES | _BUTTONS | {"datetimepicker", "icon_button"})
IN_SECTION = Element(_SELECTS | _MULTI | _PICKERS | _CHOICES | _BUTTONS | {"image"})
IN_INPUT = Element(_SELECTS | _MULTI | _PICKERS | _CHOICES | _TYPED | {"datetimepicker"})
IN_CONTEXT = Element(TEXT_TYPES | {"image"})
IN_CONTEXT_ACTIONS = Element(frozenset({"feedback_buttons", "icon_button"}))
