"""What is Odoo's own: one applicant an application, contacts never renamed, notes, options, vacancies."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.crm._errors import AlreadyExists
from bot.crm._http import Session
from bot.crm._records import CrmNote, CvDocument, Person
from tests.doubles.odoo.records import ADMIN, BEN, Record, Records

from .worlds.odoo import World

pytestmark = pytest.mark.parametrize("world", ["ODOO"], indirect=True)
ANA = Person(
    "Novák", "Ana", email="ana@example.com", phone="+44 7700 900123", skills=("SQL",), source="Indeed"
)
FIRST = CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7 first")
SECOND = CvDocument("application-2", "ana.pdf", "application/pdf", b"%PDF-1.7 second")
OTHER_JOB = "94"


@pytest.fixture
def records(world: World) -> Records:
    """The double's tables."""
    return world.double.records


def applicants(world: World) -> dict[int, Record]:
    """The table of applicants."""
    return world.double.records.tables["hr.applicant"]


def files(world: World, applicant: str) -> list[str]:
    """The names of the keys under which files are attached to that very applicant."""
    table = world.double.records.tables["ir.attachment"].values()
    return [
        one["description"]
        for one in table
        if (one["res_model"], one["res_id"]) == ("hr.applicant", int(applicant))
    ]


# --- one applicant an application -------------------------------------------------------------------------


def test_green_after_amber_makes_only_the_link(world: World, api: Session) -> None:
    """Somebody on file becomes the applicant for the job: one record, with the CV and the note it had."""
    ana = world.crm.create_person(api, ANA)
    world.crm.attach_cv(api, ana, FIRST)
    world.crm.add_note(api, ana, CrmNote("application-1", "Kept on file."))
    assert world.links(ana) == []
    assert world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed") == ana
    assert list(applicants(world)) == [int(ana)]
    assert world.cvs(ana) == [(FIRST.filename, FIRST.content)]
    assert len(world.notes(ana)) == 1


def test_a_second_application_is_an_applicant_of_its_own(world: World, api: Session) -> None:
    """It has its own CV and note, the same contact, and leaves the first as it was."""
    first = world.crm.create_person(api, ANA)
    world.crm.attach_cv(api, first, FIRST)
    world.crm.link(api, first, world.open_vacancy.crm_id, "Indeed")
    before = dict(applicants(world)[int(first)])
    (found,) = world.crm.find_people(api, email="ana@example.com")
    world.crm.attach_cv(api, found.id, SECOND)
    world.crm.add_note(api, found.id, CrmNote("application-2", "Applied again."))
    second = world.crm.link(api, found.id, OTHER_JOB, "LinkedIn")
    assert applicants(world)[int(first)] == before
    assert second != first
    assert applicants(world)[int(second)]["partner_id"] == before["partner_id"]
    assert files(world, first) == ["Handoff application-1"]
    assert files(world, second) == ["Handoff application-2"]
    assert world.links(first) == [("91", "Indeed"), ("94", "LinkedIn")]
    assert len(world.crm.find_people(api, email="ana@example.com")) == 1


def test_nobody_left_on_file_does_not_cost_the_cv(world: World, api: Session) -> None:
    """Where two applications were filed as one, the second to be linked gets a copy of the CV."""
    ana = world.crm.create_person(api, ANA)
    world.crm.attach_cv(api, ana, FIRST)
    world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    other = world.crm.link(api, ana, OTHER_JOB, "Indeed")
    assert files(world, other) == files(world, ana)


@pytest.mark.parametrize("kept", [{"active": False}, {"talent_pool_ids": [1]}])
def test_who_is_kept_elsewhere_stays_there(world: World, api: Session, kept: Record) -> None:
    """An archived record and a talent in a pool are known again, but not turned into the application."""
    ana = world.crm.create_person(api, ANA)
    applicants(world)[int(ana)].update(kept)
    (found,) = world.crm.find_people(api, email="ana@example.com")
    assert found.id == ana
    link = world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    assert link != ana
    assert applicants(world)[int(ana)]["job_id"] is False


def test_a_refused_application_is_over(world: World, api: Session) -> None:
    """Somebody who was refused may apply for the same job again."""
    ana = world.crm.create_person(api, ANA)
    first = world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    with pytest.raises(AlreadyExists):
        world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    applicants(world)[int(first)]["active"] = False
    assert world.crm.find_link(api, ana, world.open_vacancy.crm_id) is None
    assert world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed") != first


def test_one_person_by_phone_is_one_however_often_they_applied(world: World, api: Session) -> None:
    """Applications joined by their contact are not a family who share a number."""
    ana = world.crm.create_person(api, Person("Novák", phone="+44 7700 900123"))
    world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    world.crm.add_note(api, ana, CrmNote("application-2", "Again."))
    assert len(applicants(world)) == 2
    assert len(world.crm.find_people(api, phone="+44 7700 900123")) == 1


# --- what is there stays ----------------------------------------------------------------------------------


def test_a_known_contact_keeps_name_and_number(world: World, api: Session, records: Records) -> None:
    """Odoo would rename a contact after an applicant of that e-mail; somebody else's spelling stays."""
    contact = records.create(
        "res.partner", {"name": "Dr. Ana Novák", "email": "Ana@Example.com", "phone": "1234"}
    )
    ana = world.crm.create_person(api, replace(ANA, headline="Engineer"))
    kept = records.one("res.partner", contact)
    assert (kept["name"], kept["email"], kept["phone"]) == ("Dr. Ana Novák", "Ana@Example.com", "1234")
    assert kept["function"] == "Engineer"
    assert applicants(world)[int(ana)]["partner_id"] == contact


