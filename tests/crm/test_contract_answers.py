"""The contract of every CRM whose answers make no sense, at whatever call they come."""

from __future__ import annotations

from typing import Any

import pytest

from bot.crm._errors import CrmError, Nonsense, RateLimited, SignInNeeded, Unavailable
from bot.crm._http import Session
from bot.playground.democrm.faults import Kind

from .contract import over_records
from .deeds import ANA, done, readings, writings
from .world import HANGS, World

BODIES: list[Any] = [
    {},
    [],
    [None],
    [{}],
    "surprise",
    7,
    {"data": None},
    {"data": [{}]},
    {"data": {}},
    {"items": [None], "results": [None], "records": [None], "users": [None], "candidates": [None]},
    {"items": [{}], "results": [{}], "records": [{}], "users": [{}], "candidates": [{}], "contacts": [{}]},
    {"success": True, "data": {"items": [{"item": {}}]}, "result": {"items": [{}]}},
]


@over_records()
@pytest.mark.parametrize("body", BODIES, ids=str)
def test_no_answer_breaks_out_of_the_errors_that_are_known(world: World, api: Session, body: Any) -> None:
    """Whatever JSON comes in place of an answer: a result, or a reason that the card can tell."""
    ana = world.add_person(last_name="Novák", email="ana@example.com", phone="+44 7700 900123")
    deeds = [*readings(world, api, ana), *writings(world, api, ana).values()]
    deeds.append(lambda: world.crm.fill_person(api, ana, {"first_name": "Ana", "phone": ANA.phone}))
    world.faults.add(kind="nonsense", path="/**", times=None, body=body)
    told = []
    for deed in deeds:
        api.memory.clear()
        try:
            deed()
        except CrmError as error:
            told.append(str(error))
    assert [words for words in told if world.crm.name not in words] == []


@over_records()
@pytest.mark.parametrize(
    ("kind", "more", "error"),
    [
        ("html", {}, Nonsense),
        ("html", {"status": 502}, Unavailable),
        ("error", {"status": 500}, Unavailable),
        ("status", {"status": 302}, Nonsense),
        ("reset_before", {}, Unavailable),
        ("ratelimited", {}, RateLimited),
        ("ratelimited", {"retry_after": 7}, RateLimited),
    ],
)
def test_what_did_not_happen_is_never_taken_for_done(
    world: World, api: Session, kind: Kind, more: dict[str, Any], error: type[CrmError]
) -> None:
    """A page, a refusal or a lost line instead of the answer to a change: told, and done by a repeat."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    for operation, deed in writings(world, api, ana).items():
        world.order(kind, operation, **more)
        with pytest.raises(error):
            deed()
        assert done(world, ana)[operation] == 0
        deed()
        assert done(world, ana)[operation] == 1


@over_records()
def test_a_sign_in_that_ends_in_the_middle_is_renewed_or_asked_for(world: World) -> None:
    """A 401 at any change: renewed where that can be, and done once; else a person is asked."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    with world.session() as api:
        for operation, deed in writings(world, api, ana).items():
            renewals = world.renewals
            if world.can_renew:
                world.order("error", operation, status=min(world.crm.expired_statuses))
                deed()
                assert world.renewals == renewals + 1
            else:
                world.order("error", operation, status=401, times=None)
                with pytest.raises(SignInNeeded, match=world.crm.name):
                    deed()
            assert done(world, ana)[operation] == int(world.can_renew)


@over_records()
def test_a_key_or_sign_in_that_is_over_asks_for_a_person(world: World, api: Session) -> None:
    """Ended from the CRM's side, by whatever means it has, every kind of call asks for a new sign-in."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.crm.account(api)
    world.revoke_all()
    for deed in (*writings(world, api, ana).values(), *readings(world, api, ana)):
        api.memory.clear()
        with pytest.raises(SignInNeeded, match=world.crm.name):
            deed()


@over_records()
@pytest.mark.parametrize(
    ("kind", "error"), [("html", Nonsense), ("error", Unavailable), ("hang", Unavailable)]
)
def test_a_fill_that_was_not_answered_is_told_and_can_be_repeated(
    world: World, api: Session, kind: Kind, error: type[CrmError]
) -> None:
    """The call that writes is met by trouble: it is no success, and the repeat fills what is still empty."""
    eva = world.add_person(first_name="Eva", last_name="Diaz", email="eva@example.com")
    world.crm.fill_person(api, eva, {"phone": ANA.phone})
    writing = world.calls[-1]
    ana = world.add_person(first_name="Ana", last_name="Novák", email="ana@example.com")
    world.faults.add(kind=kind, method=writing.method, path=writing.path.replace(eva, ana), seconds=HANGS)
    with world.session(timeout=(10.0, 0.8)) as hasty, pytest.raises(error):
        world.crm.fill_person(hasty, ana, {"phone": ANA.phone})
    world.crm.fill_person(api, ana, {"phone": ANA.phone})
    assert [one["phone"] for one in world.people() if one["id"] == ana] == [ANA.phone]
