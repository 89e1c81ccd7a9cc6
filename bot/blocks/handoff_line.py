"""The card's line on the handoff: where it stands, in the words that recruiters and scripts rely on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import kit
from bot.models import Application, Ground, Handoff, HandoffState, Light, Target

_REASON = 300
_SETTINGS = "`/handoff-settings`"


@dataclass(frozen=True)
class HandoffLine:
    """What the line says (mrkdwn), whether Retry makes sense beside it, and where the CRM's record is.

    `wants_vacancy` tells that choosing a vacancy would help.
    """

    text: str
    is_quiet: bool = False
    can_retry: bool = False
    url: str | None = None
    wants_vacancy: bool = False


def handoff_line(
    application: Application,
    crm_name: str | None,
    is_connected: bool,
    now: datetime,
    largest_cv: int | None = None,
) -> HandoffLine | None:
    """The line on an application's handoff; None where there is nothing to say.

    `largest_cv` is the most bytes of a CV that the CRM takes.
    """
    handoff = application.handoff
    crm = kit.shown(crm_name, 60) or "the CRM"
    if _is_over(handoff):
        return _nothing_wanted(application, crm)
    url = kit.web_link(handoff.candidate_url)
    if handoff.state is HandoffState.SENT:
        more = _owner(handoff) + _without_cv(application, crm, largest_cv)
        return HandoffLine(f"✅ Handoff {_sent(application, crm)}{more}", url=url)
    icon, progress = _progress(application, crm_name, is_connected, now)
    can_retry = handoff.state is HandoffState.FAILED or _is_stuck(handoff, is_connected)
    if handoff.sent is Target.CRM:
        text = f"{icon} Handoff sent to {crm}; vacancy {progress}"
    elif _stays(application):
        text = f"{icon} Handoff was begun in {crm} before this decision and is finished there; {progress}"
    else:
        text = f"{icon} Handoff {progress}"
    wants_vacancy = handoff.state is HandoffState.FAILED and handoff.needs == "vacancy"
    return HandoffLine(text, can_retry=can_retry, url=url, wants_vacancy=wants_vacancy)


def _is_over(handoff: Handoff) -> bool:
    return handoff.state is HandoffState.NONE or _goal(handoff) is Target.NONE


def _goal(handoff: Handoff) -> Target:
    return max(handoff.target, handoff.left, key=lambda target: target.reach)


def _nothing_wanted(application: Application, crm: str) -> HandoffLine | None:
    if application.handoff.left is not Target.NONE:
        url = kit.web_link(application.handoff.candidate_url)
        return HandoffLine(f"✅ Handoff {_sent(application, crm)}", url=url)
    if application.light is Light.GREEN:
        return HandoffLine("Not forwarded: no box in the settings asks for it.", is_quiet=True)
    return None


def _stays(application: Application) -> bool:
    """Whether more has left than the present light could have asked for."""
    left = application.handoff.left
    if application.light is Light.RED:
        return left is not Target.NONE
    return application.light is Light.AMBER and left is Target.CRM_AND_VACANCY


def _sent(application: Application, crm: str) -> str:
    handoff = application.handoff
    where = _where(application, handoff.left, crm)
    if _stays(application) or handoff.target.reach < handoff.left.reach:
        return f"was already sent to {where} before this decision and stays there"
    return f"sent to {where}"


def _where(application: Application, target: Target, crm: str) -> str:
    if target is not Target.CRM_AND_VACANCY:
        return crm
    chosen = kit.shown(application.handoff.vacancy_title, 100)
    if not chosen:
        return f"{crm} and the vacancy"
    return f"{crm} and the vacancy {chosen}, chosen for {kit.shown(application.vacancy.reference, 60)}"


def _owner(handoff: Handoff) -> str:
    if not handoff.owner:
        return ""
    note = f" ({kit.shown(handoff.owner_note, 250)})" if handoff.owner_note else ""
    return f" · owner: {kit.shown(handoff.owner, 80)}{note}"


def _without_cv(application: Application, crm: str, largest: int | None) -> str:
    if application.cv is None or largest is None or application.cv.size <= largest:
        return ""
    return f" · without the CV: {crm} takes up to {kit.file_size(largest)}"


def _progress(
    application: Application, crm_name: str | None, is_connected: bool, now: datetime
) -> tuple[str, str]:
    """An icon, and how it goes with what has not arrived."""
    handoff = application.handoff
    crm = kit.shown(crm_name, 60) or "the CRM"
    where = _where(application, handoff.target, crm)
    to, it = ("there", "it") if handoff.sent is Target.CRM else (f"to {where}", where)
    reason = kit.shown(handoff.reason, _REASON)
    if handoff.state is HandoffState.FAILED:
        return "⚠️", f"failed: {reason or f'{crm} gave no reason'}"
    if crm_name is None:
        return "⏳", f"waiting: connect a CRM in {_SETTINGS} (an admin does this)"
    if not is_connected:
        return "⏳", f"waiting: sign in to {crm} in {_SETTINGS} (an admin does this)"
    if handoff.state is HandoffState.SENDING:
        return "🔄", f"under way: trying {it} now"
    if handoff.attempts:
        return "🔄", f"trying again: {reason or f'{crm} did not answer'}"
    if _can_still_be_undone(application, now) and application.undo_until:
        return "⏳", f"waiting: goes {to} at {kit.clock(application.undo_until)} unless undone"
    return "⏳", f"waiting: goes {to} in a moment"


def _can_still_be_undone(application: Application, now: datetime) -> bool:
    """Whether what waits belongs to a decision that can be undone; an arrival, no decision, goes at once."""
    return application.handoff.ground is not Ground.NEW and application.can_be_undone(now)


def _is_stuck(handoff: Handoff, is_connected: bool) -> bool:
    return is_connected and handoff.state is HandoffState.WAITING and handoff.attempts > 0
