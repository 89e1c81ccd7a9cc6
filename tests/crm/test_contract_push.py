"""The contract of every CRM that only takes: parcels arrive whole, once, and trouble is told apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.crm._errors import CrmError, Declined, SignInNeeded, Unavailable
from bot.crm._http import Session
from bot.crm._push import Parcel
from bot.crm._records import CvDocument
from bot.models import Answer, Application, Candidate, CvFile, Light, Target, Vacancy
from bot.workspace import Member
from tests.support import START, TEAM

from .contract import over_push
from .push_world import PushWorld, Trouble
from .world import HASTY, PATIENT

CV = CvDocument("01KA", "ana novák.pdf", "application/pdf", b"%PDF-1.7 \x00\xff\r\n.\r\n\n. ana")
ANA = Application(
    id="01KA",
    team_id=TEAM,
    source="Indeed",
    external_id="indeed-1",
    received_at=START,
    applied_at=None,
    candidate=Candidate(
        "Novák",
        "Ana",
        "ana@example.com",
        "+44 7700 900123",
        "Leeds",
        "Site Engineer at Bolt Ltd",
        ("SQL", "Setting out"),
        ("https://www.linkedin.com/in/ana",),
    ),
    vacancy=Vacancy("JOB-42", "Site Engineer", "Acme", "Leeds", "991"),
    cover_letter="I build bridges.",
    answers=(Answer("Can you drive?", "Yes"),),
    cv=CvFile(CV.filename, CV.content_type, len(CV.content)),
    light=Light.AMBER,
    status="keep_on_file",
    decided_by="UBEN",
    decided_at=START,
)
PARCEL = Parcel(
    key="01KA.crm",
    target=Target.CRM,
    application=ANA,
    status_name="Keep on file",
    note="Decided in Slack by Ben. Can you drive? Yes. I build bridges. Status: Keep on file.",
    decider=Member("UBEN", "Ben Ode", "ben@brightdesk.example"),
    cv=CV,
)
RAISED = replace(PARCEL, key="01KA.crm_and_vacancy", target=Target.CRM_AND_VACANCY, follows=PARCEL.key)


@over_push()
def test_a_parcel_arrives_whole(world: PushWorld, api: Session) -> None:
    """What is known of the application is in it, the CV byte for byte and under its name."""
    pushed = world.push_crm.push(api, PARCEL)
    (taken,) = world.taken()
    assert pushed.id
    assert taken.cv == (CV.filename, CV.content)
    told = "Ana|Novák|ana@example.com|+44 7700 900123|Leeds|Bolt Ltd|Setting out|linkedin.com/in/ana|JOB-42"
    told += "|Site Engineer|I build bridges.|Can you drive?|Ben|Indeed|Keep on file"
    assert [words for words in told.split("|") if words not in taken.text] == []


@over_push()
def test_without_a_cv_nothing_pretends_to_be_one(world: PushWorld, api: Session) -> None:
    """An application without a CV is taken all the same."""
    world.push_crm.push(api, replace(PARCEL, cv=None, application=replace(ANA, cv=None)))
    assert [taken.cv for taken in world.taken()] == [None]


@over_push()
def test_a_repeat_is_known_by_its_id(world: PushWorld, api: Session) -> None:
    """The same delivery twice bears the same id, and is answered with the same id of theirs."""
    assert world.push_crm.push(api, PARCEL).id == world.push_crm.push(api, PARCEL).id
    assert [taken.key for taken in world.taken()] == [PARCEL.key] * 2


@over_push()
def test_raising_says_what_it_follows(world: PushWorld, api: Session) -> None:
    """The vacancy wanted later is a delivery of its own, which names the one before."""
    world.push_crm.push(api, PARCEL)
    world.push_crm.push(api, RAISED)
    assert [(taken.key, taken.follows) for taken in world.taken()] == [
        (PARCEL.key, None),
        (RAISED.key, PARCEL.key),
    ]


@over_push()
def test_signing_in_hands_nothing_over(world: PushWorld, api: Session) -> None:
    """Who is connected is found out without an applicant."""
    assert world.crm.account(api)
    assert world.taken() == []


@over_push()
@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("busy", Unavailable),
        ("refused", Declined),
        ("reset_before", Unavailable),
        ("reset_after", Unavailable),
        ("hang", Unavailable),
    ],
)
def test_trouble_is_told_apart(world: PushWorld, api: Session, kind: Trouble, error: type[CrmError]) -> None:
    """What passes is tried again, a refusal is final; the words name the CRM and no address or secret."""
    world.trouble(kind)
    timeout = HASTY if kind == "hang" else PATIENT
    with world.session(timeout=timeout) as session, pytest.raises(error) as trouble:
        world.push_crm.push(session, PARCEL)
    assert world.crm.name in str(trouble.value)
    assert "127.0.0.1" not in str(trouble.value)
    assert [secret for secret in ("a-secret-of", "mail-password") if secret in str(trouble.value)] == []
    world.push_crm.push(api, PARCEL)
    assert {taken.key for taken in world.taken()} == {PARCEL.key}


@over_push()
def test_what_nobody_can_repeat_away_needs_a_person(world: PushWorld, api: Session) -> None:
    """An address or a login that is over asks for an admin; nothing was taken."""
    world.trouble("ended")
    with pytest.raises(SignInNeeded):
        world.push_crm.push(api, PARCEL)
    assert world.taken() == []


@over_push()
def test_hostile_words_stay_words(world: PushWorld, api: Session) -> None:
    """Line breaks, control characters and markup in any field neither add a header nor lose the applicant."""
    odd = 'Eve\r\nBcc: all@example.com\x00\x1b\u2028 <b>"&{source}{name} \U0001f600'
    candidate = Candidate(odd, odd, "eve@example.com", None, odd, odd, (odd,), (odd,))
    hostile = replace(
        ANA,
        candidate=candidate,
        source=odd,
        vacancy=Vacancy(odd, odd, odd, odd),
        cover_letter=odd * 300,
        answers=(Answer(odd, odd),),
    )
    world.push_crm.push(api, replace(PARCEL, application=hostile, note=odd * 300, status_name=odd))
    (taken,) = world.taken()
    assert "Eve" in taken.text
    assert "\U0001f600" in taken.text
