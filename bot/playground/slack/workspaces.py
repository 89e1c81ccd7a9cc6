"""What an administrator does: people, channels, scopes, further workspaces, removing the bot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .events import Events
from .model import Channel, NotPossibleError, User, Workspace
from .people import ALL_SCOPES, new_workspace
from .state import State


class Workspaces:
    """The administration of all workspaces; a base of LocalSlack."""

    def __init__(self, state: State, events: Events) -> None:
        self._admin_state = state
        self._admin_events = events

    def workspace(self, team: str = "TDEMO") -> Workspace:
        """A workspace as it is remembered; change it through the methods here."""
        return self._admin_state.workspace(team)

    @property
    def scopes(self) -> set[str]:
        """What the default workspace has granted to the bot; assign to change it."""
        return set(self.workspace().scopes)

    @scopes.setter
    def scopes(self, scopes: Iterable[str]) -> None:
        with self._admin_state.lock:
            self.workspace().scopes = set(scopes)

    def add_workspace(
        self,
        team: str,
        name: str,
        *,
        bot_token: str,
        scopes: Iterable[str] | None = None,
        installed: bool = True,
    ) -> Workspace:
        """Another workspace, with ids made of its own: for TOTHER an owner UOTHERADMIN, a member UOTHERANN
        and a channel COTHER (#applicants). Not `installed`, its token is dead until the bot is installed."""
        suffix = team.removeprefix("T")
        granted = set(ALL_SCOPES if scopes is None else scopes)
        workspace = new_workspace(team, name, token=bot_token, scopes=granted, suffix=suffix)
        owner = User(f"U{suffix}ADMIN", "olu", "Olu Adeyemi", is_admin=True, is_owner=True)
        member = User(f"U{suffix}ANN", "ann", "Ann Weber")
        for person in (owner, member):
            person.email = f"{person.name}@{workspace.domain}.example"
            workspace.users[person.id] = person
        members = {owner.id, member.id} | ({workspace.bot_user} if installed else set())
        workspace.channels[f"C{suffix}"] = Channel(f"C{suffix}", "applicants", members)
        workspace.dead = None if installed else "account_inactive"
        with self._admin_state.lock:
            self._admin_state.workspaces[team] = workspace
        self._admin_state.changed()
        return workspace

    def add_user(self, user: User, *, channels: Iterable[str] = (), team: str = "TDEMO") -> User:
        """Another person, member of these channels."""
        with self._admin_state.lock:
            self.workspace(team).users[user.id] = user
            for channel in channels:
                self._channel(channel).members.add(user.id)
        self._admin_state.changed()
        return user

    def change_user(self, user: str, **changes: Any) -> User:
        """Change fields of a person: `deleted=True`, `is_admin=False`, another `email`…"""
        with self._admin_state.lock:
            found = self._admin_state.user(user)
            for name, value in changes.items():
                if not hasattr(found, name):
                    raise NotPossibleError(f"A person has no {name}.")
                setattr(found, name, value)
        self._admin_state.changed()
        return found

    def add_channel(
        self,
        channel: str,
        name: str,
        members: Iterable[str],
        *,
        is_private: bool = False,
        team: str = "TDEMO",
    ) -> Channel:
        """Another channel; the bot is in it only if named among the members."""
        with self._admin_state.lock:
            added = Channel(channel, name, set(members), is_private=is_private)
            self.workspace(team).channels[channel] = added
        self._admin_state.changed()
        return added

    def kick(self, user: str, channel: str) -> None:
        """Take a person, or the bot, out of a channel."""
        with self._admin_state.lock:
            self._channel(channel).members.discard(user)
        self._admin_state.changed()

    def invite(self, user: str, channel: str) -> None:
        """Bring a person, or the bot, into a channel."""
        with self._admin_state.lock:
            self._channel(channel).members.add(user)
        self._admin_state.changed()

    def archive(self, channel: str, *, archived: bool = True) -> None:
        """Archive a channel, or bring it back."""
        with self._admin_state.lock:
            self._channel(channel).is_archived = archived
        self._admin_state.changed()

    def uninstall(self, team: str = "TDEMO") -> None:
        """Remove the bot: its token dies, and it hears of that by tokens_revoked and app_uninstalled."""
        with self._admin_state.lock:
            workspace = self.workspace(team)
            workspace.dead = "account_inactive"
            bot = workspace.bot_user
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}}
        self._admin_events.happened("tokens_revoked", revoked, team=team)
        self._admin_events.happened("app_uninstalled", {"type": "app_uninstalled"}, team=team)

    def _channel(self, channel: str) -> Channel:
        for workspace in self._admin_state.workspaces.values():
            if channel in workspace.channels:
                return workspace.channels[channel]
        raise NotPossibleError(f"There is no channel {channel}.")
