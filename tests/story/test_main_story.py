"""The main job from end to end: connect, tick, an applicant arrives, Green, the CRM has them."""

from __future__ import annotations

from bot.blocks import ids
from tests.world import ANA, CHANNEL, PDF, World


def test_green_puts_the_candidate_with_cv_onto_the_vacancy(world: World) -> None:
    """One click on Green, and after the undo window the CRM has the person, the CV, the note and the link."""
    assert "is connected" in world.connect().text
    world.tick(send_green=True)
    id_ = world.arrive()
    assert world.state(id_)["handoff"]["state"] == "none"

    assert world.click(ANA, id_, ids.DECIDE_GREEN).status == 200
    world.deliver()
    waiting = world.state(id_)
    assert (waiting["light"], waiting["status"]) == ("green", "Shortlist")
    assert waiting["handoff"]["state"] == "waiting"
    assert "waiting" in str(world.card(id_))

    world.deliver(seconds=10)
    sent = world.state(id_)["handoff"]
    assert (sent["state"], sent["target"], sent["reason"]) == ("sent", "crm_and_vacancy", None)
    person = next(found for found in world.crm.people() if found.email == "ines.marsh1@example.com")
    assert sent["candidate_id"] == str(person.id)
    assert [file.content for file in world.crm.files(person.id)] == [PDF]
    links = world.crm.applications(person.id)
    assert [link.vacancy_id for link in links] == [991]
    assert "Ana Lindqvist" in world.crm.notes(person.id)[0].text
    assert "Open in Demo CRM" in str(world.card(id_))
    assert len(world.slack.messages(CHANNEL)) >= 1
