"""The whole story against a running Odoo: people, applications, CVs, notes, vacancies, trouble."""

from __future__ import annotations

import base64
import os
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import uuid4

import pytest

from bot.errors import Invalid
from bot.models import Choice, Light
from bot.store import connections
from bot.usecases import configure, connect, forward, notes, triage
from bot.usecases.configure import Wish
from bot.workspace import Boxes
from tests.world import ADMIN, ANA, TEAM, World

from .server import OdooServer

UNDONE_NO_MORE = 11.0
SOON = 60.0


@dataclass
class Applicant:
    """Somebody new to Odoo, and the CV they send: bytes that no text survives."""

    tag: str = field(default_factory=lambda: uuid4().hex[:10])
    cv: bytes = field(default_factory=lambda: b"%PDF-1.7\n\x00\xff" + os.urandom(200_000) + b"\n%%EOF\n")

    @property
    def email(self) -> str:
        """Unlike anybody's."""
        return f"zoe.{self.tag}@example.com"

    def applies(self, job: int, number: int = 1, **changes: Any) -> dict[str, Any]:
        """What the intake API is sent."""
        candidate = {
            "first_name": "Zoë",
            "last_name": f"O'Brien-{self.tag}",
            "email": self.email,
            "phone": f"+44 7700 9{int(self.tag, 16) % 100_000:05d}",
            "headline": "Site Engineer at Bolt Ltd",
            "location": "Leeds",
            "skills": ["AutoCAD", "Surveying"],
        }
        cv = {
            "filename": f"zoë {number}.pdf",
            "content_type": "application/pdf",
            "content": base64.b64encode(self.cv).decode(),
        }
        return {
            "external_id": f"{self.tag}-{number}",
            "source": "Indeed",
            "vacancy": {"reference": f"REF-{number}", "title": "Developer", "crm_id": str(job)},
            "candidate": candidate,
            "answers": [{"question": "Right to work?", "answer": "<b>Yes</b> & no"}],
            "cv": cv,
        } | changes


@pytest.fixture
def zoe() -> Applicant:
    """A different person in each test: what Odoo has, it keeps."""
    return Applicant()


def tick(world: World, **boxes: Any) -> None:
    """An admin ticks these boxes for Odoo."""
    configure.save(world.house, TEAM, ADMIN, Wish(crm="ODOO", boxes=Boxes(**boxes)))


def decide(world: World, application_id: str, light: Light) -> None:
    """A recruiter decides, and what is due after the time to undo is delivered."""
    version = world.application(application_id).version
    triage.decide(world.house, TEAM, ANA, application_id, version, Choice(light=light))
    world.deliver(seconds=UNDONE_NO_MORE)


def handoff(world: World, application_id: str) -> dict[str, Any]:
    """How the handoff stands."""
    state: dict[str, Any] = world.state(application_id)["handoff"]
    return state


def test_a_green_applicant_is_in_odoo_whole(world: World, odoo: OdooServer, zoe: Applicant) -> None:
    """One applicant on the job, with contact, tags, source, the CV byte for byte, and the note as text."""
    tick(world, send_green=True)
    application = world.arrive(**zoe.applies(odoo.open_vacancy))
    assert odoo.applicants(zoe.email) == []
    decide(world, application, Light.GREEN)
    told = handoff(world, application)
    assert (told["state"], told["target"]) == ("sent", "crm_and_vacancy")
    (record,) = odoo.applicants(zoe.email)
    assert told["candidate_id"] == told["application_id"] == str(record["id"])
    assert told["candidate_url"] == f"{odoo.url}/odoo/hr.applicant/{record['id']}"
    assert record["partner_name"] == f"Zoë O'Brien-{zoe.tag}"
    assert record["job_id"][0] == odoo.open_vacancy
    assert record["source_id"][1] == "Indeed"
    assert record["stage_id"]
    assert len(record["categ_ids"]) == 2
    assert odoo.files(record["id"]) == [("zoë 1.pdf", zoe.cv)]
    (note,) = odoo.notes(record["id"])
    assert "Applied via Indeed" in note
    assert "&lt;b&gt;Yes&lt;/b&gt; &amp; no" in note
    (contact,) = odoo.call(
        "res.partner", "read", ids=[record["partner_id"][0]], fields=["email", "phone", "function", "city"]
    )
    assert contact["function"] == "Site Engineer at Bolt Ltd"
    assert contact["city"] == "Leeds"
    assert [entry for entry in odoo.log(record["id"]) if entry["message_type"] == "auto_comment"] == []


