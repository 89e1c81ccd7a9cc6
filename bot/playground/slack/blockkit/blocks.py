"""Table: every block with its fields, limits and the surfaces it may stand on."""

from __future__ import annotations

from .elements import IN_ACTIONS, IN_CONTEXT, IN_CONTEXT_ACTIONS, IN_INPUT, IN_SECTION
from .rules import at_least_one, container_divider, equal_columns, exactly_one, input_block, not_both
from .spec import (
    MESSAGE,
    MESSAGE_AND_HOME,
    MODAL,
    NOWHERE,
    Anything,
    Block,
    Bool,
    Element,
    Int,
    Many,
    Obj,
    Shape,
    Str,
    Text,
)

_TASK_STATUS = ("pending", "in_progress", "complete", "error")
_IN_CONTAINER = frozenset(
    {
        "actions",
        "context",
        "divider",
        "file",
        "header",
        "image",
        "input",
        "rich_text",
        "section",
        "table",
        "video",
    }
)
_IMAGE = Element(frozenset({"image"}))

BLOCKS: dict[str, Shape] = {
    "actions": Shape({"elements": Many(IN_ACTIONS, 25, 1)}, required=("elements",)),
    "alert": Shape(
        {"text": Text(200), "level": Str(choices=("default", "info", "warning", "error", "success"))},
        required=("text",),
        surfaces=MODAL,
    ),
    "call": Shape(
        {"call_id": Str(255, 1), "call": Anything(), "api_decoration_available": Bool()},
        required=("call_id",),
    ),
    "card": Shape(
        {
            "title": Text(150),
            "subtitle": Text(150),
            "body": Text(200),
            "subtext": Text(200),
            "hero_image": _IMAGE,
            "icon": _IMAGE,
            "slack_icon": Anything(),
            "actions": Many(Element(frozenset({"button"})), 3, 1),
        },
        rules=(at_least_one("hero_image", "title", "actions", "body"), not_both("slack_icon", "icon")),
    ),
    "carousel": Shape(
        {"elements": Many(Block(frozenset({"card"})), 10, 1)},
        required=("elements",),
        surfaces=MESSAGE_AND_HOME,
    ),
    "container": Shape(
        {
            "title": Text(150),
            "rich_text_title": Anything(),
            "subtitle": Text(150),
            "icon": Anything(),
            "width": Str(choices=("narrow", "standard", "wide", "full")),
            "is_collapsible": Bool(),
            "default_collapsed": Bool(),
            "header_divider": Bool(),
            "child_blocks": Many(Block(_IN_CONTAINER), 10, 1),
        },
        required=("child_blocks",),
        surfaces=MESSAGE_AND_HOME,
        rules=(exactly_one("title", "rich_text_title"), container_divider),
    ),
    "context": Shape({"elements": Many(IN_CONTEXT, 10, 1)}, required=("elements",)),
    "context_actions": Shape(
        {"elements": Many(IN_CONTEXT_ACTIONS, 5, 1)}, required=("elements",), surfaces=MESSAGE
    ),
    "data_table": Shape(
        {
            "rows": Many(Many(Anything(), 20, 1), 201, 2),
            "caption": Str(3000, 1),
            "page_size": Int(1, 100),
        },
        required=("rows", "caption"),
        surfaces=MESSAGE_AND_HOME,
        rules=(equal_columns,),
    ),
    "data_visualization": Shape(
        {"title": Str(50), "chart": Anything()}, required=("chart",), surfaces=MESSAGE
    ),
    "divider": Shape({}),
    "file": Shape({}, surfaces=NOWHERE),
    "header": Shape({"text": Text(150, plain=True), "level": Int(1, 4)}, required=("text",)),
    "image": Shape(
        {
            "image_url": Str(3000, 1),
            "slack_file": Obj("slack_file"),
            "alt_text": Str(2000, 1),
            "title": Text(2000, plain=True),
        },
        required=("alt_text",),
        rules=(exactly_one("image_url", "slack_file"),),
    ),
    "input": Shape(
        {
            "label": Text(2000, plain=True),
            "element": IN_INPUT,
            "hint": Text(2000, plain=True),
            "optional": Bool(),
            "dispatch_action": Bool(),
        },
        required=("label", "element"),
        rules=(input_block,),
    ),
    "markdown": Shape({"text": Str(12_000, 1)}, required=("text",), surfaces=MESSAGE),
    "plan": Shape(
        {"title": Str(3000, 1), "tasks": Many(Block(frozenset({"task_card"})), 50)},
        required=("title",),
        surfaces=MESSAGE,
    ),
    "rich_text": Shape({"elements": Many(Anything(), 1_000)}, required=("elements",)),
    "section": Shape(
        {
            "text": Text(3000),
            "fields": Many(Text(2000), 10, 1),
            "accessory": IN_SECTION,
            "expand": Bool(),
        },
        rules=(at_least_one("text", "fields"),),
    ),
    "table": Shape(
        {"rows": Many(Many(Anything(), 20), 100, 1), "column_settings": Many(Anything(), 20)},
        required=("rows",),
        surfaces=MESSAGE_AND_HOME,
    ),
    "task_card": Shape(
        {
            "task_id": Str(255, 1),
            "title": Str(3000, 1),
            "status": Str(choices=_TASK_STATUS),
            "details": Anything(),
            "output": Anything(),
            "sources": Anything(),
        },
        required=("task_id", "title"),
        surfaces=MESSAGE,
    ),
    "video": Shape(
        {
            "title": Text(199, plain=True),
            "title_url": Str(3000),
            "description": Text(199, plain=True),
            "author_name": Str(49),
            "provider_name": Str(255),
            "provider_icon_url": Str(3000),
            "thumbnail_url": Str(3000, 1),
            "video_url": Str(3000, 1),
            "alt_text": Str(2000, 1),
        },
        required=("title", "thumbnail_url", "video_url", "alt_text"),
    ),
}
