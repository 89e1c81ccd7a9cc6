"""What the settings modal is drawn from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.models import Status
from bot.workspace import Boxes, Picked, Question, SettingsChange


@dataclass(frozen=True)
class SettingsScreen:
    """The settings as they stand, or as an admin has them half changed.

    `crms` are (key, name) pairs. `login_url` is there once the answers, if any are needed, were found good;
    `has_login` is False for a CRM that is connected by its answers alone. `account` says who is signed in,
    `broken` why that sign-in no longer works. `channel` is where cards go now, `most_cards`
    how many at a time, 0 for no end. `waiting` counts applicants
    who wait for a sign-in. `error` is a sentence about what just went wrong, `faults` are those about
    answers, by question. `options` are what the CRM lets a workspace choose, `picked` what it chose; `lacks`
    says what that CRM can't do. `has_owners` tells whether its records have owners, `default_owner` is the
    Slack user chosen for those that would have none. Where it
    `takes_notes`, the team's may go along: `send_notes`.
    """

    crms: Sequence[tuple[str, str]]
    crm: str | None
    crm_name: str | None
    questions: Sequence[Question]
    answers: Mapping[str, str]
    login_url: str | None
    account: str | None
    broken: str | None
    boxes: Boxes
    statuses: Sequence[Status]
    green_status: str
    channel: str | None
    undo_seconds: int
    most_cards: int
    editors: Sequence[str]
    history: Sequence[SettingsChange]
    waiting: int
    error: str | None
    private_metadata: str
    has_login: bool = True
    faults: Mapping[str, str] = field(default_factory=dict)
    options: Sequence[Question] = ()
    picked: Mapping[str, Picked] = field(default_factory=dict)
    lacks: str | None = None
    has_owners: bool = False
    default_owner: str | None = None
    takes_notes: bool = False
    send_notes: bool = False

    @property
    def is_connected(self) -> bool:
        """Whether a sign-in is there that works."""
        return self.account is not None and self.broken is None
