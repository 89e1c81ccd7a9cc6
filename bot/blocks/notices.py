"""Short private words: refusals, news for admins, help; mrkdwn in which people's text is made safe."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import ids, kit, parts
from bot.blocks.applicant import LIGHT_WORDS, status_name
from bot.blocks.parts import Json
from bot.models import Application, Status

_SETTINGS = "`/handoff-settings`"
_MOST_ADMINS = 5
_MOST_DIFFERENCES = 15


def settings_refused(admins: Sequence[str] = ()) -> str:
    """To somebody who may not change settings; `admins` are the user ids of people who may."""
    who = " or ".join(kit.mention(user_id) for user_id in admins[:_MOST_ADMINS] if kit.is_user_id(user_id))
    ask = f"Ask an admin: {who}." if who else "Ask an admin of this workspace."
    return f"Handoff's settings are for workspace admins and the people they name. {ask}"


def guest_refused() -> str:
    """To a guest, or somebody of another organisation, who tried to decide."""
    return "Only members of this workspace decide about applicants. You can read the cards. Nothing changed."


def guest_may_not_write() -> str:
    """To a guest, or somebody of another organisation, who wanted to write a note."""
    return "Only members of this workspace write notes. You can read the cards. Nothing changed."


def stale_click(application: Application, statuses: Sequence[Status], now: datetime) -> str:
    """To somebody whose card had changed since it was drawn; `application` is how it stands now."""
    if application.decided_by is None or application.decided_at is None:
        return "This card has changed since it was drawn. Nothing was changed; look at it as it stands now."
    status = kit.shown(status_name(application.status, statuses), 75)
    light = LIGHT_WORDS[application.light] if application.light else ""
    what = f"{light} (status {status})" if light else f"status {status}"
    who, at = kit.mention(application.decided_by), kit.when(application.decided_at, now)
    return f"{who} already decided: {what}, {at}. Nothing was changed."


def too_late_to_undo() -> str:
    """To somebody who pressed Undo after its time."""
    return "It is too late to undo this. Decide anew on the card instead; the history keeps both."


def settings_saved(what_will_happen: str) -> str:
    """After a save; the sentence is that of `sentences.what_will_happen`."""
    return f"Settings saved. {what_will_happen}"


def help_text() -> str:
    """The answer to `/handoff-settings help`."""
    return "\n".join(
        (
            "*Handoff* brings applicants into Slack as cards and sends the chosen ones to your CRM.",
            "• Press 🟢 Green, 🟡 Amber or 🔴 Red on a card, or choose a status from its menu. "
            "*Undo* is there for a moment.",
            "• *Open the queue*, under ⋮ on a card and on the Home tab, shows those to decide one by one.",
            "• The card says how the handoff stands, and has *Retry* if it failed.",
            "• *Add note* in its ⋮ menu keeps what the team should know; *Answers & contact* shows it.",
            f"• {_SETTINGS} opens the settings (admins): select and sign in to a CRM, "
            "tick what is sent and when, choose the channel for cards.",
            "• `/handoff-settings help` shows this.",
        )
    )


def unknown_argument(argument: str) -> str:
    """The answer to `/handoff-settings` with a word it does not know."""
    return f"I don't know “{kit.shown(argument, 60)}”. Use {_SETTINGS}, or `/handoff-settings help`."


def welcome() -> str:
    """To whoever installed the bot."""
    return (
        f"👋 Handoff is installed. Next: use {_SETTINGS} to choose the channel where new applicants appear "
        "and the CRM that gets the ones you decide for. It works in any channel."
    )


def sign_in_broken(crm_name: str, reason: str | None = None) -> str:
    """To admins, once, when a CRM refuses its sign-in."""
    reason = kit.beyond(kit.NO_LONGER_ACCEPTED, reason)
    why = f" {kit.shown(reason, 300)}" if reason else ""
    return (
        f"⚠️ {_crm(crm_name)} no longer accepts Handoff's sign-in.{why} Decisions are kept, and all that "
        f"waits goes out once somebody signs in again: {_SETTINGS}, then *Login to {_crm(crm_name)}*."
    )


def sign_in_back(crm_name: str, waiting: int = 0) -> str:
    """To admins when a broken sign-in works again."""
    goes = kit.counted(waiting, "applicant that waited goes", "applicants that waited go")
    rest = f"{goes} out now." if waiting else "What waited goes out now."
    return f"✅ {_crm(crm_name)} is connected again. {rest}"


def crm_in_trouble(crm_name: str, reason: str | None = None) -> str:
    """To admins when a CRM has been slow or failing for 15 minutes."""
    why = f" {kit.shown(reason, 300)}" if reason else ""
    return (
        f"⚠️ {_crm(crm_name)} has not taken applicants for 15 minutes.{why} Handoff goes on trying, and "
        f"nothing is lost. If this lasts, see whether {_crm(crm_name)} works for you."
    )


def reconciled(crm_name: str, differences: Sequence[tuple[str, str]]) -> str:
    """To admins when what the CRM has is not what was sent; each difference is whom, and what about them."""
    many = kit.counted(len(differences), "applicant is", "applicants are")
    lines = [f"• {kit.shown(who, 150)}: {what}" for who, what in differences[:_MOST_DIFFERENCES]]
    rest = len(differences) - len(lines)
    more = [f"• and {rest} more"] if rest else []
    return "\n".join([f"🔎 {many} not in {_crm(crm_name)} as they were sent:", *lines, *more])


def channel_unusable(channel: str) -> str:
    """To admins when cards cannot be posted where the settings say."""
    return (
        f"⚠️ New applicants can't be shown in {channel_link(channel)}: Handoff is not in it, or it was "
        f"archived. Invite Handoff to it, or choose another channel in {_SETTINGS}. They are kept until then."
    )


def database_away() -> str:
    """To somebody who clicked while the database was away."""
    return (
        "Handoff can't use its database at the moment. Nothing was changed; please try it again in a minute."
    )


def went_wrong(reference: str) -> str:
    """After an error of ours; the reference finds it in the log."""
    return (
        "Something went wrong on our side. Please look whether it was done, and try again; if it happens "
        f"again, give the person who runs Handoff this reference: `{kit.shown(reference, 60)}`."
    )


def channel_link(channel: str) -> str:
    """A channel by id, in mrkdwn."""
    return f"<#{channel}>" if channel.isascii() and channel.isalnum() else "the channel"


def with_settings_button(text: str) -> Json:
    """A notice as a message with a button that opens the settings."""
    button = parts.button("Open settings", ids.HOME_SETTINGS, style="primary")
    blocks = parts.ready([parts.section(text), parts.actions([button], ids.HOME_SETTINGS)])
    return {"text": text, "blocks": blocks}


def notice_modal(text: str) -> Json:
    """A notice as a modal, for where a modal was asked for and can't be shown."""
    return parts.modal("Handoff", [parts.section(text)])


def _crm(name: str) -> str:
    return kit.shown(name, 60) or "the CRM"
