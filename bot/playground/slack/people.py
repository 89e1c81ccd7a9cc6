"""The workspace everybody starts with: Bright Desk Recruitment, its four people and two channels."""

from __future__ import annotations

from .model import Channel, User, Workspace

APP_ID = "AHANDOFF"
DEFAULT_COMMANDS = (
    {
        "command": "/handoff-settings",
        "description": "Connect a CRM and choose what is sent to it",
        "usage_hint": "[help]",
    },
)
DEFAULT_SUBSCRIPTIONS = frozenset({"app_home_opened", "app_uninstalled", "tokens_revoked"})
# Every scope the emulated methods ask for, so that a bot can do all unless a test takes some away.
ALL_SCOPES = frozenset(
    {
        "channels:history",
        "channels:join",
        "channels:read",
        "chat:write",
        "commands",
        "files:read",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "reactions:read",
        "reactions:write",
        "team:read",
        "users:read",
        "users:read.email",
    }
)


def bot_of(workspace: Workspace) -> User:
    """The bot's own user, which is in users.list like everybody else."""
    return User(workspace.bot_user, "handoff", "Handoff", is_bot=True, color="1d6f5c")


def new_workspace(team: str, name: str, *, token: str, scopes: set[str], suffix: str = "") -> Workspace:
    """An empty workspace with only the bot in it. `suffix` keeps the bot's ids apart between workspaces."""
    domain = "".join(c for c in name.lower() if c.isalnum()) or team.lower()
    workspace = Workspace(team, name, domain, f"UHANDOFF{suffix}", f"BHANDOFF{suffix}", token, scopes)
    workspace.users[workspace.bot_user] = bot_of(workspace)
    return workspace


def bright_desk(token: str, scopes: set[str]) -> Workspace:
    """The default workspace."""
    workspace = new_workspace("TDEMO", "Bright Desk Recruitment", token=token, scopes=scopes)
    people = (
        User(
            "UADMIN",
            "maya",
            "Maya Okafor",
            title="Managing Director",
            is_admin=True,
            is_owner=True,
            color="8a4b9b",
        ),
        User("UANA", "ana", "Ana Lindqvist", title="Senior Recruiter", color="c0562f"),
        User("UBEN", "ben", "Ben Carter", title="Recruiter", color="2f6fb0"),
        User("UGUEST", "gwen", "Gwen Ruiz", title="Client, Acme", is_guest=True, color="7a7a2e"),
    )
    for person in people:
        person.email = f"{person.name}@brightdesk.example"
        workspace.users[person.id] = person
    everyone = {person.id for person in people} | {workspace.bot_user}
    workspace.channels["CAPPLICANTS"] = Channel("CAPPLICANTS", "applicants", set(everyone))
    workspace.channels["CENGINEERS"] = Channel("CENGINEERS", "engineering-jobs", everyone - {"UGUEST"})
    return workspace
