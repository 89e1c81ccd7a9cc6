"""A burst of applicants: so many cards, one summary, nobody lost; and every card without a limit."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest

from bot.blocks import ids
from bot.models import Choice, Light, Vacancy
from bot.outbox import TryLater
from bot.store import applications, bursts, job_counts, undecided
from bot.store import settings as settings_store
from bot.usecases import configure, housekeeping, queue, sweep, triage
from bot.usecases.configure import Wish
from tests.story.acts import SOON, connect, together
from tests.story.queue_desk import burst, drain, limit, summaries, summary_messages
from tests.story.test_sweep import _lose_all
from tests.world import ADMIN, ANA, BEN, CHANNEL, TEAM, World


def test_a_thousand_at_once_are_ten_cards_and_a_summary(world: World) -> None:
    """Nobody is lost: all are in the queue, and the channel has eleven messages after eleven seconds."""
    limit(world, 10)
    arrived = burst(world, 1000)
    drain(world, 11)
    assert [_application_of(card) for card in world.cards()] == arrived[:10]
    (told,) = summaries(world)
    assert "990 more applicants wait in the queue" in told
    drain(world, 30)
    assert len(world.slack.as_user(ANA).sees(CHANNEL)) == 11
    with world.house.database.reading() as connection:
        assert applications.undecided(connection, TEAM) == 1000
    assert sweep.sweep(world.house) == 0


def test_without_a_limit_everybody_gets_a_card(world: World) -> None:
    """A card a second, whoever comes at once; and no summary."""
    arrived = burst(world, 60, cv=None)
    drain(world, 60)
    assert [_application_of(card) for card in world.cards()] == arrived
    assert summaries(world) == []


def test_the_summary_names_the_vacancies(world: World) -> None:
    """The most wanted first, the rest in one line; nothing in their titles pings or links."""
    limit(world, 10)
    burst(world, 10)
    hostile = "<!channel> *x* https://evil.example"
    for place, title in enumerate([hostile, "Driver", "Cook", "Clerk", "Baker", "Joiner", "Fitter"]):
        count = 9 - place
        burst(world, count, first=100 * (place + 1), vacancy=Vacancy(f"JOB-{place}", title))
    drain(world, 15)
    (message,) = summary_messages(world)
    text = str(message["blocks"][0])
    assert text.index("9 for") < text.index("8 for Driver") < text.index("5 for Baker")
    assert "7 for 2 other vacancies" in text
    assert world.slack.pings == []
    assert world.slack.links == []


def test_the_summary_follows_and_says_when_the_queue_is_empty(world: World) -> None:
    """Each decision is in it within seconds, as are those who still come; in the end nobody waits."""
    limit(world, 1)
    arrived = burst(world, 4)
    drain(world, 3)
    assert "3 more applicants wait" in summaries(world)[0]
    _decide(world, arrived[1])
    drain(world, 6)
    assert "2 of 3 more applicants still wait" in summaries(world)[0]
    burst(world, 1, first=50)
    drain(world, 6)
    assert "3 of 4 more applicants still wait" in summaries(world)[0]
    for id_ in [*arrived[2:], _undecided(world)[-1]]:
        _decide(world, id_)
    drain(world, 10)
    (told,) = summaries(world)
    assert "Nobody waits in the queue any more: 4 applicants" in told
    assert ids.OPEN_QUEUE not in str(summary_messages(world))


def test_many_changes_are_few_updates(world: World) -> None:
    """Fifty who come within ten seconds change the summary a few times, not fifty times."""
    limit(world, 1)
    burst(world, 2)
    drain(world, 2)
    before = _updates(world)
    for second in range(10):
        burst(world, 5, first=100 + 5 * second)
        drain(world, 1)
    drain(world, 5)
    assert _updates(world) - before <= 4
    assert "51 more applicants wait" in summaries(world)[0]


def test_who_was_held_back_gets_a_card_once_decided(world: World) -> None:
    """At the channel's pace, as the record of what was decided; a message that is new calls nobody."""
    limit(world, 1)
    _, second, third = burst(world, 3)
    drain(world, 2)
    _decide(world, second)
    _decide(world, third, Light.RED)
    world.deliver(seconds=queue.POST_GAP)
    assert len(world.cards()) == 2
    drain(world, 3)
    assert f"decided by <@{BEN}>" in str(world.card(second)["blocks"])
    assert "Green" in str(world.card(second)["blocks"])
    posted = [call.args for call in world.slack.calls if call.method == "chat.postMessage"]
    assert "<@" not in str(posted)
    assert "Red" in str(world.card(third)["blocks"])
    assert world.application(second).card is not None


