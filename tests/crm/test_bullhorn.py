"""What is Bullhorn's own with people: an index that lags, two query languages, names, confidential fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.crm._errors import AlreadyExists, Declined, Missing
from bot.crm._http import Session
from bot.crm._records import CrmNote, Person
from tests.doubles.bullhorn import BullhornDouble
from tests.doubles.bullhorn.records import Record, Records

from .worlds.bullhorn import World

pytestmark = pytest.mark.parametrize("world", ["BULLHORN"], indirect=True)
ANA = Person("Novák", "Ana", email="ana@example.com", phone="+44 7700 900123", source="Indeed")


@pytest.fixture
def double(world: World) -> BullhornDouble:
    """The double behind the world."""
    return world.double


@pytest.fixture
def records(double: BullhornDouble) -> Records:
    """What it holds."""
    return double.site.records


@pytest.fixture
def candidates(records: Records) -> dict[int, Record]:
    """Its candidates."""
    return records.tables["Candidate"]


@pytest.fixture(autouse=True)
def _nothing_confidential_is_written_back(double: BullhornDouble) -> Iterator[None]:
    yield
    assert double.site.forced_back == 0


# --- finding ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "known", ["ana@example.com.au", "x.ana@example.com", "ana-example@com", "ana.example.com"]
)
def test_what_the_index_takes_for_the_same_is_not(world: World, api: Session, known: str) -> None:
    """Lucene compares words: an e-mail within another is another person's."""
    world.add_person(last_name="Novák", email=known)
    assert world.crm.find_people(api, email="ana@example.com") == []


@pytest.mark.parametrize("field", ["email2", "email3"])
def test_another_address_of_the_candidate_finds_them(
    world: World, api: Session, candidates: dict[int, Record], field: str
) -> None:
    """Somebody who applied by a second e-mail address is the same person."""
    ana = world.add_person(last_name="Novák", email="ana@work.example")
    candidates[int(ana)][field] = "Ana@Example.com"
    assert [one.id for one in world.crm.find_people(api, email="ana@example.com")] == [ana]


@pytest.mark.parametrize(
    "email", ['x" OR isDeleted:0 OR email:"y', "a\\", "o'brien@example.com", "') OR ('1'='1", "*", "a AND b"]
)
def test_an_e_mail_is_never_a_query(world: World, api: Session, email: str) -> None:
    """Quotes and operators in it find nobody, in the index as in the database, and break nothing."""
    world.add_person(last_name="Novák", email="ana@example.com")
    assert world.crm.find_people(api, email=email) == []
    assert world.crm.find_user(api, email) is None
    assert world.crm.find_vacancy(api, crm_id=None, reference=email) is None
    assert all(email in job.title for job in world.crm.open_vacancies(api, search=email))


def test_an_apostrophe_is_part_of_an_e_mail(
    world: World, api: Session, candidates: dict[int, Record]
) -> None:
    """And does not keep its owner from being found, in the index or beyond it."""
    person_id = world.crm.create_person(api, replace(ANA, email="o'brien@example.com"))
    world.crm.link(api, person_id, "991", "Indeed")
    assert [one.id for one in world.crm.find_people(api, email="O'Brien@example.com")] == [person_id]
    world.double.site.records.unindexed.add(("Candidate", int(person_id)))
    assert [one.id for one in world.crm.find_people(api, email="O'Brien@example.com")] == [person_id]


def test_a_candidate_whom_the_index_lacks_is_found_by_their_application(
    world: World, api: Session, records: Records
) -> None:
    """Somebody who applied twice within seconds is one record, though the index knows nobody yet."""
    records.lags = True
    person_id = world.crm.create_person(api, ANA)
    world.crm.link(api, person_id, "991", "Indeed")
    assert [one.id for one in world.crm.find_people(api, email="ana@example.com")] == [person_id]
    with pytest.raises(AlreadyExists) as refusal:
        world.crm.create_person(api, ANA)
    assert refusal.value.existing_id == person_id


@pytest.mark.parametrize("written", ["07700 900123", "07700900123", "+447700900123", "+44 7700 900123"])
@pytest.mark.parametrize("field", ["mobile", "phone3", "workPhone"])
def test_numbers_are_found_as_recruiters_write_them(
    world: World, api: Session, candidates: dict[int, Record], field: str, written: str
) -> None:
    """With or without the country, in whichever field."""
    ana = world.add_person(last_name="Novák")
    candidates[int(ana)][field] = written
    found = world.crm.find_people(api, phone="+44 7700 900123")
    assert [(one.id, one.filled) for one in found] == [(ana, frozenset({"phone"}))]


