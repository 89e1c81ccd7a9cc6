"""The card: one applicant at a glance, what was decided, how the handoff stands, and what can be done now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from slack_sdk.models.blocks import (
    InteractiveElement,
    OverflowMenuElement,
    SectionBlock,
    StaticSelectElement,
)

from bot.blocks import ids, kit, parts
from bot.blocks.applicant import (
    LIGHT_WORDS,
    block_id,
    cv_link,
    cv_name,
    earlier_line,
    heading,
    name_of,
    status_name,
)
from bot.blocks.handoff_line import HandoffLine, handoff_line
from bot.blocks.notes import note_line
from bot.blocks.parts import AnyBlock, Json
from bot.blocks.vacancy_menu import vacancy_menu
from bot.models import Application, EarlierApplication, HandoffState, Light, NoteCounts, Status, Target

_MEANINGS = {Light.GREEN: "progress", Light.AMBER: "keep on file", Light.RED: "reject"}
_CHOSEN_STYLES = {Light.GREEN: "primary", Light.RED: "danger"}
_MOST_EARLIER = 3
_MOST_OPTIONS = 100


@dataclass(frozen=True)
class CardScreen:
    """What a card is drawn from. `crm_name` is the CRM this application goes or went to, None without one.

    `offers_vacancies` tells that its vacancies can be chosen from, `largest_cv` how large a CV it takes.
    """

    application: Application
    earlier: Sequence[EarlierApplication]
    statuses: Sequence[Status]
    crm_name: str | None
    is_connected: bool
    now: datetime
    offers_vacancies: bool = True
    notes: NoteCounts = field(default_factory=NoteCounts)
    largest_cv: int | None = None


def card(screen: CardScreen) -> Json:
    """The message: `text` for notifications and screen readers, `blocks` for the eye; no contact data."""
    application = screen.application
    line = handoff_line(application, screen.crm_name, screen.is_connected, screen.now, screen.largest_cv)
    blocks: list[AnyBlock] = [
        parts.header(heading(application)),
        origin(application, screen.now),
        profile(application, _cv_words(application)),
        applied_before(screen),
        _standing(screen),
        _handoff(screen, line),
        _choose_vacancy(screen, line),
        note_line(application, screen.notes, screen.crm_name, screen.is_connected),
        decide_row(screen),
        _open_row(screen, line),
    ]
    return {"text": _fallback(screen), "blocks": parts.ready(blocks)}


def origin(application: Application, now: datetime) -> AnyBlock:
    """One line: client, location, source; the time is apart because it is the one thing Slack fills in."""
    vacancy = application.vacancy
    pieces = [
        kit.plain(vacancy.client, 60),
        kit.plain(vacancy.location, 60),
        f"applied via {kit.plain(application.source, 40)}",
    ]
    told = " · ".join(piece for piece in pieces if piece)
    at = application.applied_at or application.received_at
    return parts.context(parts.plain_text(told), kit.when(at, now))


def profile(application: Application, cv_words: str, most_skills: int = 200) -> AnyBlock:
    """Headline and place, skills, and the words on the CV while there is no button to open it."""
    candidate = application.candidate
    who = [kit.plain(candidate.headline, 150), kit.plain(candidate.location, 80)]
    skills = kit.plain(", ".join(candidate.skills), most_skills)
    lines = [
        " · ".join(piece for piece in who if piece),
        f"Skills: {skills}" if skills else "",
        cv_words,
    ]
    told = [[parts.words(line)] for line in lines if line]
    return parts.rich_text(*told) if told else None


def _cv_words(application: Application) -> str:
    if application.cv is None:
        return "No CV came with this application"
    if cv_link(application):
        return ""
    return f"CV: {cv_name(application)}, being added to the thread"


def applied_before(screen: CardScreen) -> AnyBlock:
    """The same person's earlier applications, if there are any."""
    if not screen.earlier:
        return None
    told = [earlier_line(earlier, screen.statuses, screen.now) for earlier in screen.earlier[:_MOST_EARLIER]]
    more = len(screen.earlier) - _MOST_EARLIER
    if more > 0:
        told.append([parts.words(f"and {more} more")])
    return parts.rich_text(*told)


