"""The nouns of recruiting as Handoff knows them: plain values, which know nothing but themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Light(StrEnum):
    """A recruiter's verdict on an applicant."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"


class Target(StrEnum):
    """How far an application is to go, or has gone."""

    NONE = "none"
    CRM = "crm"
    CRM_AND_VACANCY = "crm_and_vacancy"

    @property
    def reach(self) -> int:
        """0, 1 or 2: comparable, a larger reach includes the smaller one."""
        return list(Target).index(self)


class HandoffState(StrEnum):
    """Where a handoff stands, as the card and the intake API show it."""

    NONE = "none"
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"


class Ground(StrEnum):
    """Which ticked box asked for a handoff."""

    NEW = "new"
    GREEN = "green"
    STATUS = "status"
    AMBER = "amber"


class NoteState(StrEnum):
    """Where a note of the team stands: here alone, on its way to the CRM, there too, or not taken there."""

    KEPT = "kept"
    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"


NEW_STATUS = "new"
KEEP_ON_FILE = "keep_on_file"
REJECTED = "rejected"


@dataclass(frozen=True)
class Status:
    """A stage of the desk's own process. `key` never changes, `name` may."""

    key: str
    name: str
    active: bool = True
    locked: bool = False


@dataclass(frozen=True)
class Vacancy:
    """The job applied for, as the source described it; `crm_id` is the CRM's own id of it, if known."""

    reference: str
    title: str
    client: str | None = None
    location: str | None = None
    crm_id: str | None = None


@dataclass(frozen=True)
class Candidate:
    """The person who applied, as the source described them."""

    last_name: str
    first_name: str | None = None
    email: str | None = None
    phone: str | None = None
    location: str | None = None
    headline: str | None = None
    skills: tuple[str, ...] = ()
    links: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """First and last name, as written."""
        return " ".join(part for part in (self.first_name, self.last_name) if part)


@dataclass(frozen=True)
class Answer:
    """One question of the application form with what the applicant wrote."""

    question: str
    answer: str


@dataclass(frozen=True)
class CvFile:
    """A CV's description, without its bytes. `size` is in bytes."""

    filename: str
    content_type: str
    size: int


@dataclass(frozen=True)
class Card:
    """The Slack message that shows an application. `cv_permalink` is set once the CV stands in its thread."""

    channel: str
    ts: str
    cv_permalink: str | None = None


@dataclass(frozen=True)
class Handoff:
    """How far an application is wanted to go (`target`), has gone (`sent`), and what came of it.

    `ground` is the box that asked for what still waits. `reason` is a sentence for the card. `since` is when
    the present wait began. `link_id` is the CRM's application record. `needs` names what a failed one wants
    of somebody ("vacancy": another one than was applied for). `vacancy_id` is the vacancy that somebody chose
    for this very application, `vacancy_title` the chosen one that it goes or went to.
    """

    target: Target = Target.NONE
    sent: Target = Target.NONE
    state: HandoffState = HandoffState.NONE
    ground: Ground | None = None
    crm: str | None = None
    reason: str | None = None
    attempts: int = 0
    since: datetime | None = None
    candidate_id: str | None = None
    candidate_url: str | None = None
    link_id: str | None = None
    owner: str | None = None
    owner_note: str | None = None
    needs: str | None = None
    vacancy_id: str | None = None
    vacancy_title: str | None = None

    @property
    def left(self) -> Target:
        """How far it has irrevocably gone: a record that was begun in the CRM is finished there."""
        begun = Target.CRM if self.candidate_id else Target.NONE
        return max(self.sent, begun, key=lambda target: target.reach)


@dataclass(frozen=True)
class Application:
    """One applicant for one vacancy, with what has been decided so far.

    `version` counts decisions: a click carries the version its card was drawn with.
    `decided_by` is a Slack user id. `burst_id` names the burst that its card is held back for, if it is.
    """

    id: str
    team_id: str
    source: str
    external_id: str
    received_at: datetime
    applied_at: datetime | None
    candidate: Candidate
    vacancy: Vacancy
    cover_letter: str | None = None
    answers: tuple[Answer, ...] = ()
    cv: CvFile | None = None
    light: Light | None = None
    status: str = NEW_STATUS
    version: int = 0
    decided_by: str | None = None
    decided_at: datetime | None = None
    undo_until: datetime | None = None
    card: Card | None = None
    burst_id: str | None = None
    handoff: Handoff = field(default_factory=Handoff)

    def can_be_undone(self, now: datetime) -> bool:
        """Whether the last decision can still be taken back without a trace outside."""
        return self.undo_until is not None and now < self.undo_until


@dataclass(frozen=True)
class Burst:
    """Applicants who came faster than a workspace wants cards; one message in the channel sums them up.

    `held` is how many there were, `channel` and `ts` tell where the message stands, `drawn_at` as of when.
    """

    id: str
    team_id: str
    began_at: datetime
    held: int
    channel: str | None = None
    ts: str | None = None
    drawn_at: datetime | None = None


@dataclass(frozen=True)
class Choice:
    """What a recruiter chose: exactly one of a light or a status key."""

    light: Light | None = None
    status: str | None = None


@dataclass(frozen=True)
class Decision:
    """A line of an application's history: who did what and when. `kind` is `light`, `status` or `undo`."""

    id: int
    user_id: str
    at: datetime
    kind: str
    light_before: Light | None
    light_after: Light | None
    status_before: str
    status_after: str
    undone: bool = False


@dataclass(frozen=True)
class Note:
    """What a member wrote about an applicant, for the team. `text` is empty once it was removed.

    `crm` and `candidate_id` tell onto whose record it was written. `reason` is why it was not, or not yet.
    """

    id: str
    application_id: str
    user_id: str
    at: datetime
    text: str
    state: NoteState = NoteState.KEPT
    reason: str | None = None
    crm: str | None = None
    candidate_id: str | None = None
    removed_by: str | None = None
    removed_at: datetime | None = None


@dataclass(frozen=True)
class NoteCounts:
    """How many notes an application has, by where they stand. `reason` is why some are not in the CRM."""

    kept: int = 0
    waiting: int = 0
    sent: int = 0
    failed: int = 0
    reason: str | None = None

    @property
    def total(self) -> int:
        """All that can be read."""
        return self.kept + self.waiting + self.sent + self.failed


@dataclass(frozen=True)
class EarlierApplication:
    """The same person's other application, for the line "applied before"."""

    application_id: str
    vacancy: Vacancy
    received_at: datetime
    light: Light | None
    status: str
    decided_by: str | None
    decided_at: datetime | None
