"""What a decision, its undoing and an arrival make of an application: values in, values out."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from bot.models import Application, Choice, Ground, Handoff, HandoffState, Target
from bot.rules.handoff import Demand, demand_of_arrival, demand_of_decision, next_demand, still_stands
from bot.rules.lights import Standing, apply_choice, light_pressed
from bot.workspace import WorkspaceSettings


def arrive(handoff: Handoff, settings: WorkspaceSettings, now: datetime) -> Handoff:
    """The handoff of a new application."""
    return want(handoff, demand_of_arrival(settings.boxes), now)


def decide(
    application: Application,
    choice: Choice,
    settings: WorkspaceSettings,
    *,
    user_id: str,
    now: datetime,
    undo_window: timedelta,
) -> Application:
    """The application after a choice. The very same application when the choice changes nothing."""
    before = Standing(application.light, application.status)
    after = apply_choice(before, choice, settings.green_status)
    entered = after.status if after.status != before.status else None
    asked = demand_of_decision(settings.boxes, light_pressed(choice), entered)
    old = application.handoff
    undo_over = not application.can_be_undone(now)
    stands = still_stands(old.ground, after, settings.boxes.trigger_status, undo_over)
    demand = next_demand(old, asked, stands)
    if after == before and demand.target is old.target:
        return application
    is_carried_on = stands and demand == Demand(old.target, old.ground)
    return replace(
        application,
        light=after.light,
        status=after.status,
        version=application.version + 1,
        decided_by=user_id,
        decided_at=now,
        undo_until=now + undo_window if undo_window else None,
        handoff=old if is_carried_on else want(old, demand, now),
    )


def want(handoff: Handoff, demand: Demand, now: datetime) -> Handoff:
    """The handoff once this is what is wanted of it. One that arrived as far as that stays as it is."""
    if demand.target is handoff.target and handoff.state is HandoffState.SENT:
        return handoff
    if demand.target.reach <= handoff.sent.reach:
        state = HandoffState.NONE if handoff.sent is Target.NONE else HandoffState.SENT
        since = None
    else:
        state, since = HandoffState.WAITING, now
    return replace(
        handoff, target=demand.target, ground=demand.ground, state=state, reason=None, attempts=0, since=since
    )


def take_back(handoff: Handoff, before: Handoff, now: datetime) -> Handoff:
    """The handoff after Undo: wanted again as it was `before`, but what has left meanwhile stays."""
    if (handoff.target, handoff.ground) == (before.target, before.ground):
        return handoff  # the decision left it alone, and it may have got further since
    if _in_crm(handoff) == _in_crm(before) and before.state is not HandoffState.SENDING:
        return before
    furthest = max(handoff.left, before.target, key=lambda target: target.reach)
    ground = before.ground if furthest is before.target else None
    return want(handoff, Demand(furthest, ground), now)


def may_leave(application: Application, now: datetime) -> bool:
    """Whether what waits may go now: a decision's handoff only once it can't be undone any more."""
    return application.handoff.ground is Ground.NEW or not application.can_be_undone(now)


def _in_crm(handoff: Handoff) -> tuple[Target, str | None, str | None]:
    return handoff.sent, handoff.candidate_id, handoff.link_id
