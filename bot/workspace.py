"""A workspace as it is set up: what its admins chose, what it is connected with, who is in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal


@dataclass(frozen=True)
class Boxes:
    """Which of the four boxes are ticked, and the status that triggers."""

    send_all: bool = False
    send_green: bool = False
    send_status: bool = False
    trigger_status: str | None = None
    send_amber: bool = False


@dataclass(frozen=True)
class Picked:
    """The answer to an option of a CRM, with the words that it was offered in."""

    value: str
    label: str


@dataclass(frozen=True)
class WorkspaceSettings:
    """What a workspace's admins chose in `/handoff-settings`. `undo_seconds` None means the bot's default.

    `most_cards` is how many cards a burst of applicants gets, None if all of them do. `default_owner` is the
    Slack user who owns new people in the CRM where nobody with a better claim does. `crm_options` are the
    answers to each CRM's options, by its key and theirs. `send_notes` lets the team's notes go along with an
    applicant.
    """

    team_id: str
    crm: str | None = None
    boxes: Boxes = field(default_factory=Boxes)
    channel: str | None = None
    undo_seconds: int | None = None
    most_cards: int | None = None
    editors: tuple[str, ...] = ()
    green_status: str = "shortlist"
    crm_options: Mapping[str, Mapping[str, Picked]] = field(default_factory=dict)
    default_owner: str | None = None
    send_notes: bool = False
    version: int = 0


@dataclass(frozen=True)
class VacancyChoice:
    """The vacancy of a CRM that somebody chose for a reference which the CRM does not know or has closed."""

    crm: str
    reference: str
    vacancy_id: str
    title: str
    chosen_by: str
    chosen_at: datetime


@dataclass(frozen=True)
class SettingsChange:
    """A line of the settings' history: what one person changed, as sentences."""

    user_id: str
    at: datetime
    changes: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """Something a CRM asks: before sign-in, or afterwards as one of its options. `key` names the answer.

    A `choice` has (value, label) pairs; those of a `live` one come from the CRM itself; a `tick` is "yes" or
    "".
    """

    key: str
    label: str
    kind: Literal["text", "secret", "choice", "live", "tick"] = "text"
    hint: str | None = None
    placeholder: str | None = None
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False


@dataclass(frozen=True)
class Credentials:
    """What a CRM gave us to call it with. Held encrypted; never logged.

    `api_base` is where that CRM's answers said its API is; `extra` the token answer's other useful values.
    """

    access_token: str = ""
    refresh_token: str | None = None
    expires_at: datetime | None = None
    api_base: str = ""
    extra: Mapping[str, str] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"Credentials(api_base={self.api_base!r}, expires_at={self.expires_at!r})"


@dataclass(frozen=True)
class Connection:
    """A workspace's sign-in to one CRM. `broken` holds the reason once the CRM refused it."""

    id: int
    team_id: str
    crm: str
    account: str
    answers: Mapping[str, str]
    credentials: Credentials
    connected_by: str
    connected_at: datetime
    broken: str | None = None
    version: int = 0


@dataclass(frozen=True)
class Installation:
    """A Slack workspace that has installed the bot. `token` is the bot token."""

    team_id: str
    team_name: str
    token: str
    bot_user_id: str
    bot_id: str
    scopes: tuple[str, ...]
    installed_by: str | None
    installed_at: datetime

    def __repr__(self) -> str:
        return f"Installation(team_id={self.team_id!r})"


@dataclass(frozen=True)
class Member:
    """A person of the workspace, as Slack's `users.info` tells."""

    user_id: str
    name: str
    email: str | None = None
    is_admin: bool = False
    is_guest: bool = False
    is_stranger: bool = False
