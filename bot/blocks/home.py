"""The Home tab: what Handoff does, how it stands here, and the next step for whoever looks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import ButtonElement, DividerBlock, SectionBlock

from bot.blocks import ids, kit, parts
from bot.blocks.notices import channel_link
from bot.blocks.parts import AnyBlock, Json
from bot.blocks.sentences import what_will_happen
from bot.workspace import Boxes

_SETTINGS = "`/handoff-settings`"


@dataclass(frozen=True)
class HomeScreen:
    """How Handoff stands in a workspace; the counts are of applications."""

    is_editor: bool
    is_decider: bool
    crm_name: str | None
    account: str | None
    broken: str | None
    boxes: Boxes
    send_notes: bool
    trigger_name: str | None
    green_name: str | None
    channel: str | None
    undecided: int
    waiting: int
    failed: int
    now: datetime


def home(screen: HomeScreen) -> Json:
    """The Home tab's view, for `views.publish`."""
    blocks: list[AnyBlock] = [
        parts.header("Handoff"),
        parts.section("Applicants arrive as cards. Decide with one click, and your CRM has them."),
        _next_step(screen),
        _counts(screen),
        _queue(screen),
        DividerBlock(),
        parts.section("*How to decide*"),
        _how_to_decide(screen),
        parts.section(f"*What goes to the CRM*\n{_handoff(screen)}"),
        parts.actions(_buttons(screen), ids.HOME_SETTINGS),
        parts.context(f"As of {kit.when(screen.now, screen.now)}. Open this tab again for newer numbers."),
    ]
    return {"type": "home", "blocks": parts.ready(blocks)}


def _next_step(screen: HomeScreen) -> AnyBlock:
    """What stands in the way, if anything does."""
    crm = kit.shown(screen.crm_name, 60)
    if screen.broken is not None:
        reason = kit.shown(kit.beyond(kit.NO_LONGER_ACCEPTED, screen.broken), 300)
        who = "Sign" if screen.is_editor else "An admin signs"
        refused = f"⚠️ *{crm or 'The CRM'} {kit.NO_LONGER_ACCEPTED}* {reason}"
        return parts.section(f"{refused.strip()}\n{who} in again in {_SETTINGS}; nothing is lost.")
    if screen.channel is None:
        return parts.section(f"👉 {_who(screen)} a channel for the cards in {_SETTINGS}.")
    if not crm:
        return parts.section(f"👉 {_who(screen)} a CRM in {_SETTINGS}; decisions are kept until then.")
    if screen.account is None:
        signs_in = "Sign in" if screen.is_editor else "An admin signs in"
        return parts.section(f"👉 {signs_in} to {crm} in {_SETTINGS}; decisions are kept until then.")
    return None


def _who(screen: HomeScreen) -> str:
    return "Choose" if screen.is_editor else "An admin chooses"


def _counts(screen: HomeScreen) -> SectionBlock:
    counts = (
        (screen.undecided, "to decide"),
        (screen.waiting, "on the way to the CRM"),
        (screen.failed, "failed: press Retry on the card" if screen.failed else "failed"),
    )
    fields = [parts.mrkdwn(f"*{count}*\n{label}") for count, label in counts]
    if screen.channel is not None:
        fields.append(parts.mrkdwn(f"*Cards*\n{channel_link(screen.channel)}"))
    return SectionBlock(fields=fields)


def _queue(screen: HomeScreen) -> AnyBlock:
    if not _has_queue(screen):
        return None
    return parts.actions([parts.button("Open the queue", ids.OPEN_QUEUE, style="primary")], ids.OPEN_QUEUE)


def _has_queue(screen: HomeScreen) -> bool:
    return screen.is_decider and screen.undecided > 0


def _how_to_decide(screen: HomeScreen) -> AnyBlock:
    green = kit.plain(screen.green_name, 75)
    lights = (
        ("🟢 Green: ", f"progress; the status becomes {green}." if green else "progress."),
        ("🟡 Amber: ", "not for this vacancy, but keep on file."),
        ("🔴 Red: ", "reject. The person is not deleted and nothing is forwarded."),
        ("Status menu: ", "any other step of your process."),
        ("Undo: ", "on the card for a moment after each decision; until it is gone, nothing leaves."),
    )
    return parts.rich_text(*([parts.words(name, bold=True), parts.words(does)] for name, does in lights))


def _handoff(screen: HomeScreen) -> str:
    sentence = what_will_happen(
        screen.boxes,
        screen.crm_name,
        screen.trigger_name,
        screen.green_name,
        with_notes=screen.send_notes,
    )
    if screen.account is None or screen.broken is not None:
        return sentence
    return f"{sentence}\nConnected as {kit.shown(screen.account, 150)}."


def _buttons(screen: HomeScreen) -> list[ButtonElement]:
    help_button = parts.button("Help", ids.HOME_HELP)
    if not screen.is_editor:
        return [help_button]
    style = None if _has_queue(screen) else "primary"
    return [parts.button("Open settings", ids.HOME_SETTINGS, style=style), help_button]