def test_the_same_number_of_another_country_is_another(world: World, api: Session) -> None:
    """However alike the local parts are."""
    world.add_person(last_name="Diaz", phone="+49 7700 900123")
    assert world.crm.find_people(api, phone="+44 7700 900123") == []


def test_a_deleted_candidate_is_gone(world: World, api: Session, candidates: dict[int, Record]) -> None:
    """Bullhorn only marks them: they are neither found nor written to."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    candidates[int(ana)]["isDeleted"] = True
    assert world.crm.find_people(api, email="ana@example.com") == []
    with pytest.raises(Missing):
        world.crm.fill_person(api, ana, {"phone": ANA.phone})


# --- writing ------------------------------------------------------------------------------------------


def test_the_full_name_goes_with_its_parts(world: World, api: Session, candidates: dict[int, Record]) -> None:
    """Bullhorn does not put it together; whoever has no first name gets one that counts as empty."""
    person_id = world.crm.create_person(api, replace(ANA, first_name=None))
    record = candidates[int(person_id)]
    assert (record["firstName"], record["name"]) == ("-", "Novák")
    (found,) = world.crm.find_people(api, email="ana@example.com")
    assert (found.name, "first_name" in found.filled) == ("Novák", False)
    world.crm.fill_person(api, person_id, {"first_name": "Ana"})
    assert (record["firstName"], record["lastName"], record["name"]) == ("Ana", "Novák", "Ana Novák")


def test_only_empty_fields_are_sent(world: World, api: Session, candidates: dict[int, Record]) -> None:
    """Owner, status, source and all that is filled are not even mentioned."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"phone": ANA.phone, "email": "other@example.com", "location": "Leeds"})
    sent = [call.body for call in world.double.calls if call.method == "POST"]
    assert sent == [{"phone": ANA.phone, "address": {"city": "Leeds"}}]
    world.double.forget_calls()
    world.crm.fill_person(api, ana, {"email": "other@example.com"})
    assert [call.method for call in world.double.calls] == ["GET"]


def test_confidential_fields_are_full(
    world: World, api: Session, records: Records, candidates: dict[int, Record]
) -> None:
    """What the user may not see counts as filled and is left as it is; our own key tells who it is."""
    person_id = world.crm.create_person(api, replace(ANA, location="Leeds"))
    records.confidential = {"email", "email2", "phone", "lastName", "address"}
    before = dict(candidates[int(person_id)])
    (found,) = world.crm.find_people(api, email="Ana@example.com")
    assert found.id == person_id
    assert {"email", "phone", "location"} <= found.filled
    wanted = {"email": "x@example.com", "phone": "+44 1", "first_name": "A", "location": "York"}
    world.crm.fill_person(api, person_id, wanted)
    assert candidates[int(person_id)] == before
    world.add_person(last_name="Diaz", email="diana@example.com")
    assert world.crm.find_people(api, email="diana@example.com") == []


def test_a_long_number_is_not_cut(world: World, api: Session, candidates: dict[int, Record]) -> None:
    """It loses its punctuation; what is still too long is left out rather than halved."""
    spaced = world.crm.create_person(
        api, Person("Novák", email="a@example.com", phone="+44 (0) 7700 - 900 - 123")
    )
    endless = world.crm.create_person(api, Person("Diaz", email="d@example.com", phone="1" * 40))
    assert candidates[int(spaced)]["phone"] == "+4407700900123"
    assert candidates[int(endless)]["phone"] is None


def test_a_link_of_their_own_goes_to_its_field(
    world: World, api: Session, candidates: dict[int, Record]
) -> None:
    """There is room for one; LinkedIn's comes first."""
    links = ("https://ana.example", "https://www.linkedin.com/in/ana")
    person_id = world.crm.create_person(api, replace(ANA, links=links))
    assert candidates[int(person_id)]["companyURL"] == links[1]


def test_a_refused_value_names_its_field(world: World, api: Session) -> None:
    """And says what to do then."""
    with pytest.raises(Declined, match=r"email.*press Retry"):
        world.crm.create_person(api, replace(ANA, email="a" * 120 + "@example.com"))


def test_a_note_is_text_and_signed(world: World, api: Session, records: Records) -> None:
    """Applicants' words are no HTML; without an author it is the signed-in user's."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.crm.add_note(api, ana, CrmNote("k", "<b>1 & 2</b>\nthree"))
    (note,) = records.tables["Note"].values()
    assert note["comments"] == "&lt;b&gt;1 &amp; 2&lt;/b&gt;<br>three"
    assert (note["action"], note["commentingPerson"]) == ("Other", {"id": 5})
    assert [seen.text for seen in world.notes(ana)] == ["<b>1 & 2</b>\nthree"]