def test_the_teams_notes_are_in_the_log_of_the_application(
    world: World, odoo: OdooServer, zoe: Applicant
) -> None:
    """One written before, one after: both on the one record that is on the job."""
    tick(world, send_green=True)
    configure.save(world.house, TEAM, ADMIN, Wish(send_notes=True))
    application = world.arrive(**zoe.applies(odoo.open_vacancy))
    notes.add(world.house, TEAM, ANA, application, "Prefers <i>calls</i>.", once=f"{zoe.tag}-1")
    decide(world, application, Light.GREEN)
    notes.add(world.house, TEAM, ANA, application, "She called back.", once=f"{zoe.tag}-2")
    world.deliver()
    (record,) = odoo.applicants(zoe.email)
    _, first, second = odoo.notes(record["id"])
    assert "Note by Ana Lindqvist in Slack" in first
    assert "Prefers &lt;i&gt;calls&lt;/i&gt;." in first
    assert "She called back." in second


def test_a_second_application_is_a_second_applicant(world: World, odoo: OdooServer, zoe: Applicant) -> None:
    """The same contact, a CV and a note of its own; the first application is as it was."""
    tick(world, send_green=True)
    other = odoo.call("hr.job", "create", vals_list=[{"name": f"Estimator (REF-{zoe.tag})"}])[0]
    decide(world, world.arrive(**zoe.applies(odoo.open_vacancy)), Light.GREEN)
    first_cv, zoe.cv = zoe.cv, os.urandom(1000).join([b"%PDF-1.7\n", b"\n%%EOF\n"])
    by_reference = {"reference": f"REF-{zoe.tag}", "title": "Estimator"}
    again = zoe.applies(0, 2, source="LinkedIn", vacancy=by_reference)
    second = world.arrive(**again)
    decide(world, second, Light.GREEN)
    one, two = odoo.applicants(zoe.email)
    assert handoff(world, second)["application_id"] == str(two["id"])
    assert one["partner_id"] == two["partner_id"]
    assert (one["job_id"][0], two["job_id"][0]) == (odoo.open_vacancy, other)
    assert (one["source_id"][1], two["source_id"][1]) == ("Indeed", "LinkedIn")
    assert odoo.files(one["id"]) == [("zoë 1.pdf", first_cv)]
    assert odoo.files(two["id"]) == [("zoë 2.pdf", zoe.cv)]
    assert len(odoo.notes(one["id"])) == len(odoo.notes(two["id"])) == 1


def test_green_after_amber_makes_only_the_link(world: World, odoo: OdooServer, zoe: Applicant) -> None:
    """On file without a job first; then the very same record is on the job, with nothing twice."""
    tick(world, send_green=True, send_amber=True)
    application = world.arrive(**zoe.applies(odoo.open_vacancy))
    decide(world, application, Light.AMBER)
    (filed,) = odoo.applicants(zoe.email)
    assert handoff(world, application)["target"] == "crm"
    assert filed["job_id"] is False
    decide(world, application, Light.GREEN)
    (linked,) = odoo.applicants(zoe.email)
    assert linked["id"] == filed["id"]
    assert linked["job_id"][0] == odoo.open_vacancy
    assert len(odoo.files(linked["id"])) == len(odoo.notes(linked["id"])) == 1
    assert handoff(world, application)["state"] == "sent"


def test_what_a_colleague_wrote_stays(world: World, odoo: OdooServer, zoe: Applicant) -> None:
    """A contact who is there already keeps name and phone; only what is empty is filled."""
    tick(world, send_green=True)
    values = {"name": "Dr. Zoë O'Brien", "email": zoe.email, "phone": "+44 20 7946 0000"}
    contact = odoo.call("res.partner", "create", vals_list=[values])[0]
    decide(world, world.arrive(**zoe.applies(odoo.open_vacancy)), Light.GREEN)
    (record,) = odoo.applicants(zoe.email)
    assert record["partner_id"][0] == contact
    (kept,) = odoo.call("res.partner", "read", ids=[contact], fields=["name", "email", "phone", "function"])
    assert {name: kept[name] for name in values} == values
    assert kept["function"] == "Site Engineer at Bolt Ltd"


