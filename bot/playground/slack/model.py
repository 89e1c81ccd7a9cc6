"""What the local Slack remembers: people, channels, messages, views, files and workspaces."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
ElementKey = tuple[str, str]  # (block_id, action_id)
Inputs = dict[ElementKey, Json]  # the Slack state value of each element a person has touched


@dataclass
class User:
    """A member of a workspace; `name` is the handle, `real_name` what colleagues read."""

    id: str
    name: str
    real_name: str
    email: str = ""
    title: str = ""
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_bot: bool = False
    deleted: bool = False
    color: str = "4f6d7a"
    tz: str = "Europe/London"
    tz_label: str = "Greenwich Mean Time"
    tz_offset: int = 0


@dataclass
class Message:
    """One message. `inputs`, `pending` and `errors` are per person: what that person's client shows."""

    body: Json
    channel: str
    ephemeral_to: str | None = None
    inputs: dict[str, Inputs] = field(default_factory=dict)
    pending: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    offered: dict[ElementKey, list[Json]] = field(default_factory=dict)

    @property
    def ts(self) -> str:
        return str(self.body["ts"])

    @property
    def thread_ts(self) -> str | None:
        value = self.body.get("thread_ts")
        return None if value is None else str(value)

    @property
    def in_thread(self) -> bool:
        """Whether it hangs under another message instead of standing in the channel."""
        broadcast = self.body.get("subtype") == "thread_broadcast"
        return self.thread_ts is not None and self.thread_ts != self.ts and not broadcast


@dataclass
class Channel:
    """A channel or, with `partner` set, the bot's direct messages with that person."""

    id: str
    name: str
    members: set[str]
    is_private: bool = False
    is_archived: bool = False
    partner: str | None = None
    messages: list[Message] = field(default_factory=list)

    @property
    def is_im(self) -> bool:
        return self.partner is not None


@dataclass
class View:
    """A modal or a Home tab as one person has it open, with what they typed into it."""

    body: Json
    user: str
    team: str
    origin_channel: str | None = None
    inputs: Inputs = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    error: str | None = None
    pending: list[str] = field(default_factory=list)
    offered: dict[ElementKey, list[Json]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.body["id"])


@dataclass
class File:
    """A file on its way up or uploaded; `content` is None until its bytes have arrived."""

    id: str
    team: str
    name: str
    size: int
    title: str
    upload_token: str
    mimetype: str
    created: int
    content: bytes | None = None
    shared: bool = False
    channels: list[str] = field(default_factory=list)
    shares: dict[str, list[Json]] = field(default_factory=dict)


@dataclass
class Workspace:
    """One Slack workspace with the bot in it. `dead` is the error its token gets once it is revoked."""

    id: str
    name: str
    domain: str
    bot_user: str
    bot_id: str
    token: str
    scopes: set[str]
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    stacks: dict[str, list[View]] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    dead: str | None = None


@dataclass(frozen=True)
class Call:
    """A Web API call that arrived (or a use of a response_url, as method "response_url")."""

    method: str
    args: Json
    at: float
    team: str | None = None


@dataclass(frozen=True)
class Ping:
    """A mention that a sent message would have turned into a notification."""

    channel: str
    ts: str
    kind: str  # user, usergroup, channel, here, everyone
    target: str
    where: str


@dataclass(frozen=True)
class Outcome:
    """What came of something a person did: the bot's answer, and what Slack showed the person for it.

    `error` is the sentence the person sees; `errors` are the sentences beside fields, by block_id.
    `status` is None when nothing was sent, or no answer came in time. `no_retry` is set by the bot's
    x-slack-no-retry on an event it refuses.
    """

    status: int | None = None
    body: str = ""
    elapsed: float = 0.0
    error: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    no_retry: bool = False

    @property
    def ok(self) -> bool:
        return self.error is None and not self.errors


class LocalSlackError(Exception):
    """The root of what the local Slack raises on purpose."""


class NotPossibleError(LocalSlackError):
    """A person cannot do this in Slack: there is no such button, option, view or channel for them."""


class ApiError(LocalSlackError):
    """The Web API refuses; `code` is Slack's word for it and `extra` goes beside it in the answer."""

    def __init__(
        self, code: str, *, status: int = 200, headers: dict[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = headers or {}
        self.extra = extra
