"""Who may change settings, and who may decide."""

from __future__ import annotations

import pytest

from bot.rules.access import may_change_settings, may_decide
from bot.workspace import Member, WorkspaceSettings

SETTINGS = WorkspaceSettings("T1", editors=("UNAMED",))

# who, may change settings, may decide
PEOPLE = [
    (Member("UADMIN", "Ada", is_admin=True), True, True),
    (Member("UNAMED", "Ned"), True, True),
    (Member("UANA", "Ana"), False, True),
    (Member("UGUEST", "Gus", is_guest=True), False, False),
    (Member("USTRANGER", "Sam", is_stranger=True), False, False),
    (Member("UNAMED", "Ned, now a guest", is_guest=True), False, False),
    (Member("UNAMED", "Ned, of another company", is_stranger=True), False, False),
    (Member("UADMIN", "An admin elsewhere", is_admin=True, is_stranger=True), False, False),
]


@pytest.mark.parametrize(("member", "may_change", "may_judge"), PEOPLE, ids=[who.name for who, *_ in PEOPLE])
def test_who_may_do_what(member: Member, may_change: bool, may_judge: bool) -> None:
    """Admins and the people they name change settings; members of the workspace decide."""
    assert may_change_settings(member, SETTINGS) is may_change
    assert may_decide(member) is may_judge