def test_filling_does_not_make_a_contact_the_same(world: World, api: Session, records: Records) -> None:
    """Where applicant and contact are called differently, the missing number goes to the contact alone."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    contact = records.one("res.partner", applicants(world)[int(ana)]["partner_id"])
    contact["name"] = "Dr. Ana Novák"
    world.crm.fill_person(api, ana, {"phone": "+44 7700 900123", "first_name": "Ana"})
    assert (contact["name"], contact["phone"]) == ("Dr. Ana Novák", "+44 7700 900123")
    assert applicants(world)[int(ana)]["partner_name"] == "Ana Novák"
    assert [one.id for one in world.crm.find_people(api, phone="+44 7700 900123")] == [ana]


def test_an_applicant_without_a_contact_gets_one(world: World, api: Session, records: Records) -> None:
    """A person typed in with nothing but a number has room for the rest afterwards."""
    number = records.create("hr.applicant", {"partner_name": "Novák", "partner_phone": "07700 900123"})
    (found,) = world.crm.find_people(api, phone="+44 7700 900123")
    world.crm.fill_person(api, found.id, {"email": "ana@example.com", "location": "Leeds"})
    contact = records.one("res.partner", applicants(world)[number]["partner_id"])
    assert (contact["name"], contact["email"], contact["city"]) == ("Novák", "ana@example.com", "Leeds")


def test_the_owner_stays_when_the_job_comes(world: World, api: Session) -> None:
    """Odoo would put the job's recruiter in the place of whoever decided; nobody is replaced by them."""
    ana = world.crm.create_person(api, replace(ANA, owner_id=str(BEN)))
    world.crm.link(api, ana, world.open_vacancy.crm_id, "Indeed")
    eva = world.crm.create_person(api, Person("Lind", email="eva@example.com"))
    world.crm.link(api, eva, world.open_vacancy.crm_id, "Indeed")
    assert [one["user_id"] for one in applicants(world).values()] == [BEN, ADMIN]


def test_the_first_source_stays(world: World, api: Session) -> None:
    """Where somebody was found first is not overwritten by where they applied later."""
    ana = world.crm.create_person(api, ANA)
    world.crm.link(api, ana, world.open_vacancy.crm_id, "LinkedIn")
    assert world.links(ana) == [("91", "Indeed")]


def test_tags_and_sources_are_not_doubled(world: World, api: Session, records: Records) -> None:
    """Letter case makes no second tag, and a wildcard in a name means nothing."""
    known = records.create("hr.applicant.category", {"name": "sql"})
    records.create("utm.source", {"name": "JobXBoard"})
    ana = world.crm.create_person(api, replace(ANA, source="Job_Board"))
    assert applicants(world)[int(ana)]["categ_ids"] == [known]
    assert world.people()[0]["source"] == "Job_Board"


# --- options ----------------------------------------------------------------------------------------------


def with_options(world: World, api: Session, **options: str) -> Session:
    """The same sign-in with these choices."""
    return Session(world.crm, api.credentials, api.answers, app=world.app, options=options)


def test_the_workspace_chooses_stage_and_tag(world: World, api: Session, records: Records) -> None:
    """A link gets the stage chosen, a new person the tag; both come from Odoo's own lists."""
    tag = records.create("hr.applicant.category", {"name": "From Slack"})
    assert ("2", "Qualification") in list(world.crm.option_choices(api, "stage"))
    assert list(world.crm.option_choices(api, "tag")) == [(str(tag), "From Slack")]
    with with_options(world, api, stage="2", tag=str(tag)) as chosen:
        ana = world.crm.create_person(chosen, replace(ANA, skills=()))
        world.crm.link(chosen, ana, world.open_vacancy.crm_id, "Indeed")
    assert applicants(world)[int(ana)]["stage_id"] == 2
    assert applicants(world)[int(ana)]["categ_ids"] == [tag]


@pytest.mark.parametrize(("mail", "mailed"), [("", 0), ("yes", 1)])
def test_odoo_mails_nobody_unless_told_to(world: World, api: Session, mail: str, mailed: int) -> None:
    """The acknowledgement that a stage sends by itself goes out only where the workspace ticked it."""
    with with_options(world, api, mail=mail) as chosen:
        ana = world.crm.create_person(chosen, ANA)
        world.crm.link(chosen, ana, world.open_vacancy.crm_id, "Indeed")
    assert len(world.double.records.mailed) == mailed


# --- notes and vacancies ----------------------------------------------------------------------------------


def test_what_a_person_wrote_stays_text(world: World, api: Session, records: Records) -> None:
    """Notes travel as HTML in which nothing of the applicant's is markup."""
    ana = world.crm.create_person(api, ANA)
    world.crm.add_note(api, ana, CrmNote("application-1", "<b>Me</b> & you\n<script>"))
    (message,) = records.tables["mail.message"].values()
    assert message["body"] == "<p>&lt;b&gt;Me&lt;/b&gt; &amp; you<br>&lt;script&gt;</p>"


def test_several_jobs_with_the_reference_are_none(world: World, api: Session, records: Records) -> None:
    """Rather none than the wrong one, unless only one of them is open."""
    jobs = records.tables["hr.job"]
    jobs[95] = jobs[91] | {"name": "Site Engineer, nights (JOB-42)"}
    assert world.crm.find_vacancy(api, crm_id=None, reference="JOB-42") is None
    jobs[91]["active"] = False
    found = world.crm.find_vacancy(api, crm_id=None, reference="JOB-42")
    assert found is not None
    assert found.id == "95"


@pytest.mark.parametrize(
    "email", ["gone@brightdesk.example", "client@acme.example", "may_@brightdesk.example"]
)
def test_only_colleagues_own_people(world: World, api: Session, email: str) -> None:
    """Former users, customers of the portal and wildcards are not taken for owners."""
    assert world.crm.find_user(api, email) is None
