"""All that the local Slack knows, behind one lock, and who wants to hear when it changes."""

from __future__ import annotations

import secrets
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from .model import Call, Channel, File, Json, Message, NotPossibleError, Ping, User, View, Workspace

_MOST_CALLS = 20_000  # a demo may run for days


@dataclass
class Trigger:
    """A trigger_id: who got it where, and whether it has been spent."""

    team: str
    user: str
    issued: float
    channel: str | None = None
    view_id: str | None = None
    spent: bool = False


@dataclass
class ResponseUrl:
    """A response_url: what it answers and how often it has been used."""

    team: str
    user: str
    channel: str
    issued: float
    message_ts: str | None = None
    uses: int = 0


@dataclass
class Delivery:
    """An event as it was sent to the bot, kept so that it can be sent again."""

    payload: Json
    retries: int = 0
    reason: str = "http_timeout"


TRIGGER_SECONDS = 3.0


class State:
    """Hold `lock` while reading or changing anything here; never while speaking to the bot."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.lock = threading.RLock()
        self.clock = clock
        self.base_url = ""
        self.workspaces: dict[str, Workspace] = {}
        self.calls: deque[Call] = deque(maxlen=_MOST_CALLS)
        self.pings: list[Ping] = []
        self.links: list[Ping] = []
        self.trigger_seconds = TRIGGER_SECONDS
        self.files: dict[str, File] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.deliveries: dict[str, Delivery] = {}
        self.notices: dict[str, str] = {}
        self.last_read: dict[tuple[str, str], str] = {}
        self.last_post: dict[tuple[str, str], float] = {}
        self.rev = 0
        self._watchers: list[Callable[[], object]] = []
        self._last_micros = 0
        self._serial = 0

    def changed(self) -> None:
        """Tell every open page that there is something new to show."""
        with self.lock:
            self.rev += 1
            watchers = list(self._watchers)
        for watcher in watchers:
            watcher()

    def watch(self, watcher: Callable[[], object]) -> Callable[[], None]:
        """Call `watcher` after every change until the returned function is called."""
        with self.lock:
            self._watchers.append(watcher)

        def unwatch() -> None:
            with self.lock:
                self._watchers.remove(watcher)

        return unwatch

    def next_ts(self) -> str:
        """A message timestamp: the clock's time, and later than every one before."""
        with self.lock:
            self._last_micros = max(int(self.clock() * 1_000_000), self._last_micros + 1)
            return f"{self._last_micros // 1_000_000}.{self._last_micros % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """An id of Slack's look that was never given before."""
        with self.lock:
            self._serial += 1
            return f"{prefix}0{self._serial:05d}{secrets.token_hex(2).upper()}"

    def workspace(self, team: str) -> Workspace:
        return self.workspaces[team]

    def workspace_of(self, user: str) -> Workspace:
        """The workspace this person belongs to."""
        for workspace in self.workspaces.values():
            if user in workspace.users:
                return workspace
        raise NotPossibleError(f"Nobody here has the id {user}.")

    def user(self, user: str) -> User:
        return self.workspace_of(user).users[user]

    def channel_for(self, user: str, channel: str) -> Channel:
        """The channel, if this person can open it."""
        workspace = self.workspace_of(user)
        found = workspace.channels.get(channel)
        if found is None or not can_see(workspace.users[user], found):
            raise NotPossibleError(f"{user} has no channel {channel}.")
        return found

    def message_for(self, user: str, channel: str, ts: str) -> Message:
        """The message, if this person can see it; ephemeral messages are seen by one person only."""
        for message in self.channel_for(user, channel).messages:
            if message.ts == ts and message.ephemeral_to in (None, user):
                return message
        raise NotPossibleError(f"{user} sees no message {ts} in {channel}.")

    def stack(self, user: str) -> list[View]:
        """This person's open modals, bottom first."""
        return self.workspace_of(user).stacks.setdefault(user, [])

    def view_for(self, user: str, view_id: str) -> View:
        """The view this person is looking at: the top modal, or the Home tab while no modal covers it."""
        workspace = self.workspace_of(user)
        stack = workspace.stacks.get(user, [])
        home = workspace.homes.get(user)
        visible = stack[-1] if stack else home
        if visible is None or visible.id != view_id:
            raise NotPossibleError(f"{user} is not looking at the view {view_id}.")
        return visible


def direct_channel(state: State, workspace: Workspace, user: User) -> Channel:
    """The bot's direct messages with this person, begun if there are none yet; the caller holds the lock."""
    for channel in workspace.channels.values():
        if channel.partner == user.id:
            return channel
    channel = Channel(state.new_id("D"), user.name, {user.id, workspace.bot_user}, partner=user.id)
    workspace.channels[channel.id] = channel
    return channel


def can_see(user: User, channel: Channel) -> bool:
    """Members see their channels; everyone but guests can open public ones."""
    if user.id in channel.members:
        return True
    return not (channel.is_private or channel.is_im or user.is_guest)