def test_the_handoff_needs_no_card(world: World) -> None:
    """Send all forwards those who are held back at once, and posts no card for it."""
    connect(world)
    world.tick(send_all=True)
    limit(world, 1)
    _, held = burst(world, 2)
    drain(world, 5)
    assert world.state(held)["handoff"]["state"] == "sent"
    assert len(world.cards()) == 1
    assert world.application(held).card is None


def test_the_limit_counts_within_ten_minutes(world: World) -> None:
    """Then cards come again, while who was held back waits on."""
    limit(world, 2)
    burst(world, 3)
    drain(world, 3)
    world.clock.advance(minutes=10)
    burst(world, 2, first=20)
    drain(world, 3)
    assert len(world.cards()) == 4
    assert "1 more applicant waits" in summaries(world)[0]


def test_cards_that_could_not_be_posted_count_too(world: World) -> None:
    """After an outage the channel is not flooded by all who came one by one meanwhile."""
    limit(world, 3)
    world.slack.faults.add("chat.postMessage", "status", times=1000)
    for number in range(8):
        burst(world, 1, first=number + 1)
        world.clock.advance(minutes=11)
    world.slack.faults.clear()
    drain(world, 700)
    assert len(world.cards()) == 3
    assert "5 more applicants wait" in summaries(world)[0]


def test_a_burst_hours_later_has_a_summary_of_its_own(world: World) -> None:
    """The first one has scrolled away; it goes on telling of its own applicants."""
    limit(world, 1)
    first = burst(world, 3)
    drain(world, 3)
    world.clock.advance(hours=3)
    burst(world, 5, first=20)
    drain(world, 3)
    assert ["2 more" in told or "4 more" in told for told in summaries(world)] == [True, True]
    _decide(world, first[1])
    drain(world, 6)
    assert "1 of 2 more applicants still waits" in summaries(world)[0]
    assert "4 more applicants wait" in summaries(world)[1]


def test_a_burst_that_is_waited_for_goes_on(world: World) -> None:
    """More who come within the hour are added to the message that is still there."""
    limit(world, 1)
    burst(world, 3)
    drain(world, 3)
    world.clock.advance(minutes=40)
    burst(world, 3, first=20)
    drain(world, 3)
    assert len(summaries(world)) == 1
    assert "4 more applicants wait" in summaries(world)[0]


def test_a_summary_whose_answer_was_lost_is_not_posted_again(world: World) -> None:
    """Slack posted it but its answer never came: the next try finds it."""
    limit(world, 1)
    burst(world, 2)
    world.deliver()
    world.slack.faults.add("chat.postMessage", "reset_after")
    drain(world, int(SOON))
    assert len(summaries(world)) == 1


def test_a_summary_posted_by_a_worker_that_died_is_found(world: World) -> None:
    """The worker died after posting and before storing; meanwhile all were decided: the message says so."""
    limit(world, 1)
    _, held = burst(world, 2)
    world.deliver()
    world.clock.advance(seconds=queue.POST_GAP)
    pool = next(pool for pool in world.outbox._pools if queue.SUMMARY in pool.deliverers)
    (job,) = world.outbox.claim(pool, 1)
    assert job.kind == queue.SUMMARY
    world.slack.faults.add("chat.postMessage", "reset_after")
    with pytest.raises(TryLater):
        pool.deliverers[queue.SUMMARY](job)
    assert len(summaries(world)) == 1
    _decide(world, held)
    drain(world, 20)
    (told,) = summaries(world)
    assert "Nobody waits in the queue any more" in told


def test_a_lost_summary_job_is_found(world: World) -> None:
    """The next sweep queues it again, once, and no card that is held back."""
    limit(world, 1)
    burst(world, 3)
    _lose_all(world)
    assert (sweep.sweep(world.house), sweep.sweep(world.house)) == (2, 0)
    drain(world, 3)
    assert (len(world.cards()), len(summaries(world))) == (1, 1)