def test_the_recruiter_who_is_there_stays(world: World, odoo: OdooServer, zoe: Applicant) -> None:
    """Odoo itself would put the job's recruiter in their place when the job comes."""
    tick(world, send_green=True, send_amber=True)
    uid = odoo.call("res.users", "context_get")["uid"]
    application = world.arrive(**zoe.applies(odoo.open_vacancy))
    decide(world, application, Light.AMBER)
    (filed,) = odoo.applicants(zoe.email)
    odoo.call("hr.applicant", "write", ids=[filed["id"]], vals={"user_id": uid})
    decide(world, application, Light.GREEN)
    (linked,) = odoo.applicants(zoe.email)
    (job,) = odoo.call("hr.job", "read", ids=[odoo.open_vacancy], fields=["user_id"])
    assert linked["user_id"][0] == uid
    assert linked["user_id"] != job["user_id"]


def test_a_closed_vacancy_takes_nobody_until_retry(world: World, odoo: OdooServer, zoe: Applicant) -> None:
    """The card says why; once a colleague has reopened it, Retry makes the link, and nothing twice."""
    tick(world, send_green=True)
    closed = odoo.call("hr.job", "create", vals_list=[{"name": f"Roofer {zoe.tag}", "active": False}])[0]
    for vacancy in (odoo.closed_vacancy, closed):
        application = world.arrive(**zoe.applies(vacancy, vacancy))
        decide(world, application, Light.GREEN)
        told = handoff(world, application)
        assert told["state"] == "failed"
        assert "closed in Odoo" in told["reason"]
    assert [record["job_id"] for record in odoo.applicants(zoe.email)] == [False]
    odoo.call("hr.job", "write", ids=[closed], vals={"active": True})
    forward.retry(world.house, TEAM, ANA, application)
    world.deliver()
    assert handoff(world, application)["state"] == "sent"
    (record,) = odoo.applicants(zoe.email)
    assert record["job_id"][0] == closed
    assert len(odoo.notes(record["id"])) == 2


def test_a_vacancy_odoo_lacks_is_told(world: World, odoo: OdooServer, zoe: Applicant) -> None:
    """The person arrives, the reason names the reference, and Retry finds what was added meanwhile."""
    tick(world, send_green=True)
    reference = f"NEW-{zoe.tag}"
    vacancy = {"reference": reference, "title": "Mason"}
    application = world.arrive(**zoe.applies(0, vacancy=vacancy))
    decide(world, application, Light.GREEN)
    assert handoff(world, application)["state"] == "failed"
    assert reference in handoff(world, application)["reason"]
    odoo.call("hr.job", "create", vals_list=[{"name": f"Mason ({reference})"}])
    forward.retry(world.house, TEAM, ANA, application)
    world.deliver()
    assert handoff(world, application)["state"] == "sent"
    assert len(odoo.applicants(zoe.email)) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"key": "0" * 40}, "key"),
        ({"database": "nobody-s"}, "database"),
        ({"url": "http://127.0.0.1:9"}, "url"),
    ],
)
def test_what_is_wrong_is_told_beside_it(
    unconnected: World, odoo: OdooServer, wrong: dict[str, str], field: str
) -> None:
    """A wrong key, database or address connects nothing."""
    with pytest.raises(Invalid) as refusal:
        connect.sign_in_with_keys(unconnected.house, TEAM, ADMIN, "ODOO", odoo.answers | wrong)
    assert [fault.field for fault in refusal.value.faults] == [field]
    assert configure.overview(unconnected.house, TEAM, "ODOO").sign_in is None


def test_a_key_that_ends_keeps_the_decision(world: World, odoo: OdooServer, zoe: Applicant) -> None:
    """Handoffs wait while Odoo refuses the key, admins are told, and all goes out with a good one."""
    tick(world, send_green=True)
    application = world.arrive(**zoe.applies(odoo.open_vacancy))
    spoil_key(world)
    decide(world, application, Light.GREEN)
    assert handoff(world, application)["state"] == "waiting"
    assert odoo.applicants(zoe.email) == []
    assert any("Odoo" in text for text in world.direct(ADMIN))
    connect.sign_in_with_keys(world.house, TEAM, ADMIN, "ODOO", odoo.answers)
    world.deliver(seconds=SOON)
    assert handoff(world, application)["state"] == "sent"
    assert len(odoo.applicants(zoe.email)) == 1


def spoil_key(world: World) -> None:
    """As if the key that was entered had been deleted in Odoo."""
    house = world.house
    with house.database.transaction() as connection:
        stored = connections.find(connection, house.vault, TEAM, "ODOO", lock=True)
        assert stored is not None
        spoilt = replace(stored.credentials, access_token="0" * 40)
        connections.save_credentials(connection, house.vault, stored, spoilt)
