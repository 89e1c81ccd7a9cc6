"""The contract of every CRM in trouble: what comes of slow, broken, limiting and senseless answers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.crm._errors import CrmError, Declined, Nonsense, RateLimited, Unavailable
from bot.crm._http import Session
from bot.crm._records import Person
from bot.playground.democrm.faults import Kind

from .contract import over_records
from .world import HANGS, HASTY, Operation, World

ANA = Person("Novák", "Ana", email="ana@example.com", phone="+44 7700 900123", source="Indeed")

TROUBLE: list[tuple[Kind, dict[str, Any], type[CrmError]]] = [
    ("error", {"status": 500}, Unavailable),
    ("status", {"status": 502}, Unavailable),
    ("html", {"status": 503}, Unavailable),
    ("reset_before", {}, Unavailable),
    ("reset_after", {}, Unavailable),
    ("html", {}, Nonsense),
    ("status", {"status": 302}, Nonsense),
    ("nonsense", {}, Nonsense),
    ("nonsense", {"body": []}, Nonsense),
    ("nonsense", {"body": "surprise"}, Nonsense),
    ("error", {"status": 400}, Declined),
    ("error", {"status": 403}, Declined),
]


@over_records()
@pytest.mark.parametrize(("kind", "more", "error"), TROUBLE)
def test_trouble_is_sorted_by_what_to_do_about_it(
    world: World, api: Session, kind: Kind, more: dict[str, Any], error: type[CrmError]
) -> None:
    """Broken is tried again, senseless is told as such, a refusal is final; the words hold no addresses."""
    if "body" in more and more["body"] == world.nobody:
        more = {"body": [None]}
    world.order(kind, "find", **more)
    with pytest.raises(error) as trouble:
        world.crm.find_people(api, email="ana@example.com")
    told = str(trouble.value)
    assert world.crm.name in told
    assert "127.0.0.1" not in told
    assert api.credentials.access_token not in told
    assert world.crm.find_people(api, email="ana@example.com") == []


@over_records()
@pytest.mark.parametrize("status", [400, 422])
def test_what_is_not_accepted_can_be_corrected(world: World, api: Session, status: int) -> None:
    """Whichever of the two a CRM answers to a value it does not take, people read what to do then."""
    world.order("error", "find", status=status)
    with pytest.raises(Declined, match=r"did not accept it: .+\. Correct it there .* then press Retry\.$"):
        world.crm.find_people(api, email="ana@example.com")


@over_records()
@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("find", {"items": None}),
        ("find", {"items": [{}]}),
        ("find", {"items": [None]}),
        ("create", {}),
        ("create", []),
        ("whoami", {}),
        ("whoami", []),
    ],
)
def test_missing_fields_are_nonsense(world: World, api: Session, operation: Operation, body: Any) -> None:
    """An answer that lacks what it must have is never taken for a result."""
    world.order("nonsense", operation, body=body)
    deeds: dict[Operation, Callable[[], object]] = {
        "find": lambda: world.crm.find_people(api, email="ana@example.com"),
        "create": lambda: world.crm.create_person(api, ANA),
        "whoami": lambda: world.crm.account(api),
    }
    with pytest.raises(Nonsense):
        deeds[operation]()


@over_records()
def test_a_slow_crm_is_not_waited_for(world: World) -> None:
    """After the session's time-out the call ends."""
    with world.session(timeout=HASTY) as api:
        world.order("hang", "find", seconds=HANGS)
        with pytest.raises(Unavailable, match="in time"):
            world.crm.find_people(api, email="ana@example.com")


@over_records()
@pytest.mark.parametrize("seconds", [None, 7])
def test_a_limit_tells_how_long_to_wait(world: World, api: Session, seconds: int | None) -> None:
    """Where the CRM says how long, that is known; where not, it is what its documents say, if they do."""
    world.order("ratelimited", "find", retry_after=seconds)
    with pytest.raises(RateLimited) as limit:
        world.crm.find_people(api, email="ana@example.com")
    assert limit.value.seconds == (world.crm.pause if seconds is None else seconds)


@over_records()
def test_a_person_who_is_gone_is_missing(world: World, api: Session) -> None:
    """A record that somebody removed in the CRM is told apart from trouble."""
    with pytest.raises(Declined):
        world.crm.fill_person(api, "123456789", {"phone": "+44 7700 900123"})
