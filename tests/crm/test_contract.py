"""The contract of every CRM: people, CVs, notes, vacancies and users."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

import pytest

from bot.crm._base import Capability
from bot.crm._errors import AlreadyExists, Declined
from bot.crm._http import Session
from bot.crm._records import CrmNote, CvDocument, Person

from .contract import over_all_without, over_capable, over_records
from .world import World

ANA = Person(
    last_name="Novák",
    first_name="Ana",
    email="ana@example.com",
    phone="+44 7700 900123",
    location="Leeds",
    headline="Site Engineer at Bolt Ltd",
    skills=("SQL", "Setting out"),
    links=("https://www.linkedin.com/in/ana",),
    source="Indeed",
)
CV = CvDocument("application-1", "ana novák.pdf", "application/pdf", b"%PDF-1.7 \x00\xff ana")
NOTE = CrmNote("application-1", "Applied by Indeed for JOB-42.\nGreen by Maya.")


# --- people -------------------------------------------------------------------------------------------


@over_records()
def test_nobody_is_found_where_nobody_is(world: World, api: Session) -> None:
    """Neither an e-mail nor a phone that the CRM lacks finds somebody, even if another's resembles it."""
    world.add_person(last_name="Diaz", email="diana@example.com", phone="+44 7700 900999")
    assert world.crm.find_people(api, email="ana@example.com") == []
    assert world.crm.find_people(api, phone="+44 7700 900123") == []


@over_records()
def test_a_person_is_found_by_e_mail(world: World, api: Session) -> None:
    """Whatever the letter case, the person with that e-mail is found, and no other."""
    world.add_person(last_name="Diaz", email="diana@example.com")
    ana = world.add_person(first_name="Ana", last_name="Novák", email="Ana@Example.com")
    found = world.crm.find_people(api, email="ana@example.com")
    assert [(person.id, person.name) for person in found] == [(ana, "Ana Novák")]


@over_records()
@pytest.mark.parametrize("written", ["+44 7700 900123", "+447700900123", "+44 (7700) 900 123"])
def test_a_person_is_found_by_phone(world: World, api: Session, written: str) -> None:
    """However the number is spaced, the person with it is found."""
    ana = world.add_person(last_name="Novák", phone="+44 7700 900123")
    world.add_person(last_name="Diaz", phone="+44 7700 900999")
    assert [person.id for person in world.crm.find_people(api, phone=written)] == [ana]


@over_records()
def test_all_who_share_an_e_mail_are_found(world: World, api: Session) -> None:
    """Each person of one e-mail is found; where that is one person by the CRM's rules, always the same."""
    world.add_person(last_name="Diaz", email="diana@example.com")
    twice = {world.add_person(last_name="Novák", email="ana@example.com")}
    with suppress(AlreadyExists):
        twice.add(world.add_person(last_name="Nováková", email="ana@example.com"))
    found = [person.id for person in world.crm.find_people(api, email="ana@example.com")]
    if world.one_person_per_email:
        assert len(found) == 1
        assert found == [person.id for person in world.crm.find_people(api, email="ANA@example.com")]
    else:
        assert (set(found), len(found)) == (twice, 2)


@over_records()
def test_all_who_share_a_phone_are_found(world: World, api: Session) -> None:
    """A family's one number finds each of them, so that nobody is taken for another unseen."""
    family = {world.add_person(last_name=name, phone="+44 7700 900123") for name in ("Novák", "Nováková")}
    assert {person.id for person in world.crm.find_people(api, phone="+44 7700 900123")} == family


@over_records()
def test_a_new_person_arrives_whole(world: World, api: Session) -> None:
    """All that is known of somebody new is in the CRM, with source and owner."""
    owned = Capability.OWNER in world.crm.capabilities
    owner = world.crm.find_user(api, world.user_email) if owned else None
    person_id = world.crm.create_person(api, replace(ANA, owner_id=owner.id if owner else None))
    (person,) = world.people()
    assert person["id"] == person_id
    assert not owned or person["owner_email"].casefold() == world.user_email
    told = {"last_name"} | world.crm.holds - {"skills"}
    assert {name: person[name] for name in told} == {name: getattr(ANA, name) for name in told}
    assert "skills" not in world.crm.holds or person["skills"] == list(ANA.skills)


