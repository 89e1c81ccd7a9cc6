"""What is the demo CRM's own: refusals that name the record in the way, addresses from the settings alone."""

from __future__ import annotations

import pytest

from bot.crm._errors import AlreadyExists, Declined
from bot.crm._http import Session
from bot.crm._records import Person
from bot.crm._registry import every_crm

from .world import World

over_demo = pytest.mark.parametrize("world", ["DEMO"], indirect=True)


@over_demo
def test_a_refused_person_is_named(world: World, api: Session) -> None:
    """Whoever has the e-mail already is told by their id."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.create_person(api, Person("Novák", email="ana@example.com"))
    assert refusal.value.existing_id == ana


@over_demo
def test_a_refused_link_is_named(world: World, api: Session) -> None:
    """The application that is there already is told by its id."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    link_id = world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    assert refusal.value.existing_id == link_id


@over_demo
def test_a_refusal_is_told_in_its_own_words(world: World, api: Session) -> None:
    """What the demo CRM says of a closed vacancy reaches people."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with pytest.raises(Declined, match="JOB-48 Executive Assistant is closed"):
        world.crm.link(api, ana, world.closed_vacancy.crm_id, "Indeed")


def test_it_has_no_addresses_of_its_own() -> None:
    """Without the settings' overrides there is nowhere to sign in, so it can't be offered by mistake."""
    demo = every_crm()["DEMO"]
    assert demo.oauth is not None
    assert (demo.oauth.authorize_url, demo.oauth.token_url, demo.default_api_url) == ("", "", "")
    assert demo.trusted_hosts == ()
