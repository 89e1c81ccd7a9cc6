"""The older protocol against the same Odoo, which still answers it: calls as an Odoo 18 gets them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.crm._errors import AlreadyExists, Declined, SignInNeeded
from bot.crm._http import Session
from bot.crm._records import CrmNote, CvDocument, Person
from bot.crm.odoo import CRM
from bot.workspace import Credentials

from .server import OdooServer
from .test_story import Applicant


@pytest.fixture
def api(odoo: OdooServer) -> Iterator[Session]:
    """Signed in as to a version before JSON-2."""
    with Session(CRM, credentials(odoo, odoo.key), odoo.answers) as session:
        yield session


def credentials(odoo: OdooServer, key: str) -> Credentials:
    """What a sign-in to an older version keeps."""
    uid = odoo.call("res.users", "context_get")["uid"]
    extra = {"protocol": "json-rpc", "version": "18", "database": odoo.db, "uid": str(uid)}
    return Credentials(key, api_base=odoo.url, extra=extra)


def test_the_whole_way_by_json_rpc(api: Session, odoo: OdooServer) -> None:
    """Person, CV byte for byte, note, open and closed vacancy, and nothing twice."""
    zoe = Applicant()
    assert CRM.account(api)
    person_id = CRM.create_person(api, Person("O'Brien", "Zoë", email=zoe.email, skills=("AutoCAD",)))
    with pytest.raises(AlreadyExists):
        CRM.create_person(api, Person("O'Brien", email=zoe.email))
    assert [found.id for found in CRM.find_people(api, email=zoe.email.upper())] == [person_id]
    cv = CvDocument(zoe.tag, "zoë.pdf", "application/pdf", zoe.cv)
    CRM.attach_cv(api, person_id, cv)
    assert CRM.has_cv(api, person_id, cv)
    CRM.add_note(api, person_id, CrmNote(zoe.tag, "Green <b>by</b> Maya.\nSecond line"))
    assert CRM.has_note(api, person_id, CrmNote(zoe.tag, ""))
    with pytest.raises(Declined, match="closed"):
        CRM.link(api, person_id, str(odoo.closed_vacancy), "Indeed")
    assert CRM.link(api, person_id, str(odoo.open_vacancy), "Indeed") == person_id
    (record,) = odoo.applicants(zoe.email)
    assert record["job_id"][0] == odoo.open_vacancy
    assert odoo.files(record["id"]) == [("zoë.pdf", zoe.cv)]
    assert odoo.notes(record["id"]) == ["<p>Green &lt;b&gt;by&lt;/b&gt; Maya.<br>Second line</p>"]


def test_a_wrong_key_needs_a_person(odoo: OdooServer) -> None:
    """The fault that comes with status 200 is told apart from trouble."""
    with Session(CRM, credentials(odoo, "0" * 40), odoo.answers) as api, pytest.raises(SignInNeeded):
        CRM.find_people(api, email="ana@example.com")
