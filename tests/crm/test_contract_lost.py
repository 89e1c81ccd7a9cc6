"""The contract of every CRM whose answer is lost after the deed: a repeat looks, and does nothing twice."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.crm._base import Capability
from bot.crm._errors import Nonsense, Unavailable
from bot.crm._http import Session

from .contract import over_capable, over_records
from .deeds import ANA, CV, NOTE
from .world import HANGS, Operation, World

LOST: list[tuple[Any, dict[str, Any]]] = [("reset_after", {}), ("hang", {"seconds": HANGS})]

lost = pytest.mark.parametrize(("kind", "more"), LOST, ids=[kind for kind, _ in LOST])


@pytest.fixture
def hasty(world: World) -> Iterator[Session]:
    """Signed in, and waiting for no answer longer than a moment; yet long enough for those that come."""
    with world.session(timeout=(10.0, 0.8)) as session:
        yield session


@over_records()
@lost
def test_a_person_is_found(
    world: World, api: Session, hasty: Session, kind: Any, more: dict[str, Any]
) -> None:
    """A repeat finds the person instead of creating a second one."""
    _lose(world, kind, "create", more, lambda: world.crm.create_person(hasty, ANA))
    (person,) = world.people()
    assert [one.id for one in world.crm.find_people(api, email="ana@example.com")] == [person["id"]]


@over_records()
def test_a_person_whose_id_was_not_told_is_found(world: World, api: Session) -> None:
    """An answer without the new record's id is no success, and the person is found."""
    world.order("nonsense", "create")
    with pytest.raises(Nonsense):
        world.crm.create_person(api, ANA)
    (person,) = world.people()
    assert [one.id for one in world.crm.find_people(api, email="ana@example.com")] == [person["id"]]


@over_capable(Capability.CV)
@lost
def test_a_cv_is_seen(world: World, api: Session, hasty: Session, kind: Any, more: dict[str, Any]) -> None:
    """A repeat sees that the CV is there."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    _lose(world, kind, "cv", more, lambda: world.crm.attach_cv(hasty, ana, CV))
    if not world.crm.has_cv(api, ana, CV):  # the file without what ties it to the person
        world.crm.attach_cv(api, ana, CV)
    assert world.crm.has_cv(api, ana, CV)
    assert [content for _, content in world.cvs(ana)] == [CV.content]


@over_capable(Capability.NOTES)
@lost
def test_a_note_is_seen(world: World, api: Session, hasty: Session, kind: Any, more: dict[str, Any]) -> None:
    """A repeat sees that the note is there, even one with an author."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    _lose(world, kind, "note", more, lambda: world.crm.add_note(hasty, ana, NOTE))
    assert world.crm.has_note(api, ana, NOTE)
    assert len(world.notes(ana)) == 1


@over_capable(Capability.VACANCIES)
@lost
def test_a_link_is_found(world: World, api: Session, hasty: Session, kind: Any, more: dict[str, Any]) -> None:
    """A repeat finds the application instead of making a second one, and does what is left of it once."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    vacancy_id = world.open_vacancy.crm_id
    _lose(world, kind, "link", more, lambda: world.crm.link(hasty, ana, vacancy_id, "Indeed"))
    for _ in range(2):
        assert world.crm.find_link(api, ana, vacancy_id)
        world.crm.finish_link(api, ana, vacancy_id, "Indeed")
    assert world.links(ana) == [(vacancy_id, "Indeed")]


@over_capable(Capability.VACANCIES)
def test_a_link_whose_id_was_not_told_is_not_made_up(world: World, api: Session) -> None:
    """An answer without what it must have is no success, unless nothing of it is needed to know the link."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    vacancy_id, made = world.open_vacancy.crm_id, None
    world.order("nonsense", "link")
    try:
        made = world.crm.link(api, ana, vacancy_id, "Indeed")
    except Unavailable:
        assert world.crm.find_link(api, ana, vacancy_id)
    assert made in (None, world.crm.find_link(api, ana, vacancy_id))
    assert len(world.links(ana)) == 1


def _lose(world: World, kind: Any, operation: Operation, more: dict[str, Any], deed: Any) -> None:
    world.order(kind, operation, **more)
    with pytest.raises(Unavailable):
        deed()
