"""What can be asked of any CRM with records, one call each, for the scenes that do all of it."""

from __future__ import annotations

from collections.abc import Callable

from bot.crm._base import Capability
from bot.crm._http import Session
from bot.crm._records import CrmNote, CvDocument, Person

from .world import Operation, World

ANA = Person("Novák", "Ana", email="ana@example.com", phone="+44 7700 900123", source="Indeed")
CV = CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7 ana")
NOTE = CrmNote("application-1", "Applied by Indeed.", "ben@brightdesk.example")

Deed = Callable[[], object]


def writings(world: World, api: Session, person_id: str) -> dict[Operation, Deed]:
    """What changes something there, by the request that does it. Somebody new has another e-mail than Ana."""
    crm = world.crm
    deeds: dict[Operation, Deed] = {
        "create": lambda: crm.create_person(api, Person("Diaz", "Eva", email="eva@example.com")),
    }
    if Capability.CV in crm.capabilities:
        deeds["cv"] = lambda: crm.attach_cv(api, person_id, CV)
    if Capability.NOTES in crm.capabilities:
        deeds["note"] = lambda: crm.add_note(api, person_id, NOTE)
    if Capability.VACANCIES in crm.capabilities:
        deeds["link"] = lambda: crm.link(api, person_id, world.open_vacancy.crm_id, "Indeed")
    return deeds


def done(world: World, person_id: str) -> dict[Operation, int]:
    """How often each of those was done."""
    deeds: dict[Operation, int] = {
        "create": sum(person["email"] == "eva@example.com" for person in world.people()),
    }
    if Capability.CV in world.crm.capabilities:
        deeds["cv"] = len(world.cvs(person_id))
    if Capability.NOTES in world.crm.capabilities:
        deeds["note"] = len(world.notes(person_id))
    if Capability.VACANCIES in world.crm.capabilities:
        deeds["link"] = len(world.links(person_id))
    return deeds


def readings(world: World, api: Session, person_id: str) -> list[Deed]:
    """What only looks."""
    crm, known = world.crm, world.open_vacancy
    deeds: list[Deed] = [
        lambda: crm.account(api),
        lambda: crm.find_people(api, email="ana@example.com"),
        lambda: crm.find_people(api, phone="+44 7700 900123"),
        *(_choices(world, api, option.key) for option in crm.options if option.kind == "live"),
    ]
    if Capability.CV in crm.capabilities:
        deeds.append(lambda: crm.has_cv(api, person_id, CV))
    if Capability.NOTES in crm.capabilities:
        deeds.append(lambda: crm.has_note(api, person_id, NOTE))
    if Capability.VACANCIES in crm.capabilities:
        deeds += [
            lambda: crm.open_vacancies(api, "site"),
            lambda: crm.find_vacancy(api, crm_id=known.crm_id, reference=known.reference),
            lambda: crm.find_vacancy(api, crm_id=None, reference=known.reference),
            lambda: crm.find_link(api, person_id, known.crm_id),
        ]
    if Capability.OWNER in crm.capabilities:
        deeds.append(lambda: crm.find_user(api, world.user_email))
    return deeds


def _choices(world: World, api: Session, key: str) -> Deed:
    return lambda: world.crm.option_choices(api, key)
