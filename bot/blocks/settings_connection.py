"""The settings modal's upper part: which CRM, what it asks, signing in, and who is signed in."""

from __future__ import annotations

from slack_sdk.models.blocks import (
    ButtonElement,
    ConfirmObject,
    InputBlock,
    InputInteractiveElement,
    PlainTextInputElement,
    StaticSelectElement,
)

from bot.blocks import ids, kit, parts
from bot.blocks.parts import AnyBlock
from bot.blocks.settings_screen import SettingsScreen
from bot.workspace import Question

_LONGEST_ANSWER = 3000
_SECRET_HINT = "Stored encrypted and never shown again."  # noqa: S105 - a hint about secrets, not one


def connection(screen: SettingsScreen) -> list[AnyBlock]:
    """The choice of a CRM and everything up to being signed in."""
    blocks: list[AnyBlock] = [_crm_menu(screen)]
    if screen.crm is None:
        return [*blocks, parts.context("Nothing leaves Slack until a CRM is chosen and signed in to.")]
    if screen.account is not None and screen.broken is None:
        return [*blocks, _signed_in(screen)]
    if screen.broken is not None:
        blocks.append(_broken(screen))
    for question in screen.questions:
        blocks += [_question(screen, question), _fault(screen, question)]
    return [*blocks, *_signing_in(screen)]


def name_of(screen: SettingsScreen) -> str:
    """The chosen CRM's name, for plain text."""
    return kit.plain(screen.crm_name, 60) or "the CRM"


def _crm_menu(screen: SettingsScreen) -> AnyBlock:
    title = "*Select CRM*"
    if not screen.crms:
        return parts.section(
            f"{title}\nThere is none to choose yet: whoever runs Handoff here sets a CRM's client id first."
        )
    options = {key: parts.option(key, kit.plain(name, 75) or key) for key, name in screen.crms[:100]}
    menu = StaticSelectElement(
        action_id=ids.SETTINGS_CRM,
        placeholder=parts.plain_text("Select CRM"),
        options=list(options.values()),
        initial_option=options.get(screen.crm or ""),
    )
    return parts.section(f"{title}\nWhere applicants go.", accessory=menu, block_id=ids.SETTINGS_CRM)


def _question(screen: SettingsScreen, question: Question) -> InputBlock:
    stored = screen.answers.get(question.key, "")
    is_kept_secret = question.kind == "secret" and bool(stored)
    about_secrets = _SECRET_HINT if question.kind == "secret" else ""
    hint = " ".join(piece for piece in (kit.plain(question.hint, 600), about_secrets) if piece)
    return InputBlock(
        label=parts.plain_text(kit.plain(question.label, 200) or question.key),
        element=_answer_field(question, stored),
        block_id=ids.question_block(screen.crm or "", question.key),
        hint=parts.plain_text(hint) if hint else None,
        optional=question.optional or is_kept_secret,
    )


def _fault(screen: SettingsScreen, question: Question) -> AnyBlock:
    """What is wrong with an answer, right below it: Slack has errors of its own for a submission only."""
    fault = screen.faults.get(question.key)
    return parts.context(f"⚠️ *{kit.shown(fault, 500)}*") if fault else None


def _answer_field(question: Question, stored: str) -> InputInteractiveElement:
    action_id = ids.question_action(question.key)
    suggested = kit.plain(question.placeholder, 150)
    placeholder = parts.plain_text(suggested) if suggested else None
    if question.kind == "choice":
        options = {
            value: parts.option(value, kit.plain(label, 75) or value) for value, label in question.choices
        }
        return StaticSelectElement(
            action_id=action_id,
            placeholder=placeholder,
            options=list(options.values()),
            initial_option=options.get(stored),
        )
    if question.kind == "secret":
        kept = parts.plain_text("Stored. Type a new one to replace it.") if stored else placeholder
        return PlainTextInputElement(action_id=action_id, placeholder=kept, max_length=_LONGEST_ANSWER)
    return PlainTextInputElement(
        action_id=action_id,
        placeholder=placeholder,
        initial_value=kit.sendable(stored)[:_LONGEST_ANSWER] or None,
        max_length=_LONGEST_ANSWER,
    )


def _signing_in(screen: SettingsScreen) -> list[AnyBlock]:
    """The button that gets on: sign in, or have the answers checked first."""
    crm = name_of(screen)
    url = kit.web_link(screen.login_url)
    buttons = []
    if url:
        buttons.append(parts.button(f"Login to {crm}", ids.SETTINGS_LOGIN, url=url, style="primary"))
    if screen.questions or not screen.has_login:
        buttons.append(_check(screen, is_again=url is not None))
    hint = (
        f"Opens {kit.shown(crm, 60)}'s own sign-in in your browser. Come back here when you have signed in."
    )
    return [
        parts.actions(buttons, ids.SETTINGS_LOGIN) if buttons else None,
        parts.context(hint) if url else None,
    ]


def _check(screen: SettingsScreen, *, is_again: bool) -> ButtonElement:
    if not screen.has_login:
        return parts.button("Connect", ids.SETTINGS_CHECK_ANSWERS, style="primary")
    if is_again:
        return parts.button("Check again", ids.SETTINGS_CHECK_ANSWERS)
    return parts.button("Check and continue", ids.SETTINGS_CHECK_ANSWERS, style="primary")


def _signed_in(screen: SettingsScreen) -> AnyBlock:
    return parts.section(
        f"✅ Connected as *{kit.shown(screen.account, 150) or 'an unnamed user'}*",
        accessory=_disconnect(screen),
        block_id=ids.SETTINGS_DISCONNECT,
    )


def _broken(screen: SettingsScreen) -> AnyBlock:
    crm = kit.shown(screen.crm_name, 60) or "The CRM"
    reason = kit.shown(kit.beyond(kit.NO_LONGER_ACCEPTED, screen.broken), 300)
    waiting = kit.counted(screen.waiting, "applicant waits and goes", "applicants wait and go")
    told = f" {waiting} out once that is done." if screen.waiting else " Nothing is lost."
    refused = f"⚠️ *{crm} {kit.NO_LONGER_ACCEPTED}* {reason}"
    return parts.section(
        f"{refused.strip()}\nSign in again below.{told}",
        accessory=_disconnect(screen),
        block_id=ids.SETTINGS_DISCONNECT,
    )


def _disconnect(screen: SettingsScreen) -> ButtonElement:
    crm = name_of(screen)
    confirm = ConfirmObject(
        title=parts.plain_text(f"Disconnect {crm}?"),
        text=parts.plain_text(
            "Nothing is forwarded until somebody signs in again. What is in the CRM already stays there."
        ),
        confirm=parts.plain_text("Disconnect"),
        deny=parts.plain_text("Stay connected"),
        style="danger",
    )
    return parts.button("Disconnect", ids.SETTINGS_DISCONNECT, confirm=confirm)
