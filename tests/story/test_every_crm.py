"""The main story over every CRM: an admin signs in from the settings, Green hands the candidate over.

Targets that are only pushed to, such as the webhook, have stories of their own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import requests

from bot.app import Handoff, build_outbox
from bot.blocks import ids
from bot.crm._base import Capability
from bot.crm._push import PushCrm
from bot.crm._registry import every_crm
from bot.outbox import Outbox
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack
from bot.store import settings as settings_store
from bot.store.database import Database
from bot.store.vault import Vault
from bot.usecases.house import House, client_apps
from bot.workspace import Boxes, Picked
from tests.crm.world import World as CrmWorld
from tests.crm.world import new_world
from tests.support import VAULT_KEY, Clock, forget_environment, serving
from tests.world import ADMIN, ANA, CHANNEL, PDF, TEAM, World, a_world_config, login_link

KEYS = sorted(key for key, crm in every_crm().items() if not isinstance(crm, PushCrm))
PUBLIC = "http://127.0.0.1"  # where the doubles send people back to; tests put the port in

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Desk:
    """The product beside one CRM's double."""

    world: World
    crm: CrmWorld


@pytest.fixture
def desk(
    request: pytest.FixtureRequest,
    database_url: str,
    database: Database,
    clock: Clock,
    slack: LocalSlack,
    running_crm: DemoCrm,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Desk]:
    """The product on SQLite, with the CRM that the story is told of."""
    forget_environment(monkeypatch)
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    crm = new_world(request.param, clock)
    crm.start()
    crm.reset()
    config = a_world_config(database_url, slack, running_crm, public_url=PUBLIC)
    crms = every_crm()
    apps = client_apps(config, crms) | {crm.key: crm.app}
    house = House(config, database, Vault([VAULT_KEY]), crms, apps, clock)
    outbox: Outbox = build_outbox(house)
    with serving(Handoff(house, "web").web) as address:
        slack.bot_url = address
        yield Desk(World(slack, running_crm, house, outbox, address, clock), crm)
    crm.stop()


@pytest.mark.parametrize("desk", KEYS, indirect=True)
def test_green_hands_a_candidate_to_this_crm(desk: Desk) -> None:
    """Signed in from the modal; one click on Green makes one person with CV, note and vacancy."""
    world, crm = desk.world, desk.crm
    _sign_in(desk)
    _tick_green(desk)
    vacancy = {"reference": crm.open_vacancy.reference, "title": "Site Engineer"}
    id_ = world.arrive(vacancy=vacancy | {"crm_id": crm.open_vacancy.crm_id})
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=10)
    for _ in range(10):
        world.deliver(seconds=30)

    handoff = world.state(id_)["handoff"]
    assert (handoff["state"], handoff["reason"]) == ("sent", None)
    assert handoff["target"] == "crm_and_vacancy"
    (person,) = [found for found in crm.people() if "Marsh1" in str(found.get("last_name"))]
    assert handoff["candidate_id"] == str(person["id"])
    if Capability.CV in crm.crm.capabilities:
        assert [content for _, content in crm.cvs(str(person["id"]))] == [PDF]
    assert len(crm.links(str(person["id"]))) == 1
    assert f"Open in {crm.crm.name}" in str(world.card(id_))


def _sign_in(desk: Desk) -> None:
    world, crm = desk.world, desk.crm
    admin = world.slack.as_user(ADMIN)
    admin.command("/handoff-settings", channel=CHANNEL)
    assert world.slack.wait_until(lambda: admin.view() is not None)
    admin.act_in_view(ids.SETTINGS_CRM, crm.key)
    if crm.crm.questions:
        first = ids.question_action(crm.crm.questions[0].key)
        assert world.slack.wait_until(lambda: first in str(admin.view()))
        for question in crm.crm.questions:
            if crm.answers.get(question.key):
                admin.fill(ids.question_action(question.key), crm.answers[question.key])
        admin.act_in_view(ids.SETTINGS_CHECK_ANSWERS)
    if crm.crm.oauth is not None:
        assert world.slack.wait_until(lambda: login_link(admin.view()) is not None), admin.view()
        link = _here(desk, str(login_link(admin.view())))
        consent = requests.get(link, allow_redirects=False, timeout=10).headers["Location"]
        page = requests.get(_here(desk, crm.approve(consent)), timeout=10)
        assert page.status_code == 200, page.text
    assert world.slack.wait_until(lambda: "Connected as" in str(admin.view())), admin.view()
    admin.close()
    world.deliver()


def _tick_green(desk: Desk) -> None:
    with desk.world.house.database.transaction() as connection:
        settings = settings_store.load(connection, TEAM)
        picked = {name: Picked(value, value) for name, value in desk.crm.options.items()}
        options = {desk.crm.key: picked}
        chosen = replace(settings, crm=desk.crm.key, boxes=Boxes(send_green=True), crm_options=options)
        settings_store.save(connection, chosen)


def _here(desk: Desk, address: str) -> str:
    return address.replace(f"{PUBLIC}/", f"{desk.world.bot_url}/", 1)
