"""The queue: the oldest undecided applicant, decide, next; for one person, for two, and at its end."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlalchemy import delete

from bot.blocks import ids
from bot.models import Choice, Light
from bot.store.tables import applications
from bot.usecases import configure, triage
from bot.usecases.configure import Wish
from tests.story.acts import together, undo_window
from tests.story.queue_desk import burst, drain, heading, limit, open_queue, press, shown
from tests.story.signed import send_payload
from tests.world import ADMIN, ANA, BEN, CHANNEL, GUEST, TEAM, World


def test_deciding_goes_on_to_the_next_until_all_are_decided(world: World) -> None:
    """From the summary: oldest first, held back or not, each decision told, and a friendly end."""
    arrived = _burst(world, 3)
    open_queue(world, BEN)
    assert "Marsh1" in heading(world, BEN)
    assert "1 of 3 to decide" in shown(world, BEN)
    press(world, BEN, ids.DECIDE_GREEN)
    assert "Marsh2" in heading(world, BEN)
    assert "Green, status Shortlist" in shown(world, BEN)
    assert "1 of 2 to decide" in shown(world, BEN)
    press(world, BEN, ids.DECIDE_RED)
    press(world, BEN, ids.CHOOSE_STATUS, "interview")
    assert "All decided" in shown(world, BEN)
    assert [_decided(world, id_) for id_ in arrived] == [
        ("green", "shortlist", BEN),
        ("red", "rejected", BEN),
        (None, "interview", BEN),
    ]


def test_the_queue_shows_what_decides(world: World) -> None:
    """Vacancy, answers, contact, letter, and what was decided about the same person before."""
    world.arrive()
    world.click(BEN, world.arrive(), ids.DECIDE_RED)
    world.deliver()
    world.arrive(external_id="again", candidate={"last_name": "Marsh", "email": "ines.marsh2@example.com"})
    _open_from_card(world, BEN)
    words = shown(world, BEN)
    for piece in ("Site Engineer", "Right to work?", "built bridges", "ines.marsh1@example.com", "Surveying"):
        assert piece in words
    press(world, BEN, ids.REVIEW_SKIP)
    assert "Applied before" in shown(world, BEN)
    assert "Red" in shown(world, BEN)


def test_skipped_ones_stay_and_come_again(world: World) -> None:
    """Skip decides nothing; at the end the queue says how many wait, and starts anew."""
    arrived = _burst(world, 2)
    open_queue(world, ANA)
    press(world, ANA, ids.REVIEW_SKIP)
    assert "Marsh2" in heading(world, ANA)
    assert "2 of 2 to decide" in shown(world, ANA)
    press(world, ANA, ids.REVIEW_SKIP)
    assert "2 applicants still wait" in shown(world, ANA)
    press(world, ANA, ids.REVIEW_AGAIN)
    assert "Marsh1" in heading(world, ANA)
    assert [_decided(world, id_) for id_ in arrived] == [(None, "new", None)] * 2


def test_undo_in_the_queue_brings_the_applicant_back(world: World) -> None:
    """While it is possible; the one who was next waits behind."""
    first, _ = _burst(world, 2)
    open_queue(world, BEN)
    press(world, BEN, ids.DECIDE_RED)
    assert "can be undone until" in shown(world, BEN)
    press(world, BEN, ids.UNDO)
    assert "Marsh1" in heading(world, BEN)
    assert "Taken back" in shown(world, BEN)
    assert _decided(world, first) == (None, "new", None)
    press(world, BEN, ids.DECIDE_GREEN)
    assert "Marsh2" in heading(world, BEN)


def test_undo_that_comes_too_late_says_so(world: World) -> None:
    """The decision stands, and the next applicant stays."""
    first, _ = _burst(world, 2)
    open_queue(world, BEN)
    press(world, BEN, ids.DECIDE_RED)
    world.deliver(seconds=11)
    press(world, BEN, ids.UNDO)
    assert "too late" in shown(world, BEN)
    assert "Marsh2" in heading(world, BEN)
    assert _decided(world, first) == ("red", "rejected", BEN)


def test_two_people_are_shown_different_applicants(world: World) -> None:
    """So that neither works in vain; the last one is shown to both, and says so."""
    _burst(world, 3)
    open_queue(world, ANA)
    open_queue(world, BEN)
    assert ("Marsh1" in heading(world, ANA), "Marsh2" in heading(world, BEN)) == (True, True)
    press(world, ANA, ids.DECIDE_GREEN)
    assert "Marsh3" in heading(world, ANA)
    press(world, BEN, ids.DECIDE_RED)
    assert "Marsh3" in heading(world, BEN)
    assert f"<@{ANA}> looks at this one, too" in shown(world, BEN)


def test_whom_one_skips_the_other_is_shown(world: World) -> None:
    """Nobody keeps an applicant from others by having looked at them."""
    _burst(world, 2)
    open_queue(world, ANA)
    press(world, ANA, ids.REVIEW_SKIP)
    open_queue(world, BEN)
    assert ("Marsh2" in heading(world, ANA), "Marsh1" in heading(world, BEN)) == (True, True)


def test_two_people_never_decide_the_same_one_twice(world: World) -> None:
    """The second one is told who was quicker and what they decided, and sees the next."""
    first, _, third = _burst(world, 3)
    _open_at_the_same(world)
    press(world, ANA, ids.DECIDE_GREEN)
    press(world, BEN, ids.DECIDE_RED)
    words = shown(world, BEN)
    assert f"<@{ANA}> already decided: 🟢 Green" in words
    assert "Ines Marsh1" in words
    assert "Marsh3" in heading(world, BEN)
    assert _decided(world, first) == ("green", "shortlist", ANA)
    press(world, BEN, ids.DECIDE_RED)
    assert _decided(world, third) == ("red", "rejected", BEN)


def test_of_two_at_the_same_moment_one_is_first(world: World) -> None:
    """Both press at once: one decision, one line of history, and both go on."""
    first, _, _ = _burst(world, 3)
    _open_at_the_same(world)
    together(
        lambda: press(world, ANA, ids.DECIDE_GREEN),
        lambda: press(world, BEN, ids.DECIDE_RED),
    )
    assert world.application(first).version == 1
    assert all("Marsh1" not in heading(world, user) for user in (ANA, BEN))
    assert sum("already decided" in shown(world, user) for user in (ANA, BEN)) == 1


def test_a_second_click_of_the_same_person_changes_nothing(world: World) -> None:
    """A double click decides one applicant, not two."""
    _, second = _burst(world, 2)
    open_queue(world, BEN)
    view = world.slack.as_user(BEN).view() or {}
    block = next(block for block in view["blocks"] if str(block.get("block_id")).startswith("card:decide"))
    press(world, BEN, ids.DECIDE_GREEN)
    assert _send_in_view(world, BEN, view, block["block_id"], ids.DECIDE_GREEN) == 200
    assert "Marsh2" in heading(world, BEN)
    assert _decided(world, second) == (None, "new", None)


def test_a_decision_elsewhere_moves_the_queue_on(world: World) -> None:
    """Decided on the card meanwhile: skipping shows the next, and the count is right."""
    first, second, _ = _burst(world, 3)
    open_queue(world, BEN)
    triage.decide(world.house, TEAM, ANA, second, 0, Choice(Light.AMBER))
    press(world, BEN, ids.REVIEW_SKIP)
    assert "Marsh3" in heading(world, BEN)
    assert "2 of 2 to decide" in shown(world, BEN)
    assert _decided(world, first) == (None, "new", None)


def test_guests_are_refused(world: World) -> None:
    """They read cards, and do not decide: the queue says so instead of opening."""
    _burst(world, 2)
    open_queue(world, GUEST)
    assert "Only members of this workspace decide" in shown(world, GUEST)
    assert heading(world, GUEST) == ""


def test_somebody_who_became_a_guest_decides_nothing(world: World) -> None:
    """The open queue says so, and stays."""
    first, _ = _burst(world, 2)
    open_queue(world, BEN)
    world.slack.change_user(BEN, is_guest=True)
    world.clock.advance(minutes=11)
    press(world, BEN, ids.DECIDE_GREEN)
    assert "Only members of this workspace decide" in shown(world, BEN)
    assert "Marsh1" in heading(world, BEN)
    assert _decided(world, first) == (None, "new", None)


def test_the_cv_of_somebody_held_back_can_be_read(world: World) -> None:
    """Their card is posted at once, with the CV in its thread, and the queue shows the link to it."""
    _, held = _burst(world, 2)
    open_queue(world, BEN)
    press(world, BEN, ids.REVIEW_SKIP)
    assert "Show the CV" in shown(world, BEN)
    press(world, BEN, ids.REVIEW_POST_CARD)
    assert "card is being posted" in shown(world, BEN)
    assert "Marsh2" in heading(world, BEN)
    drain(world, 6)
    card = world.application(held).card
    assert card is not None
    assert str(card.cv_permalink) in shown(world, BEN)
    assert "Marsh2" in heading(world, BEN)
    press(world, BEN, ids.DECIDE_GREEN)
    assert _decided(world, held) == ("green", "shortlist", BEN)


def test_a_cv_that_comes_later_disturbs_nobody(world: World) -> None:
    """Whoever went on to the next keeps what they look at."""
    _burst(world, 3)
    open_queue(world, BEN)
    press(world, BEN, ids.REVIEW_SKIP)
    press(world, BEN, ids.REVIEW_POST_CARD)
    press(world, BEN, ids.REVIEW_SKIP)
    drain(world, 6)
    assert "Marsh3" in heading(world, BEN)


def test_an_application_that_was_deleted_is_passed_over(world: World) -> None:
    """Whoever looks at it is told, and sees the next."""
    first, _ = _burst(world, 2)
    open_queue(world, BEN)
    with world.house.database.transaction() as connection:
        connection.execute(delete(applications).where(applications.c.id == first))
    press(world, BEN, ids.DECIDE_GREEN)
    assert "no longer here" in shown(world, BEN)
    assert "Marsh2" in heading(world, BEN)


def test_the_queue_outlives_its_setting(world: World) -> None:
    """Switched off while somebody works through it: they go on, and the cards come."""
    _, held, _ = _burst(world, 3)
    open_queue(world, BEN)
    limit(world, 0)
    press(world, BEN, ids.DECIDE_GREEN)
    assert "Marsh2" in heading(world, BEN)
    drain(world, 6)
    press(world, BEN, ids.DECIDE_RED)
    drain(world, 2)
    assert len(world.cards()) == 3
    assert "Red" in str(world.card(held)["blocks"])


def test_an_empty_queue_opens(world: World) -> None:
    """From the Home tab that is older than the last decision: no dead end."""
    id_ = world.arrive()
    _open_home(world, BEN)
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.slack.as_user(BEN).act_in_view(ids.OPEN_QUEUE)
    assert world.slack.wait_until(lambda: "All decided" in shown(world, BEN))
    world.arrive()
    press(world, BEN, ids.REVIEW_AGAIN)
    assert "Marsh2" in heading(world, BEN)


def test_the_home_tab_opens_the_queue_of_a_public_channel(world: World) -> None:
    """Any member may read that channel, and the queue with it."""
    world.arrive()
    home = _open_home(world, BEN)
    assert "*1*\\nto decide" in home
    world.slack.as_user(BEN).act_in_view(ids.OPEN_QUEUE)
    assert world.slack.wait_until(lambda: "Marsh1" in heading(world, BEN))


def test_the_home_tab_offers_guests_no_queue(world: World) -> None:
    """They could do nothing in it."""
    world.arrive()
    assert ids.OPEN_QUEUE not in _open_home(world, GUEST)


def test_the_queue_of_a_private_channel_opens_from_there_alone(world: World) -> None:
    """Applicants of a private channel are not for the whole workspace; those who set it up see them."""
    _cards_go_to_a_private_channel(world)
    world.arrive()
    _open_home(world, ANA)
    world.slack.as_user(ANA).act_in_view(ids.OPEN_QUEUE)
    assert world.slack.wait_until(lambda: "Open the queue from there" in shown(world, ANA))
    assert heading(world, ANA) == ""
    (card,) = world.slack.messages("CSECRET")[:1]
    world.slack.as_user(BEN).choose("CSECRET", card["ts"], ids.MORE, ids.MORE_QUEUE)
    assert world.slack.wait_until(lambda: "Marsh1" in heading(world, BEN))
    _open_home(world, ADMIN)
    world.slack.as_user(ADMIN).act_in_view(ids.OPEN_QUEUE)
    assert world.slack.wait_until(lambda: "Marsh1" in heading(world, ADMIN))


def test_without_a_channel_the_queue_is_for_admins(world: World) -> None:
    """Everybody else is told what is missing."""
    object.__setattr__(world.house.config, "slack_channel", None)
    burst(world, 1)
    _open_home(world, BEN)
    world.slack.as_user(BEN).act_in_view(ids.OPEN_QUEUE)
    assert world.slack.wait_until(lambda: "No channel for cards is chosen yet" in shown(world, BEN))
    _open_home(world, ADMIN)
    world.slack.as_user(ADMIN).act_in_view(ids.OPEN_QUEUE)
    assert world.slack.wait_until(lambda: "Marsh1" in heading(world, ADMIN))


def test_a_summary_in_a_former_channel_opens_no_other_channels_queue(world: World) -> None:
    """Who sees the old channel need not see the new, private one."""
    _burst(world, 2)
    _cards_go_to_a_private_channel(world)
    open_queue(world, ANA)
    assert "Open the queue from there" in shown(world, ANA)


def test_a_closed_queue_still_tells_who_was_quicker(world: World) -> None:
    """The click was on its way when the window closed: the answer comes as a direct message."""
    _burst(world, 2)
    _open_at_the_same(world)
    view = world.slack.as_user(BEN).view() or {}
    block = next(block for block in view["blocks"] if str(block.get("block_id")).startswith("card:decide"))
    press(world, ANA, ids.DECIDE_GREEN)
    world.slack.as_user(BEN).close()
    assert _send_in_view(world, BEN, view, block["block_id"], ids.DECIDE_RED) == 200
    assert world.slack.wait_until(lambda: bool(world.outbox.drain() and world.direct(BEN)))
    assert "already decided" in world.direct(BEN)[0]


def test_nothing_leaves_before_undo_is_over(world: World) -> None:
    """A decision in the queue is a decision like any other."""
    world.connect()
    world.tick(send_green=True)
    undo_window(world, 10)
    first, _ = _burst(world, 2)
    open_queue(world, BEN)
    press(world, BEN, ids.DECIDE_GREEN)
    world.deliver(seconds=9)
    assert world.state(first)["handoff"]["state"] == "waiting"
    world.deliver(seconds=1)
    assert world.state(first)["handoff"]["state"] in ("sent", "failed")


def _burst(world: World, count: int) -> list[str]:
    """So many came, the first with a card, the others held back."""
    limit(world, 1)
    arrived = burst(world, count)
    drain(world, 3)
    return arrived


def _open_at_the_same(world: World) -> None:
    """Ana left the queue open for so long that Ben is shown whom she sees."""
    open_queue(world, ANA)
    world.clock.advance(minutes=3)
    open_queue(world, BEN)
    assert heading(world, ANA) == heading(world, BEN)


def _cards_go_to_a_private_channel(world: World) -> None:
    world.slack.add_channel("CSECRET", "secret", [ADMIN, BEN, "UHANDOFF"], is_private=True)
    configure.save(world.house, TEAM, ADMIN, Wish(channel="CSECRET"))


def _send_in_view(world: World, user: str, view: dict[str, Any], block_id: str, action_id: str) -> int:
    action = {"type": "button", "action_id": action_id, "block_id": block_id, "action_ts": "1.1"}
    return send_payload(
        world,
        type="block_actions",
        user={"id": user, "username": user.lower(), "team_id": TEAM},
        container={"type": "view", "view_id": view["id"]},
        channel=None,
        view=view,
        actions=[action],
    ).status_code


def _decided(world: World, application_id: str) -> tuple[str | None, str, str | None]:
    stored = world.application(application_id)
    return stored.light, stored.status, stored.decided_by


def _open_home(world: World, user: str) -> str:
    person = world.slack.as_user(user)
    before = (person.home() or {}).get("hash")
    person.open_home()
    assert world.slack.wait_until(lambda: (person.home() or {}).get("hash") not in (None, before))
    return re.sub(r"\s+", " ", json.dumps(person.home(), ensure_ascii=False))


def _open_from_card(world: World, user: str) -> None:
    card = world.cards()[-1]
    world.slack.as_user(user).choose(CHANNEL, card["ts"], ids.MORE, ids.MORE_QUEUE)
    assert world.slack.wait_until(lambda: heading(world, user) != "")
