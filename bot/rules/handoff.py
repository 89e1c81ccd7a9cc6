"""When an application is forwarded, and how far: the truth table behind the four boxes."""

from __future__ import annotations

from dataclasses import dataclass

from bot.models import Ground, Handoff, Light, Target
from bot.rules.lights import Standing
from bot.rules.statuses import LOCKED
from bot.workspace import Boxes


@dataclass(frozen=True)
class Demand:
    """How far a ticked box wants an application to go, and which box it was."""

    target: Target = Target.NONE
    ground: Ground | None = None


NO_DEMAND = Demand()


def demand_of_arrival(boxes: Boxes) -> Demand:
    """What the boxes ask for when a new application arrives."""
    return Demand(Target.CRM_AND_VACANCY, Ground.NEW) if boxes.send_all else NO_DEMAND


def demand_of_decision(boxes: Boxes, pressed: Light | None, entered: str | None) -> Demand:
    """What the boxes ask for when a light is pressed and a status key entered (None: neither happened).

    Pressing a light that is on already asks again, so that a box ticked later can still be used.
    """
    if boxes.send_green and pressed is Light.GREEN:
        return Demand(Target.CRM_AND_VACANCY, Ground.GREEN)
    is_trigger = entered is not None and entered == boxes.trigger_status and entered not in LOCKED
    if boxes.send_status and is_trigger:
        return Demand(Target.CRM_AND_VACANCY, Ground.STATUS)
    if boxes.send_amber and pressed is Light.AMBER:
        return Demand(Target.CRM, Ground.AMBER)
    return NO_DEMAND


def still_stands(ground: Ground | None, after: Standing, trigger: str | None, undo_over: bool) -> bool:
    """Whether what an earlier event asked for, and has not left yet, survives a later decision.

    An arrival stands. A light's demand stands while that light is on. A status' demand is replaced by what
    is chosen while it could still be undone; afterwards it outlives moving on, but not amber or red.
    """
    match ground:
        case Ground.NEW:
            return True
        case Ground.GREEN:
            return after.light is Light.GREEN
        case Ground.AMBER:
            return after.light is Light.AMBER
        case Ground.STATUS:
            moved_on = undo_over and after.light not in (Light.AMBER, Light.RED)
            return after.status == trigger or moved_on
        case None:
            return False


def next_demand(handoff: Handoff, asked: Demand, stands: bool) -> Demand:
    """What is wanted from now on: what has left stays, what stands stays, and the furthest wish wins."""
    waiting = Demand(handoff.target, handoff.ground) if stands else NO_DEMAND
    furthest = max((waiting, asked), key=lambda demand: demand.target.reach)
    if furthest.target.reach <= handoff.left.reach:
        return Demand(handoff.left, None)
    return furthest
