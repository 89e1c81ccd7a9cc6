"""A recruiter's desk without a database: one application, the boxes, and what people and time do to it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from bot.models import Application, Candidate, Choice, HandoffState, Light, Target, Vacancy
from bot.rules import decide as rules
from bot.workspace import Boxes, WorkspaceSettings

from ..support import START, Clock

UNDO = timedelta(seconds=10)
ALL_BOXES = Boxes(
    send_all=True, send_green=True, send_status=True, trigger_status="interview", send_amber=True
)


def an_application(**changes: Any) -> Application:
    """One that has just come in, and whose handoff nobody has looked at yet."""
    plain = Application(
        id="01KAPPLICATION",
        team_id="T1",
        source="Indeed",
        external_id="indeed-1",
        received_at=START,
        applied_at=None,
        candidate=Candidate("Novák"),
        vacancy=Vacancy("JOB-42", "Site Engineer"),
    )
    return replace(plain, **changes)


@dataclass
class Desk:
    """One application on a desk, after its arrival."""

    boxes: Boxes = field(default_factory=Boxes)
    undo_window: timedelta = UNDO
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        application = an_application()
        arrived = rules.arrive(application.handoff, self.settings, self.clock())
        self.application = replace(application, handoff=arrived)
        self.before: Application | None = None  # the last decision

    @property
    def settings(self) -> WorkspaceSettings:
        """As admins saved them."""
        return WorkspaceSettings("T1", boxes=self.boxes)

    @property
    def target(self) -> Target:
        """How far the application is wanted to go."""
        return self.application.handoff.target

    @property
    def state(self) -> HandoffState:
        """Where the handoff stands."""
        return self.application.handoff.state

    def press(self, light: Light) -> bool:
        """Somebody presses a light; whether that changed anything."""
        return self._decide(Choice(light=light))

    def choose(self, status: str) -> bool:
        """Somebody chooses a status; whether that changed anything."""
        return self._decide(Choice(status=status))

    def undo(self) -> bool:
        """Somebody presses Undo; whether that was still possible."""
        present, before = self.application, self.before
        if before is None or not present.can_be_undone(self.clock()):
            return False
        self.application = replace(
            before,
            version=present.version + 1,
            handoff=rules.take_back(present.handoff, before.handoff, self.clock()),
        )
        self.before = None
        return True

    def deliver(self, as_far_as: Target | None = None) -> bool:
        """A worker takes the handoff to the CRM, all the way or only so far; whether it could begin."""
        handoff = self.application.handoff
        if handoff.state is not HandoffState.WAITING or not rules.may_leave(self.application, self.clock()):
            return False
        reached = min(as_far_as or handoff.target, handoff.target, key=lambda target: target.reach)
        sent = max(reached, handoff.sent, key=lambda target: target.reach)
        state = HandoffState.SENT if sent is handoff.target else HandoffState.FAILED
        self._handoff(candidate_id="7", sent=sent, state=state)
        return True

    def begin(self) -> bool:
        """A worker creates the person in the CRM and has the rest still before it; whether it could begin."""
        if self.state is not HandoffState.WAITING or not rules.may_leave(self.application, self.clock()):
            return False
        self._handoff(candidate_id="7", state=HandoffState.SENDING)
        return True

    def _handoff(self, **changes: Any) -> None:
        self.application = replace(self.application, handoff=replace(self.application.handoff, **changes))

    def _decide(self, choice: Choice) -> bool:
        before = self.application
        after = rules.decide(
            before,
            choice,
            self.settings,
            user_id="UANA",
            now=self.clock(),
            undo_window=self.undo_window,
        )
        if after is before:
            return False
        self.application, self.before = after, before
        return True
