"""The main story over every CRM: an admin signs in from the settings, Green hands the candidate over.

Targets that are only pushed to, such as the webhook, have stories of their own.
"""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from bot.blocks import ids
from bot.crm._base import Capability
from bot.crm._push import PushCrm
from bot.crm._registry import every_crm
from bot.store import settings as settings_store
from bot.workspace import Boxes, Picked
from tests.story.crm_desk import Desk
from tests.story.note_acts import write
from tests.world import ANA, PDF, TEAM

KEYS = sorted(key for key, crm in every_crm().items() if not isinstance(crm, PushCrm))

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.mark.parametrize("desk", KEYS, indirect=True)
def test_green_hands_a_candidate_to_this_crm(desk: Desk) -> None:
    """Signed in from the modal; one click on Green makes one person with CV, notes and vacancy."""
    world, crm = desk.world, desk.crm
    desk.sign_in()
    _tick_green(desk)
    vacancy = {"reference": crm.open_vacancy.reference, "title": "Site Engineer"}
    id_ = world.arrive(vacancy=vacancy | {"crm_id": crm.open_vacancy.crm_id})
    write(world, ANA, id_, "Prefers calls.")
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
    if Capability.TEAM_NOTES in crm.crm.capabilities:
        write(world, ANA, id_, "She called back.")
        told = [note.text for note in crm.notes(str(person["id"]))]
        for text in ("Prefers calls.", "She called back."):
            assert sum(text in note for note in told) == 1, told
    assert f"Open in {crm.crm.name}" in str(world.card(id_))


@pytest.mark.parametrize("desk", ["ORANGEHRM"], indirect=True)
def test_a_cv_that_is_too_large_costs_nobody_the_applicant(desk: Desk) -> None:
    """The person is on the vacancy all the same; card and note say that the CV is not there."""
    world, crm = desk.world, desk.crm
    desk.sign_in()
    _tick_green(desk)
    large = {"filename": "ana.pdf", "content_type": "application/pdf"}
    large["content"] = base64.b64encode(PDF + bytes(1024 * 1024)).decode()
    vacancy = {"reference": crm.open_vacancy.reference, "title": "Site Engineer"}
    id_ = world.arrive(vacancy=vacancy | {"crm_id": crm.open_vacancy.crm_id}, cv=large)
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=30)
    handoff = world.state(id_)["handoff"]
    assert (handoff["state"], handoff["target"]) == ("sent", "crm_and_vacancy")
    assert crm.cvs(handoff["candidate_id"]) == []
    assert len(crm.links(handoff["candidate_id"])) == 1
    assert "without the CV: OrangeHRM takes up to 1.0 MB" in str(world.card(id_))
    assert "on the card in Slack alone" in crm.notes(handoff["candidate_id"])[0].text


def _tick_green(desk: Desk) -> None:
    with desk.world.house.database.transaction() as connection:
        settings = settings_store.load(connection, TEAM)
        picked = {name: Picked(value, value) for name, value in desk.crm.options.items()}
        options = {desk.crm.key: picked}
        chosen = replace(
            settings, crm=desk.crm.key, boxes=Boxes(send_green=True), crm_options=options, send_notes=True
        )
        settings_store.save(connection, chosen)