@over_records()
def test_a_name_and_a_phone_are_enough(world: World, api: Session) -> None:
    """Somebody of whom hardly more is known than the CRM insists on can be created and is found again."""
    needed = {name: getattr(ANA, name) for name in world.crm.needs}
    person_id = world.crm.create_person(api, replace(Person("Novák", phone="+44 7700 900123"), **needed))
    assert [one.id for one in world.crm.find_people(api, phone="+44 7700 900123")] == [person_id]


@over_records()
def test_long_values_are_cut_rather_than_refused(world: World, api: Session) -> None:
    """Names, sources and headlines past a CRM's limits do not lose the applicant."""
    long = Person("N" * 300, "A" * 300, email="ana@example.com", headline="H" * 900, source="S" * 300)
    person_id = world.crm.create_person(api, long)
    assert [one.id for one in world.crm.find_people(api, email="ana@example.com")] == [person_id]


@over_records()
def test_a_second_record_of_one_e_mail_is_refused(world: World, api: Session) -> None:
    """The CRM's own refusal of a duplicate comes through, and nothing is forced."""
    world.crm.create_person(api, ANA)
    with pytest.raises(AlreadyExists):
        world.crm.create_person(api, ANA)
    assert len(world.people()) == 1


@over_records()
def test_what_is_filled_is_told(world: World, api: Session) -> None:
    """A found person tells which fields hold something there."""
    world.add_person(last_name="Novák", email="ana@example.com", headline="Graduate engineer")
    (found,) = world.crm.find_people(api, email="ana@example.com")
    assert found.filled == {"email", "headline"} & world.crm.holds


@over_records()
def test_only_what_is_empty_is_filled(world: World, api: Session) -> None:
    """Fields that hold something stay, even when asked to be filled: a colleague may have been quicker."""
    ana = world.add_person(
        first_name="Anna", last_name="Novák", email="ana@example.com", headline="Graduate engineer"
    )
    wanted = ("first_name", "phone", "location", "headline", "skills")
    world.crm.fill_person(api, ana, {name: getattr(ANA, name) for name in wanted})
    (person,) = world.people()
    there: dict[str, object] = {"first_name": "Anna", "headline": "Graduate engineer", "phone": ANA.phone}
    there |= {"location": ANA.location, "skills": list(ANA.skills)}
    kept = {name: value for name, value in there.items() if name in world.crm.holds}
    assert {name: person[name] for name in kept} == kept


@over_all_without("email")
def test_an_empty_e_mail_is_filled(world: World, api: Session) -> None:
    """Somebody known by phone alone is found by e-mail afterwards."""
    ana = world.add_person(last_name="Novák", phone="+44 7700 900123")
    world.crm.fill_person(api, ana, {"email": "ana@example.com"})
    assert [one.id for one in world.crm.find_people(api, email="ana@example.com")] == [ana]


@over_records()
def test_a_person_has_an_address_to_look_at(world: World, api: Session) -> None:
    """The link that colleagues follow leads to that person."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    url = world.crm.person_url(api, ana)
    assert url.startswith(("https://", "http://127.0.0.1:"))
    assert ana in url


# --- CVs and notes ------------------------------------------------------------------------------------


@over_capable(Capability.CV)
def test_a_cv_arrives_byte_for_byte(world: World, api: Session) -> None:
    """What is attached is what was sent, under its name, and is seen to be there afterwards."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    assert not world.crm.has_cv(api, ana, CV)
    world.crm.attach_cv(api, ana, CV)
    assert world.cvs(ana) == [(CV.filename, CV.content)]
    assert world.crm.has_cv(api, ana, CV)


@over_capable(Capability.CV)
def test_another_cv_of_the_same_name_is_another(world: World, api: Session) -> None:
    """A newer CV is not taken for the one that is there."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.crm.attach_cv(api, ana, CV)
    newer = CvDocument("application-2", CV.filename, CV.content_type, b"%PDF-1.7 newer")
    assert not world.crm.has_cv(api, ana, newer)


@over_capable(Capability.NOTES)
def test_a_note_is_written_and_known_again(world: World, api: Session) -> None:
    """A note carries its text and our key, by which a repeat knows that it is there."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    assert not world.crm.has_note(api, ana, NOTE)
    world.crm.add_note(api, ana, NOTE)
    (seen,) = world.notes(ana)
    assert seen.text == NOTE.text
    assert world.crm.has_note(api, ana, NOTE)
    assert not world.crm.has_note(api, ana, CrmNote("application-2", NOTE.text))


