"""What screens are built of: text objects, rich text, rows of buttons; `ready` makes plain dicts of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    BlockElement,
    ButtonElement,
    ContextBlock,
    HeaderBlock,
    InteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextObject,
    SectionBlock,
)

from bot.blocks.kit import is_user_id, written

Json = dict[str, Any]
AnyBlock = Block | Json | None


def mrkdwn(text: str) -> MarkdownTextObject:
    """Our own words; people's pieces in them went through `kit.shown`. Bare addresses stay words."""
    return MarkdownTextObject(text=text, verbatim=True)


def plain_text(text: str) -> PlainTextObject:
    """Words in which Slack interprets nothing."""
    return PlainTextObject(text=text, emoji=False)


def header(text: str) -> HeaderBlock:
    """A heading."""
    return HeaderBlock(text=plain_text(text))


def section(text: str, *, accessory: BlockElement | None = None, block_id: str | None = None) -> SectionBlock:
    """A paragraph of our own words."""
    return SectionBlock(text=mrkdwn(text), accessory=accessory, block_id=block_id)


def typed(text: str, *, accessory: BlockElement | None = None, block_id: str | None = None) -> SectionBlock:
    """A paragraph of people's words, shown as typed."""
    return SectionBlock(text=plain_text(text), accessory=accessory, block_id=block_id)


def context(*texts: MarkdownTextObject | PlainTextObject | str, block_id: str | None = None) -> ContextBlock:
    """A quiet line; a bare string is mrkdwn."""
    elements = [mrkdwn(text) if isinstance(text, str) else text for text in texts]
    return ContextBlock(elements=elements, block_id=block_id)


def actions(elements: Sequence[InteractiveElement], block_id: str) -> ActionsBlock:
    """A row of buttons and menus."""
    return ActionsBlock(elements=elements, block_id=block_id)


def button(text: str, action_id: str, **more: Any) -> ButtonElement:
    """A button; `more` are the SDK's own arguments."""
    return ButtonElement(text=plain_text(text), action_id=action_id, **more)


def option(value: str, text: str, description: str | None = None) -> Option:
    """A line of a menu or a check box."""
    return Option(
        value=value, text=plain_text(text), description=plain_text(description) if description else None
    )


def words(text: str, *, bold: bool = False, strike: bool = False) -> Json:
    """A run of rich text, in which Slack interprets nothing."""
    style = {name: True for name, wanted in (("bold", bold), ("strike", strike)) if wanted}
    return {"type": "text", "text": text, **({"style": style} if style else {})}


def person(user_id: str | None) -> Json:
    """A person of the workspace, in rich text."""
    return {"type": "user", "user_id": user_id} if is_user_id(user_id) else words("someone")


def moment(at: datetime, now: datetime, template: str = "{date_short_pretty} at {time}") -> Json:
    """A moment in rich text, in each reader's own time zone."""
    seconds = int(at.timestamp())
    if seconds <= 0:
        return words(written(at, now))
    return {
        "type": "date",
        "timestamp": seconds,
        "format": template,
        "fallback": written(at, now),
    }


def rich_text(*paragraphs: Sequence[Json]) -> Json:
    """A block of paragraphs made of runs."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": list(runs)} for runs in paragraphs],
    }


def modal(title: str, blocks: Iterable[AnyBlock], *, close: str = "Close", **more: Any) -> Json:
    """A modal's view; `more` are further fields of it."""
    # The SDK's View would parse the blocks anew, and lose what it does not know.
    return {
        "type": "modal",
        "title": plain_text(title).to_dict(),
        "close": plain_text(close).to_dict(),
        "blocks": ready(blocks),
        **more,
    }


def ready(blocks: Iterable[AnyBlock]) -> list[Json]:
    """The blocks as the Web API takes them; None is left out."""
    return [block.to_dict() if isinstance(block, Block) else block for block in blocks if block is not None]
