"""What every Web API method gets, and the look-ups they share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..model import ApiError, Channel, Json, User, Workspace
from ..oauth import OAuth
from ..state import State, direct_channel


@dataclass(frozen=True)
class Context:
    """One call: whose token, with which arguments. The lock is held while a method runs."""

    state: State
    workspace: Workspace
    args: Json

    def need(self, name: str) -> Any:
        """An argument that the method can't do without."""
        value = self.args.get(name)
        if value is None or value == "":
            messages = [f"[ERROR] missing required field: {name} [json-pointer:/{name}]"]
            raise ApiError("invalid_arguments", response_metadata={"messages": messages})
        return value

    def truth(self, name: str) -> bool:
        """A flag, however it was spelt."""
        return str(self.args.get(name, "")).lower() in ("true", "1")

    def known_channel(self) -> Channel:
        """The channel of the call, if the bot can know of it."""
        channel_id = str(self.args.get("channel") or "")
        channel = self.workspace.channels.get(channel_id)
        hidden = channel is not None and channel.is_private and self.workspace.bot_user not in channel.members
        if channel is None or hidden:
            raise ApiError("channel_not_found")
        return channel

    def joined_channel(self) -> Channel:
        """The channel of the call, if the bot is in it."""
        channel = self.known_channel()
        if self.workspace.bot_user not in channel.members:
            raise ApiError("not_in_channel")
        return channel

    def channel_to_post(self) -> Channel:
        """The channel a message goes to; a person's id means their direct messages with the bot."""
        target = str(self.args.get("channel") or "")
        if target in self.workspace.users:
            return self.direct(self.workspace.users[target])
        channel = self.known_channel()
        if channel.is_archived:
            raise ApiError("is_archived")
        if (
            self.workspace.bot_user not in channel.members
            and "chat:write.public" not in self.workspace.scopes
        ):
            raise ApiError("not_in_channel")
        return channel

    def direct(self, user: User) -> Channel:
        """The direct messages with this person, begun if there are none yet."""
        if user.deleted or user.is_bot:
            raise ApiError("cannot_dm_bot" if user.is_bot else "user_disabled")
        return direct_channel(self.state, self.workspace, user)

    def page(self, items: list[Any], default: int = 100) -> tuple[list[Any], Json]:
        """One page of a list, and the response_metadata that leads to the next."""
        limit = min(int(self.args.get("limit") or default), 1000)
        start = _offset(str(self.args.get("cursor") or ""))
        following = start + limit
        cursor = f"o{following}" if following < len(items) else ""
        return items[start:following], {"next_cursor": cursor}


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    if not (cursor.startswith("o") and cursor[1:].isdigit()):
        raise ApiError("invalid_cursor")
    return int(cursor[1:])


@dataclass(frozen=True)
class Method:
    """A Web API method: what it does, the scopes of which it needs one, and how it may be called."""

    run: Callable[[Context], Json]
    scopes: tuple[str, ...] = ()
    takes_json: bool = True
    writes: bool = False


@dataclass(frozen=True)
class OpenMethod:
    """A method that needs no token."""

    run: Callable[[State, OAuth, Json], Json]
