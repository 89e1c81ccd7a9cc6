"""Workspaces apart: nobody reaches an applicant of another workspace, whatever they send."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.blocks import ids
from bot.errors import NotFound
from bot.models import Application, Candidate, Choice, Light, Vacancy
from bot.store import applications
from bot.usecases import configure, install, receive, triage
from bot.usecases.configure import Wish
from tests.story.acts import connect, send_click
from tests.support import an_installation
from tests.world import ADMIN, ANA, TEAM, World

OTHER, OTHER_ANN, OTHER_ADMIN = "TOTHER", "UOTHERANN", "UOTHERADMIN"


def test_a_forged_click_on_another_workspaces_applicant_does_nothing(world: World) -> None:
    """Signed correctly and naming an id of TDEMO, but from TOTHER: nothing changes, and nothing is told."""
    id_ = world.arrive()
    _install_other(world)
    for action in (ids.DECIDE_GREEN, ids.UNDO, ids.RETRY_HANDOFF, ids.OPEN_DETAILS):
        block_id = ids.card_block("decide", id_, 0)
        assert send_click(world, OTHER_ANN, block_id, {"action_id": action}, team=OTHER) == 200
    world.deliver()
    application = world.application(id_)
    assert (application.version, application.light, application.handoff.attempts) == (0, None, 0)
    assert world.slack.as_user(OTHER_ANN).view() is None
    shown = [str(call.args) for call in world.slack.calls if call.team == OTHER]
    assert not any("Ines" in args or "ines.marsh" in args for args in shown)


def test_somebody_of_another_workspace_cannot_decide_in_this_one(world: World) -> None:
    """A click by a person of TOTHER in TDEMO's channel changes nothing."""
    id_ = world.arrive()
    _install_other(world)
    block_id = ids.card_block("decide", id_, 0)
    send_click(world, OTHER_ANN, block_id, {"action_id": ids.DECIDE_GREEN}, team=TEAM, user_team=OTHER)
    world.deliver()
    assert world.application(id_).version == 0


def test_a_block_id_that_we_never_made_changes_nothing(world: World) -> None:
    """Wrong, negative, huge or foreign ids in a signed click: an answer, no decision, nothing breaks."""
    id_ = world.arrive()
    for block_id in (
        "",
        "card:decide",
        f"card:decide:{id_}:-1",
        f"card:decide:{id_}:99",
        "card:decide:01AAA:0",
        "x" * 300,
    ):
        assert send_click(world, ANA, block_id, {"action_id": ids.DECIDE_GREEN}) == 200
    menu = {
        "type": "static_select",
        "action_id": ids.CHOOSE_STATUS,
        "selected_option": {"value": "no_such_status"},
    }
    assert send_click(world, ANA, ids.card_block("decide", id_, 0), menu) == 200
    world.deliver()
    assert (world.application(id_).version, world.state(id_)["status"]) == (0, "New")


def test_one_source_id_in_two_workspaces_is_two_applications(world: World) -> None:
    """Each workspace has its own; each gets its own card in its own channel, and a decision touches one."""
    _install_other(world)
    configure.save(world.house, OTHER, OTHER_ADMIN, Wish(channel="COTHER"))
    stored = {team: receive.receive(world.house, _same_application(team), None) for team in (TEAM, OTHER)}
    assert all(is_new for _, is_new in stored.values())
    mine, theirs = stored[TEAM][0].id, stored[OTHER][0].id
    world.deliver()
    triage.decide(world.house, TEAM, ANA, mine, 0, Choice(light=Light.RED))
    world.deliver()
    with world.house.database.reading() as connection:
        other = applications.find(connection, OTHER, theirs)
        assert applications.find(connection, TEAM, theirs) is None
    assert other is not None
    assert (other.version, other.card and other.card.channel) == (0, "COTHER")
    with pytest.raises(NotFound):
        triage.decide(world.house, TEAM, ANA, theirs, 0, Choice(light=Light.RED))


def test_one_workspaces_crm_gets_nothing_of_another(world: World) -> None:
    """TDEMO is connected and sends all; TOTHER sends all too but has no CRM: its applicants stay at home."""
    connect(world)
    world.tick(send_all=True)
    _install_other(world)
    with_boxes = Wish(crm="DEMO", boxes=replace(configure.overview(world.house, TEAM).settings.boxes))
    configure.save(world.house, OTHER, OTHER_ADMIN, with_boxes)
    other, _ = receive.receive(world.house, _same_application(OTHER), None)
    before = len(world.crm.calls)
    world.deliver(hours=1)
    with world.house.database.reading() as connection:
        kept = applications.find(connection, OTHER, other.id)
    assert kept is not None
    assert (kept.handoff.state, len(world.crm.calls)) == ("waiting", before)
    assert world.direct(ADMIN) == []


def _install_other(world: World) -> None:
    world.slack.add_workspace(OTHER, "Other Desk", bot_token="xoxb-other")
    install.install(
        world.house,
        an_installation(OTHER, token="xoxb-other", bot_user_id="UHANDOFFOTHER", installed_by=OTHER_ADMIN),
    )


def _same_application(team_id: str) -> Application:
    return Application(
        id="",
        team_id=team_id,
        source="Indeed",
        external_id="indeed-8812",
        received_at=an_installation().installed_at,
        applied_at=None,
        candidate=Candidate("Novák", "Ana", "ana@example.com"),
        vacancy=Vacancy("JOB-42", "Site Engineer"),
    )