def _standing(screen: CardScreen) -> SectionBlock:
    """The light and the status, by whom and since when; Undo beside it while that is possible."""
    application = screen.application
    told = [f"*{LIGHT_WORDS[application.light]}*"] if application.light else []
    told.append(f"Status: *{kit.shown(status_name(application.status, screen.statuses), 75)}*")
    if application.decided_by and application.decided_at:
        at = kit.when(application.decided_at, screen.now)
        # A message that is new would call them there; the redraw that follows it names them quietly.
        by = f" by {kit.mention(application.decided_by)}" if application.card is not None else ""
        told.append(f"decided{by}, {at}")
    else:
        told.append("not decided yet")
    undo = parts.button("Undo", ids.UNDO) if application.can_be_undone(screen.now) else None
    return parts.section(" · ".join(told), accessory=undo, block_id=block_id("standing", application))


def _handoff(screen: CardScreen, line: HandoffLine | None) -> AnyBlock:
    if line is None:
        return None
    own_id = block_id("handoff", screen.application)
    if line.is_quiet:
        return parts.context(line.text, block_id=own_id)
    retry = parts.button("Retry", ids.RETRY_HANDOFF) if line.can_retry else None
    return parts.section(line.text, accessory=retry, block_id=own_id)


def _choose_vacancy(screen: CardScreen, line: HandoffLine | None) -> AnyBlock:
    """The menu of open vacancies, where the handoff failed for want of one."""
    if line is None or not line.wants_vacancy or not screen.offers_vacancies:
        return None
    return parts.actions([vacancy_menu()], block_id("vacancy", screen.application))


def _may_choose_vacancy(screen: CardScreen) -> bool:
    handoff = screen.application.handoff
    is_open = handoff.sent is not Target.CRM_AND_VACANCY and handoff.state is not HandoffState.SENDING
    return is_open and screen.is_connected and screen.offers_vacancies


def decide_row(screen: CardScreen) -> AnyBlock:
    """The lights and the menu of statuses."""
    lights: list[InteractiveElement] = [_light(light, screen.application) for light in Light]
    return parts.actions([*lights, _status_menu(screen)], block_id("decide", screen.application))


def _light(light: Light, application: Application) -> InteractiveElement:
    """A light; the one that is on has a tick as well as a colour."""
    is_on = application.light is light
    style = _CHOSEN_STYLES.get(light) if is_on else None
    spoken = f"{light.value.capitalize()}{', chosen' if is_on else ''}: {_MEANINGS[light]} "
    return parts.button(
        f"{LIGHT_WORDS[light]}{' ✓' if is_on else ''}",
        ids.DECIDE[light],
        style=style,
        accessibility_label=spoken + name_of(application, 75 - len(spoken)),
    )


def _status_menu(screen: CardScreen) -> InteractiveElement:
    offered = [status for status in screen.statuses if status.active][:_MOST_OPTIONS]
    options = {status.key: parts.option(status.key, kit.plain(status.name, 75) or "?") for status in offered}
    current = kit.plain(status_name(screen.application.status, screen.statuses), 150)
    return StaticSelectElement(
        action_id=ids.CHOOSE_STATUS,
        placeholder=parts.plain_text(current or "Status"),
        options=list(options.values()),
        initial_option=options.get(screen.application.status),
    )


def _open_row(screen: CardScreen, line: HandoffLine | None) -> AnyBlock:
    """What can be opened: the answers, the CV, the CRM's record; the rest in the overflow menu."""
    application = screen.application
    elements: list[InteractiveElement] = [parts.button("Answers & contact", ids.OPEN_DETAILS)]
    cv = cv_link(application)
    if cv:
        elements.append(parts.button("CV", ids.OPEN_CV, url=cv))
    if line and line.url:
        crm = kit.plain(screen.crm_name, 60) or "the CRM"
        elements.append(parts.button(f"Open in {crm}", ids.OPEN_IN_CRM, url=line.url))
    entries = [parts.option(ids.MORE_NOTE, "Add note"), parts.option(ids.MORE_HISTORY, "History")]
    if _may_choose_vacancy(screen):
        entries.append(parts.option(ids.MORE_VACANCY, "Choose another vacancy"))
    entries.append(parts.option(ids.MORE_QUEUE, "Open the queue"))
    more = OverflowMenuElement(action_id=ids.MORE, options=entries)
    return parts.actions([*elements, more], block_id("open", application))


def _fallback(screen: CardScreen) -> str:
    application = screen.application
    vacancy = kit.shown(application.vacancy.title, 100) or kit.shown(application.vacancy.reference, 100)
    client = kit.shown(application.vacancy.client, 60)
    name = kit.shown(application.candidate.name, 100) or "An applicant"
    applied = f"{name} applied for {vacancy}" + (f" at {client}" if client else "")
    light = f" {LIGHT_WORDS[application.light]}." if application.light else ""
    status = kit.shown(status_name(application.status, screen.statuses), 75)
    return f"{applied}.{light} Status: {status}."
