"""The settings modal: which CRM, which boxes, where cards go, how long to undo, who may change it."""

from __future__ import annotations

import re

from slack_sdk.models.blocks import (
    ConversationFilter,
    ConversationSelectElement,
    DividerBlock,
    InputBlock,
    StaticSelectElement,
    UserMultiSelectElement,
)

from bot.blocks import ids, kit, parts
from bot.blocks.parts import AnyBlock, Json
from bot.blocks.settings_boxes import boxes
from bot.blocks.settings_connection import connection
from bot.blocks.settings_input import SettingsInput, read_settings
from bot.blocks.settings_options import options
from bot.blocks.settings_screen import SettingsScreen
from bot.workspace import SettingsChange

__all__ = ["SettingsInput", "SettingsScreen", "read_settings", "settings_modal"]

_UNDO_CHOICES = (0, 5, 10, 30, 60, 300)
_CARD_CHOICES = (0, 10, 20, 50, 100)
_MENTION = re.compile(r"<([#@][CGUW][A-Z0-9]{2,30})>")
_MOST_CHANGES = 5


def settings_modal(screen: SettingsScreen) -> Json:
    """The modal's view, for `views.open` and `views.update`."""
    blocks: list[AnyBlock] = [
        parts.section(f"⚠️ {kit.shown(screen.error, 1000)}") if screen.error else None,
        *connection(screen),
        parts.context(f"ℹ️ {kit.shown(screen.lacks, 300)}") if screen.lacks else None,
        *boxes(screen),
        *options(screen),
        DividerBlock(),
        _channel(screen),
        _most_cards(screen),
        _undo(screen),
        _editors(screen),
        *_changes(screen),
    ]
    return parts.modal(
        "Handoff settings",
        blocks,
        close="Cancel",
        callback_id=ids.SETTINGS,
        submit=parts.plain_text("Save settings").to_dict(),
        private_metadata=screen.private_metadata,
    )


def _channel(screen: SettingsScreen) -> InputBlock:
    return InputBlock(
        label=parts.plain_text("Channel for new cards"),
        element=ConversationSelectElement(
            action_id=ids.SETTINGS_CHANNEL,
            placeholder=parts.plain_text("Choose a channel"),
            initial_conversation=screen.channel,
            filter=ConversationFilter(include=["public", "private"], exclude_bot_users=True),
        ),
        block_id=ids.SETTINGS_CHANNEL,
        hint=parts.plain_text(
            "Everyone in it sees the applicants. A private channel has to invite Handoff first."
        ),
        optional=True,
    )


def _most_cards(screen: SettingsScreen) -> InputBlock:
    offered = sorted({*_CARD_CHOICES, max(0, screen.most_cards)})
    options = {most: parts.option(str(most), _cards_at_a_time(most)) for most in offered}
    return InputBlock(
        label=parts.plain_text("Cards at a time"),
        element=StaticSelectElement(
            action_id=ids.SETTINGS_CARDS,
            options=list(options.values()),
            initial_option=options[max(0, screen.most_cards)],
        ),
        block_id=ids.SETTINGS_CARDS,
        hint=parts.plain_text(
            "If more applicants come within ten minutes, the others wait in a queue, and one message with a "
            "button opens it."
        ),
    )


def _cards_at_a_time(most: int) -> str:
    return f"{kit.counted(most, 'card', 'cards')}, then a summary" if most else "Every applicant gets a card"


def _undo(screen: SettingsScreen) -> InputBlock:
    offered = sorted({*_UNDO_CHOICES, max(0, screen.undo_seconds)})
    options = {seconds: parts.option(str(seconds), duration(seconds)) for seconds in offered}
    return InputBlock(
        label=parts.plain_text("Time to undo a decision"),
        element=StaticSelectElement(
            action_id=ids.SETTINGS_UNDO,
            options=list(options.values()),
            initial_option=options[max(0, screen.undo_seconds)],
        ),
        block_id=ids.SETTINGS_UNDO,
        hint=parts.plain_text("Nothing of a decision leaves before this time is over."),
    )


def duration(seconds: int) -> str:
    """How long the undo window is, in words."""
    if seconds == 0:
        return "None: decisions leave at once"
    if seconds % 60:
        return kit.counted(seconds, "second", "seconds")
    return kit.counted(seconds // 60, "minute", "minutes")


def _editors(screen: SettingsScreen) -> InputBlock:
    return InputBlock(
        label=parts.plain_text("Who else may change these settings"),
        element=UserMultiSelectElement(
            action_id=ids.SETTINGS_EDITORS,
            placeholder=parts.plain_text("Choose people"),
            initial_users=[user for user in screen.editors if kit.is_user_id(user)][:100] or None,
        ),
        block_id=ids.SETTINGS_EDITORS,
        hint=parts.plain_text("Workspace admins and owners always may."),
        optional=True,
    )


def _changes(screen: SettingsScreen) -> list[AnyBlock]:
    if not screen.history:
        return []
    lines = [_change(change) for change in screen.history[:_MOST_CHANGES]]
    return [parts.section("*Last changes*"), parts.rich_text(*lines)]


def _change(change: SettingsChange) -> list[Json]:
    told = "; ".join(change.changes)
    at = parts.moment(change.at, change.at)
    return [parts.person(change.user_id), parts.words(", "), at, parts.words(": "), *_with_mentions(told)]


def _with_mentions(text: str) -> list[Json]:
    """Our sentences name a channel or a person by their id between brackets; all else in them is words."""
    pieces = _MENTION.split(kit.plain(text, 400))
    runs = [_mention(piece) if index % 2 else parts.words(piece) for index, piece in enumerate(pieces)]
    return [run for run in runs if run.get("text", "-")]


def _mention(about: str) -> Json:
    if about.startswith("@"):
        return parts.person(about[1:])
    return {"type": "channel", "channel_id": about[1:]}
