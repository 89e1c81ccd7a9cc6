"""The contract of every CRM that takes CVs, and of how large those may be."""

from __future__ import annotations

import pytest

from bot.crm._base import Capability
from bot.crm._errors import Declined
from bot.crm._http import Session
from bot.crm._records import CvDocument
from bot.crm._registry import every_crm

from .contract import over_capable
from .world import World

LIMITED = [key for key, crm in every_crm().items() if crm.largest_cv is not None]


@over_capable(Capability.CV)
def test_a_cv_that_the_crm_finds_too_large_is_told(world: World, api: Session) -> None:
    """Where no limit is documented, the CRM's own refusal comes through in words, and nothing is attached."""
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    world.order("error", "cv", status=413)
    with pytest.raises(Declined, match="too large"):
        world.crm.attach_cv(api, ana, _of(1000))
    assert world.cvs(ana) == []


@pytest.mark.parametrize("world", LIMITED, indirect=True)
def test_a_cv_up_to_the_limit_is_taken(world: World, api: Session) -> None:
    """The limit that is told is the one that holds: exactly so much goes, one byte more is refused."""
    largest = world.crm.largest_cv
    assert largest is not None
    ana = world.add_person(last_name="Novák", email="ana@example.com")
    assert (world.crm.takes_cv(largest), world.crm.takes_cv(largest + 1)) == (True, False)
    with pytest.raises(Declined):
        world.crm.attach_cv(api, ana, _of(largest + 1))
    assert world.cvs(ana) == []
    world.crm.attach_cv(api, ana, _of(largest))
    assert [len(content) for _, content in world.cvs(ana)] == [largest]


def _of(size: int) -> CvDocument:
    return CvDocument("application-1", "ana.pdf", "application/pdf", b"%PDF-1.7" + bytes(size - 8))
