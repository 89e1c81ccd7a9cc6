"""What is counted while the real bot works."""

from __future__ import annotations

import pytest
import requests
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import update

from bot.app import Handoff
from bot.blocks import ids
from bot.outbox import Outbox
from bot.store.outbox_tables import outbox
from bot.usecases.readings import read
from bot.web.metrics import Metrics
from tests.story.acts import connect, undo_window
from tests.support import serving
from tests.world import BEN, World

Sample = tuple[str, frozenset[tuple[str, str]]]


class Counting:
    """The world's work done by a bot that counts."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.bot = Handoff(world.house, "worker")
        world.outbox = self.bot._outbox

    def samples(self) -> dict[Sample, float]:
        """What Prometheus would read now."""
        counted = self.bot.house.watch
        assert isinstance(counted, Metrics)
        text = counted.exposition(read(self.world.house)).decode()
        return {
            (sample.name, frozenset(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def value(self, name: str, **labels: str) -> float:
        """One number; 0 where it was never counted."""
        return self.samples().get((name, frozenset(labels.items())), 0)


@pytest.fixture
def counting(world: World) -> Counting:
    """Connected, Green sends, without a window."""
    counting = Counting(world)
    connect(world)
    world.tick(send_green=True)
    undo_window(world, 0)
    return counting


def test_deliveries_and_handoffs_by_crm(counting: Counting) -> None:
    """A card posted, a handoff that failed once and then arrived: each try with its outcome."""
    world = counting.world
    id_ = world.arrive(cv=None)
    assert counting.value("handoff_deliveries_total", kind="card", crm="", outcome="done") >= 1
    world.crm.faults.add(kind="status", status=503)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert counting.value("handoff_handoffs_open", state="waiting") == 1
    world.deliver(seconds=10)
    for name, labels in (
        ("handoff_deliveries_total", {"kind": "handoff", "crm": "DEMO", "outcome": "again"}),
        ("handoff_deliveries_total", {"kind": "handoff", "crm": "DEMO", "outcome": "done"}),
        ("handoff_handoffs_total", {"crm": "DEMO", "outcome": "again"}),
        ("handoff_handoffs_total", {"crm": "DEMO", "outcome": "sent"}),
        ("handoff_delivery_seconds_count", {"kind": "handoff"}),
    ):
        assert counting.value(name, **labels) == (2 if "seconds" in name else 1), name
    assert counting.value("handoff_handoffs_open", state="waiting") == 0


def test_failed_handoffs_are_counted(counting: Counting) -> None:
    """A vacancy that the CRM does not have."""
    world = counting.world
    id_ = world.arrive(vacancy={"reference": "NONE-1", "title": "None"})
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert counting.value("handoff_handoffs_total", crm="DEMO", outcome="failed") == 1
    assert counting.value("handoff_handoffs_open", state="failed") == 1


def test_pauses_breaks_refreshes_and_broken_sign_ins(counting: Counting) -> None:
    """What CRM and Slack ask for and refuse, by what was being sent."""
    world = counting.world
    id_ = world.arrive(cv=None)
    world.crm.faults.add(kind="ratelimited", retry_after=5)
    world.slack.faults.add("chat.update", "ratelimited", retry_after=3)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert counting.value("handoff_rate_limit_waits_total", remote="crm", crm="DEMO") == 1
    assert counting.value("handoff_rate_limit_waits_total", remote="update", crm="") == 1

    world.crm.faults.add(kind="status", status=503, times=5)
    for _ in range(5):
        world.deliver(seconds=12)
    assert counting.value("handoff_breaks", remote="crm") == 1

    world.crm.faults.clear()
    world.crm.expire_access_tokens()
    world.deliver(minutes=2)
    assert world.state(id_)["handoff"]["state"] == "sent"
    assert counting.value("handoff_breaks", remote="crm") == 0
    assert counting.value("handoff_token_refreshes_total", crm="DEMO", outcome="renewed") == 1

    world.crm.revoke_all()
    world.click(BEN, world.arrive(cv=None), ids.DECIDE_GREEN)
    world.deliver()
    assert counting.value("handoff_token_refreshes_total", crm="DEMO", outcome="refused") == 1
    assert counting.value("handoff_handoffs_total", crm="DEMO", outcome="parked") == 1
    assert counting.value("handoff_broken_sign_ins") == 1


def test_age_counts_from_when_it_should_have_left(counting: Counting) -> None:
    """What waits for its time is not late; what was due is, for as long as it waits."""
    world = counting.world
    undo_window(world, 60)
    id_ = world.arrive(cv=None)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=59)
    assert counting.value("handoff_outbox_oldest_seconds", kind="handoff") == 0
    world.clock.advance(seconds=31)
    assert counting.value("handoff_outbox_oldest_seconds", kind="handoff") == 90
    world.deliver()
    assert counting.value("handoff_outbox_oldest_seconds", kind="handoff") == 0


def test_given_up_and_unknown_jobs_stay_in_sight(counting: Counting) -> None:
    """A delivery that Slack refuses for good, and a row that a newer version wrote."""
    world = counting.world
    world.slack.faults.add("chat.postMessage", "error", code="msg_too_long")
    world.post(cv=None)
    world.deliver(seconds=1)
    assert counting.value("handoff_deliveries_total", kind="card", crm="", outcome="given_up") == 1
    assert counting.value("handoff_outbox_jobs", kind="card", state="dead") == 1
    with world.house.database.transaction() as connection:
        connection.execute(update(outbox).values(kind="mail"))
    assert counting.value("handoff_outbox_unknown_jobs") == 1


def test_a_worker_has_the_health_routes_and_its_own_numbers(world: World) -> None:
    """/healthz, /readyz and /metrics, and nothing of what the web role answers."""
    bot = Handoff(world.house, "worker")
    with serving(bot.web) as address:
        assert [requests.get(address + path, timeout=30).status_code for path in ("/healthz", "/readyz")] == [
            200,
            200,
        ]
        assert "handoff_outbox_unknown_jobs 0.0" in requests.get(address + "/metrics", timeout=30).text
        assert requests.post(address + "/slack/events", timeout=30).status_code == 404


def test_nobody_has_to_listen(world: World) -> None:
    """Without a counter everything goes its way."""
    house = world.house
    assert Outbox(house.database, [], house.clock).drain() == 0
