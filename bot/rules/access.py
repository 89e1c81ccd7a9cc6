"""Who may do what: admins and the people they name change settings, members of the workspace decide."""

from __future__ import annotations

from bot.workspace import Member, WorkspaceSettings


def may_change_settings(member: Member, settings: WorkspaceSettings) -> bool:
    """Workspace admins and owners, and the people named in the settings; never guests or strangers."""
    if member.is_guest or member.is_stranger:
        return False
    return member.is_admin or member.user_id in settings.editors


def may_decide(member: Member) -> bool:
    """Members of the workspace; guests and people of other organisations only read."""
    return not (member.is_guest or member.is_stranger)


def may_remove_note(member: Member, settings: WorkspaceSettings, author: str) -> bool:
    """Whoever wrote it, while they are a member, and those who may change settings."""
    return may_change_settings(member, settings) or (may_decide(member) and member.user_id == author)
