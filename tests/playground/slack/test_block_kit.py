"""Block Kit's limits: what is at the limit passes, what is past it is refused with a pointer."""

from __future__ import annotations

from typing import Any

import pytest

from bot.playground.slack.blockkit import check_blocks, check_view

from .pieces import Json, actions, button, checkboxes, field, modal, option, plain, section, select, typed

OVERFLOW = {"type": "overflow", "action_id": "o"}
CONFIRM = {"title": plain("x"), "text": plain("x"), "confirm": plain("x"), "deny": plain("x")}
IMAGE = {"type": "image", "image_url": "https://x.example/a.png", "alt_text": "x"}


def says(blocks: list[Any], surface: str = "message") -> str:
    """All complaints as one text."""
    return " ".join(str(problem) for problem in check_blocks(blocks, surface))


AT_THE_LIMIT: list[Json] = [
    section("x" * 3000),
    {"type": "section", "fields": [plain("x" * 2000)] * 10},
    {"type": "header", "text": plain("x" * 150), "level": 4},
    actions(*[button(f"b{n}") for n in range(25)]),
    actions(button("b", text=plain("x" * 75), value="x" * 2000, url="https://x.example/" + "x" * 2900)),
    actions(OVERFLOW | {"options": [option(str(n)) for n in range(5)]}),
    actions(select("s", *[str(n) for n in range(100)])),
    actions(checkboxes("c", *[str(n) for n in range(10)])),
    actions(button(confirm=CONFIRM)),
    {"type": "context", "elements": [plain("x")] * 9 + [IMAGE]},
    field("f", typed("t", max_length=3000), label=plain("x" * 2000)),
    {"type": "image", **{name: IMAGE[name] for name in ("image_url", "alt_text")}, "title": plain("x")},
    {"type": "divider", "block_id": "x" * 255},
    {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * 20] * 100},
    {"type": "markdown", "text": "x" * 12_000},
    {"type": "card", "title": plain("x" * 150), "actions": [button()]},
    {
        "type": "context_actions",
        "elements": [{"type": "icon_button", "icon": "trash", "text": plain("Delete")}],
    },
]


@pytest.mark.parametrize("block", AT_THE_LIMIT, ids=lambda block: block["type"])
def test_what_is_at_the_limit_passes(block: Json) -> None:
    """The validator must not refuse what Slack takes."""
    assert says([block]) == ""