def test_switching_the_limit_off_posts_all_cards(world: World) -> None:
    """At the channel's pace, in the order in which they came."""
    limit(world, 2)
    arrived = burst(world, 30)
    drain(world, 3)
    limit(world, 0)
    drain(world, 30)
    assert [_application_of(card) for card in world.cards()] == arrived
    assert "Nobody waits in the queue any more" in summaries(world)[0]


def test_however_many_are_let_go_each_is_queued(world: World) -> None:
    """Some at a time, so that nobody waits long for the database."""
    limit(world, 1)
    burst(world, 450, cv=None)
    limit(world, 0)
    world.deliver()
    with world.house.database.reading() as connection:
        assert job_counts.depth(connection)[queue.CARD, "ready"] == 449


def test_setting_a_limit_stops_a_wall_that_is_being_built(world: World) -> None:
    """Those beyond the limit who wait for their cards are held back from then on."""
    burst(world, 40)
    drain(world, 5)
    limit(world, 10)
    drain(world, 60)
    assert len(world.cards()) == 15
    assert "25 more applicants wait" in summaries(world)[0]


def test_a_channel_that_is_chosen_late_is_not_flooded(world: World) -> None:
    """Until then nobody can be told of anything; then the limit holds."""
    object.__setattr__(world.house.config, "slack_channel", None)
    limit(world, 5)
    burst(world, 20)
    drain(world, 5)
    assert world.slack.messages(CHANNEL) == []
    configure.save(world.house, TEAM, ADMIN, Wish(channel=CHANNEL))
    drain(world, 30)
    assert len(world.cards()) == 5
    assert "15 more applicants wait" in summaries(world)[0]


def test_two_web_replicas_hold_back_exactly_the_rest(world: World) -> None:
    """Forty who come in through eight requests at a time are ten cards, whoever was quicker."""
    limit(world, 10)
    for turn in range(5):
        together(*(partial(burst, world, 1, 8 * turn + place) for place in range(8)))
    drain(world, 20)
    assert len(world.cards()) == 10
    assert "30 more applicants wait" in summaries(world)[0]


def test_a_replay_takes_no_place(world: World) -> None:
    """A source that sends the same applicants again does not use up the cards of new ones."""
    limit(world, 2)
    burst(world, 1)
    for _ in range(5):
        burst(world, 1)
    burst(world, 1, first=2)
    drain(world, 3)
    assert (len(world.cards()), summaries(world)) == (2, [])


def test_a_sweep_lets_go_what_nobody_holds_back(world: World) -> None:
    """Held back although there is no limit, as after a restored backup: the cards are posted."""
    limit(world, 1)
    burst(world, 3)
    drain(world, 3)
    with world.house.database.transaction() as connection:
        settings = settings_store.load(connection, TEAM)
        settings_store.save(connection, replace(settings, most_cards=None))
    assert sweep.sweep(world.house) == 1
    drain(world, 5)
    assert len(world.cards()) == 3


def test_bursts_that_are_over_are_forgotten(world: World) -> None:
    """After thirty days, unless somebody still waits."""
    limit(world, 1)
    _, held = burst(world, 2)
    drain(world, 2)
    burst_id = str(world.application(held).burst_id)
    world.clock.advance(days=31)
    housekeeping.tidy(world.house)
    assert _knows(world, burst_id)
    _decide(world, held)
    housekeeping.tidy(world.house)
    assert not _knows(world, burst_id)


def _decide(world: World, application_id: str, light: Light = Light.GREEN) -> None:
    triage.decide(world.house, TEAM, BEN, application_id, 0, Choice(light))


def _knows(world: World, burst_id: str) -> bool:
    with world.house.database.reading() as connection:
        return bursts.find(connection, TEAM, burst_id) is not None


def _undecided(world: World) -> list[str]:
    with world.house.database.reading() as connection:
        first = undecided.first(connection, TEAM)
        found = []
        while first is not None:
            found.append(first)
            first = undecided.first(connection, TEAM, first)
        return found


def _updates(world: World) -> int:
    (message,) = summary_messages(world)
    return sum(
        call.method == "chat.update" and call.args.get("ts") == message["ts"] for call in world.slack.calls
    )


def _application_of(card: dict[str, object]) -> str:
    return str(card["metadata"]["event_payload"]["application"])  # type: ignore[index]  # as Slack has it