@over_capable(Capability.NOTES, Capability.OWNER)
def test_a_note_has_its_author(world: World, api: Session) -> None:
    """Whoever decided is the note's author, if the CRM knows them."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.crm.add_note(api, ana, CrmNote(NOTE.key, NOTE.text, "ben@brightdesk.example"))
    assert [note.author_email for note in world.notes(ana)] == ["ben@brightdesk.example"]


@over_capable(Capability.NOTES)
def test_an_unknown_author_does_not_cost_the_note(world: World, api: Session) -> None:
    """A note by somebody whom the CRM does not know is written all the same, once."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.crm.add_note(api, ana, CrmNote(NOTE.key, NOTE.text, "stranger@elsewhere.example"))
    assert [note.text for note in world.notes(ana)] == [NOTE.text]


# --- vacancies ----------------------------------------------------------------------------------------


@over_capable(Capability.VACANCIES)
def test_a_vacancy_is_found_by_the_crms_id(world: World, api: Session) -> None:
    """The CRM's own id wins over the reference."""
    known = world.open_vacancy
    found = world.crm.find_vacancy(api, crm_id=known.crm_id, reference="something else")
    assert found is not None
    assert (found.id, found.title, found.is_open) == (known.crm_id, known.title, True)


@over_capable(Capability.VACANCIES)
@pytest.mark.parametrize("crm_id", [None, "", "123456", "no-number", "991/../../users", "９９１"])
def test_a_vacancy_is_found_by_its_reference(world: World, api: Session, crm_id: str | None) -> None:
    """Without an id, or with one that leads nowhere, the reference finds it."""
    found = world.crm.find_vacancy(api, crm_id=crm_id, reference=world.open_vacancy.reference)
    assert found is not None
    assert found.id == world.open_vacancy.crm_id


@over_capable(Capability.VACANCIES)
@pytest.mark.parametrize("reference", ["JOB-99", "JOB-4", "OB-42", "42", "job", "%", "*"])
def test_an_unknown_vacancy_is_none(world: World, api: Session, reference: str) -> None:
    """What merely resembles a reference finds nothing, rather than a wrong vacancy."""
    assert world.crm.find_vacancy(api, crm_id="123456", reference=reference) is None


@over_capable(Capability.VACANCIES)
def test_a_closed_vacancy_is_known_to_be_closed(world: World, api: Session) -> None:
    """It is found, said to be closed, not offered, and takes nobody."""
    closed = world.closed_vacancy
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    found = world.crm.find_vacancy(api, crm_id=closed.crm_id, reference=closed.reference)
    assert found is not None
    assert not found.is_open
    assert closed.crm_id not in [vacancy.id for vacancy in world.crm.open_vacancies(api)]
    with pytest.raises(Declined):
        world.crm.link(api, ana, closed.crm_id, "Indeed")


@over_capable(Capability.VACANCIES)
def test_open_vacancies_can_be_searched(world: World, api: Session) -> None:
    """A part of the title in any letter case finds it; the limit is kept."""
    titles = [vacancy.title for vacancy in world.crm.open_vacancies(api, search="site eng")]
    assert world.open_vacancy.title in titles
    assert all("Site Engineer" in title for title in titles)
    assert len(world.crm.open_vacancies(api, limit=1)) == 1
    assert world.crm.open_vacancies(api, search="astronaut") == []


@over_capable(Capability.VACANCIES)
def test_a_person_is_put_onto_a_vacancy_once(world: World, api: Session) -> None:
    """The first link is found again; a second one is refused and leads to the first."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    vacancy_id = world.open_vacancy.crm_id
    assert world.crm.find_link(api, ana, vacancy_id) is None
    link_id = world.crm.link(api, ana, vacancy_id, "Indeed")
    assert world.crm.find_link(api, ana, vacancy_id) == link_id
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.link(api, ana, vacancy_id, "Indeed")
    assert refusal.value.existing_id in (None, link_id)
    assert world.links(ana) == [(vacancy_id, "Indeed")]


# --- users --------------------------------------------------------------------------------------------


@over_capable(Capability.OWNER)
def test_a_user_is_found_by_e_mail(world: World, api: Session) -> None:
    """Letter case does not matter, and a user can own what is created."""
    user = world.crm.find_user(api, world.user_email.title())
    assert user is not None
    assert user.name
    assert user.id


@over_capable(Capability.OWNER)
def test_an_unknown_user_is_none(world: World, api: Session) -> None:
    """A stranger owns nothing."""
    assert world.crm.find_user(api, "stranger@elsewhere.example") is None