PAST_THE_LIMIT: list[tuple[Json, str]] = [
    (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
    (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
    ({"type": "section"}, "must define either `text` or `fields` [json-pointer:/blocks/0]"),
    (
        {"type": "section", "fields": [plain("x")] * 11},
        "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
    ),
    ({"type": "section", "fields": [plain("x" * 2001)]}, "must be less than 2001 characters"),
    ({"type": "header", "text": plain("x" * 151)}, "must be less than 151 characters"),
    ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "unsupported type: mrkdwn"),
    ({"type": "header"}, "missing required field: text [json-pointer:/blocks/0]"),
    (actions(*[button(f"b{n}") for n in range(26)]), "no more than 25 items allowed"),
    (actions(), "no less than 1 items allowed"),
    (actions(button("b", text=plain("x" * 76))), "/blocks/0/elements/0/text/text"),
    (actions(button("b", value="x" * 2001)), "must be less than 2001 characters"),
    (actions(button("b", style="green")), "must be a valid enum value"),
    (actions(button("x" * 256)), "/blocks/0/elements/0/action_id"),
    (actions(button("twice"), button("twice")), "`action_id` twice already exists"),
    (actions(OVERFLOW | {"options": [option(str(n)) for n in range(6)]}), "no more than 5 items allowed"),
    (actions(select("s", *[str(n) for n in range(101)])), "no more than 100 items allowed"),
    (actions(select("s", "a", initial_option=option("b"))), "must match one of the options"),
    (actions(select("s", "x" * 151)), "must be less than 151 characters"),
    (actions({"type": "static_select", "action_id": "s"}), "must define either `options` or `option_groups`"),
    (actions(select("s", "a", placeholder=plain("x" * 151))), "/placeholder/text"),
    (actions(checkboxes("c", *[str(n) for n in range(11)])), "no more than 10 items allowed"),
    (actions(checkboxes("c", "a", initial_options=[option("b")])), "must match one of the options"),
    (actions(button(confirm=CONFIRM | {"title": plain("x" * 101)})), "must be less than 101 characters"),
    (actions(button(confirm={"title": plain("x")})), "missing required field: deny"),
    (actions(typed("t")), "unsupported type: plain_text_input"),
    ({"type": "context", "elements": [plain("x")] * 11}, "no more than 10 items allowed"),
    ({"type": "context", "elements": [button()]}, "unsupported type: button"),
    (field("f", button()), "unsupported type: button"),
    (field("f", typed("t", max_length=3001)), "must be between 1 and 3000"),
    (field("f", typed("t", min_length=5, max_length=2)), "must not be greater than max_length"),
    (field("f", {"type": "file_input"}, dispatch_action=True), "not supported with file_input"),
    (field("f", typed("t", "number_input")), "missing required field: is_decimal_allowed"),
    ({"type": "image", "alt_text": "x"}, "must define either `image_url` or `slack_file`"),
    (IMAGE | {"slack_file": {"id": "F1"}}, "must define only one of"),
    ({"type": "divider", "colour": "red"}, "invalid additional property: colour [json-pointer:/blocks/0]"),
    ({"type": "divider", "block_id": "x" * 256}, "/blocks/0/block_id"),
    ({"type": "marquee"}, "unsupported type: marquee [json-pointer:/blocks/0/type]"),
    ({"type": "file", "external_id": "x", "source": "remote"}, "unsupported type: file"),
    ({"type": "alert", "text": plain("x")}, "unsupported type: alert"),
    ({"type": "markdown", "text": "x" * 12_001}, "must be less than 12001 characters"),
    ({"type": "table", "rows": [[{"text": "x" * 10_001}]]}, "less than 10001 characters in total"),
    ({"type": "card"}, "must define either"),
    ({"type": "section", "text": plain("x") | {"verbatim": True}}, "invalid additional property: verbatim"),
    ({"type": "section", "text": "x"}, "must provide an object"),
    ({"type": "data_table", "caption": "x", "rows": [[1], [1, 2]]}, "same number of cells"),
]


@pytest.mark.parametrize(("block", "complaint"), PAST_THE_LIMIT)
def test_what_is_past_the_limit_is_refused(block: Json, complaint: str) -> None:
    """With Slack's wording and where it is."""
    assert complaint in says([block])


def test_a_message_takes_50_blocks_and_a_view_100() -> None:
    """One more is one too many."""
    divider = {"type": "divider"}
    assert says([divider] * 50) == ""
    assert "no more than 50 items allowed [json-pointer:/blocks]" in says([divider] * 51)
    assert says([divider] * 100, "modal") == ""
    assert "no more than 100 items allowed" in says([divider] * 101, "home")


def test_block_ids_are_unique() -> None:
    """In a message and in a view."""
    twice = [section("a", block_id="x"), section("b", block_id="x")]
    assert "`block_id` x already exists" in says(twice)
    assert "already exists" in " ".join(map(str, check_view(modal(*twice))))


def test_one_action_id_may_serve_in_several_blocks() -> None:
    """It has to be unique in its block only."""
    assert says([actions(button(), block_id="a"), actions(button(), block_id="b")]) == ""


def test_totals_are_counted_over_the_message() -> None:
    """Markdown characters and tables, whichever block they are in."""
    half = {"type": "markdown", "text": "x" * 6001}
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert "less than 12001 characters in total" in says([half, half])
    assert "only_one_table_allowed" in says([table, table])


def test_surfaces_have_their_own_blocks() -> None:
    """An alert is for modals, a table not."""
    alert = {"type": "alert", "text": plain("x"), "level": "warning"}
    table = {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}
    assert says([alert], "modal") == ""
    assert "unsupported type: table" in says([table], "modal")


def test_one_element_takes_the_focus() -> None:
    """Two can't."""
    two = [field(name, typed(name, focus_on_load=True)) for name in ("a", "b")]
    assert "only one element may have focus_on_load" in says(two, "modal")


def test_response_urls_are_for_inputs_in_modals() -> None:
    """Elsewhere Slack refuses the flag."""
    menu = {"type": "conversations_select", "action_id": "c", "response_url_enabled": True}
    assert says([field("f", menu)], "modal") == ""
    assert "response_url_enabled" in says([actions(menu)], "modal")
    assert "response_url_enabled" in says([field("f", menu)], "message")


def test_a_home_tab_has_no_title() -> None:
    """Nor a submit button."""
    complaints = " ".join(map(str, check_view({"type": "home", "blocks": [], "title": plain("x")})))
    assert "invalid additional property: title [json-pointer:/view]" in complaints
    assert check_view({"type": "home", "blocks": [section("x")], "private_metadata": "x" * 3000}) == []


@pytest.mark.parametrize("junk", [None, "x", [], {}, {"type": "drawer"}, {"type": "modal", "blocks": [None]}])
def test_junk_is_refused_without_breaking(junk: object) -> None:
    """Whatever is sent, there is an answer."""
    assert check_view(junk) != []
