"""Cards: posted once whatever is lost, kept up to date, safe from any text, and where admins want them."""

from __future__ import annotations

from typing import Any

import pytest
import requests

from bot.blocks import ids
from bot.models import Choice, Light
from bot.outbox import TryLater
from bot.pools import Pool
from bot.store.job_rows import Job
from bot.usecases import configure, queue, triage
from bot.usecases.configure import Wish
from tests.story.acts import SOON, candidate, connect, standing, undo_window
from tests.world import ADMIN, ANA, BEN, BOT_TOKEN, CHANNEL, PDF, TEAM, World

HOSTILE = (
    "<!channel> <!here> <@UADMIN> <#CENGINEERS> <!subteam^S1|team> <https://evil.example|Acme> "
    "&lt;!everyone&gt; *bold* _it_ ~s~ `c` @here https://evil.example/x \u202e"
)


def test_a_card_whose_answer_was_lost_is_not_posted_again(world: World) -> None:
    """Slack posted the card but its answer never came: the next try finds it and adds the CV."""
    world.slack.faults.add("chat.postMessage", "reset_after")
    id_ = world.arrive()
    world.deliver(seconds=SOON)
    assert [message["ts"] for message in world.cards()] == [world.state(id_)["card"]["ts"]]
    assert len(_cvs_in_thread(world, id_)) == 1


def test_a_lost_card_is_found_though_its_handoff_moved_on_meanwhile(world: World) -> None:
    """The card's answer is lost while send all delivers: the redraw for the handoff posts no second card."""
    connect(world)
    world.tick(send_all=True)
    world.slack.faults.add("chat.postMessage", "reset_after")
    id_ = world.arrive()
    world.deliver(seconds=SOON)
    assert len(world.cards()) == 1
    assert "sent" in str(world.card(id_))


def test_a_card_posted_by_a_worker_that_died_is_found(world: World) -> None:
    """The worker died after posting and before storing: whoever takes its job over finds the card."""
    assert world.post().status_code == 201
    pool, job = _taken_by_a_worker(world, queue.CARD)
    world.slack.faults.add("chat.postMessage", "reset_after")
    with pytest.raises(TryLater):
        pool.deliverers[queue.CARD](job)
    assert len(world.cards()) == 1
    world.deliver(seconds=20)
    assert len(world.cards()) == 1
    world.click(ANA, job.payload["application_id"], ids.DECIDE_GREEN)
    world.deliver()
    assert "Green" in standing(world, job.payload["application_id"])


def test_the_cv_stands_once_in_the_cards_thread(world: World) -> None:
    """The CV is uploaded byte for byte and shown once, though the answer to its upload was lost."""
    world.slack.faults.add("files.completeUploadExternal", "reset_after")
    id_ = world.arrive()
    world.deliver(seconds=SOON)
    assert len(_cvs_in_thread(world, id_)) == 1
    assert [file.content for file in world.slack.files if file.shared] == [PDF]
    assert "CV" in [
        element["text"]["text"] for element in _elements(world, id_) if element["type"] == "button"
    ]


def test_slacks_pause_is_respected(world: World) -> None:
    """Told to wait 30 seconds, the bot posts nothing for 30 seconds, and then the card."""
    world.slack.faults.add("chat.postMessage", "ratelimited", retry_after=30)
    assert world.post(cv=None).status_code == 201
    world.deliver()
    world.deliver(seconds=29)
    assert _posts(world) == 1
    world.deliver(seconds=queue.POST_GAP)
    assert (_posts(world), len(world.cards())) == (2, 1)


def test_several_waiting_updates_become_one(world: World) -> None:
    """Three decisions while the card waits to be redrawn make one update, which shows the last."""
    id_ = world.arrive(cv=None)
    before = len(_updates(world))
    for version, choice in enumerate([Choice(Light.GREEN), Choice(Light.RED), Choice(status="interview")]):
        triage.decide(world.house, TEAM, BEN, id_, version, choice)
    world.deliver()
    assert len(_updates(world)) == before + 1
    assert "Interview" in standing(world, id_)


def test_a_deleted_card_is_not_posted_again(world: World) -> None:
    """Somebody removed the card: later changes of the application do not bring it back."""
    id_ = world.arrive(cv=None)
    gone = {"channel": CHANNEL, "ts": world.card(id_)["ts"]}
    headers = {"Authorization": f"Bearer {BOT_TOKEN}"}
    answer = requests.post(f"{world.slack.api_url}chat.delete", json=gone, headers=headers, timeout=30)
    assert answer.json()["ok"]
    triage.decide(world.house, TEAM, BEN, id_, 0, Choice(Light.GREEN))
    world.deliver(minutes=30)
    assert world.slack.messages(CHANNEL) == []
    assert world.state(id_)["light"] == "green"


def test_an_archived_channel_is_told_once_and_its_cards_are_kept(world: World) -> None:
    """Nowhere to post: the admin hears of it once; once another channel is chosen, each card is there."""
    world.slack.archive(CHANNEL)
    first, second = world.arrive(), world.arrive()
    world.deliver(hours=1)
    (told,) = world.direct(ADMIN)
    assert "can't be shown" in told
    assert (world.direct(ANA), world.direct(BEN)) == ([], [])

    configure.save(world.house, TEAM, ADMIN, Wish(channel="CENGINEERS"))
    world.deliver()
    world.deliver(seconds=queue.POST_GAP)
    shown = [
        message["metadata"]["event_payload"]["application"] for message in _cards_in(world, "CENGINEERS")
    ]
    assert sorted(shown) == sorted([first, second])
    assert world.state(first)["card"]["channel"] == "CENGINEERS"


def test_cards_follow_when_the_channel_can_be_used_again(world: World) -> None:
    """The channel is brought back without a change of settings: the card is there within ten minutes."""
    world.slack.archive(CHANNEL)
    id_ = world.arrive(cv=None)
    world.deliver(minutes=3)
    world.slack.archive(CHANNEL, archived=False)
    world.deliver(minutes=10)
    assert world.state(id_)["card"]["channel"] == CHANNEL


def test_hostile_text_neither_pings_nor_links(world: World) -> None:
    """Markup in every field an applicant or a source fills, through card, details, decision and notices."""
    connect(world)
    world.tick(send_green=True)
    undo_window(world, 0)
    person = dict.fromkeys(("first_name", "last_name", "headline", "location"), HOSTILE[:180])
    id_ = world.arrive(
        source=HOSTILE[:80],
        candidate=person
        | {"email": "eve@example.com", "skills": [HOSTILE[:90]], "links": ["https://evil.example/x"]},
        vacancy={
            "reference": HOSTILE[:80],
            "title": HOSTILE[:180],
            "client": HOSTILE[:180],
            "location": HOSTILE[:80],
        },
        cover_letter=HOSTILE * 20,
        answers=[{"question": HOSTILE, "answer": HOSTILE * 5}],
        cv={
            "filename": f"{HOSTILE[:60]}.pdf",
            "content_type": "application/pdf",
            "content": "JVBERi0xLjQKJSVFT0YK",
        },
    )
    world.click(BEN, id_, ids.OPEN_DETAILS)
    assert world.slack.wait_until(lambda: world.slack.as_user(BEN).view() is not None)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.click(ANA, id_, ids.DECIDE_RED)
    world.deliver(seconds=SOON)
    world.arrive(candidate=person | {"email": "eve@example.com"}, cv=None)

    assert (
        world.state(id_)["handoff"]["state"] == "failed"
    )  # there is no such vacancy, which its reason quotes
    assert {ping.target for ping in world.slack.pings} <= {BEN}  # who decided, named by us
    assert world.slack.links == []


PEOPLE: dict[str, dict[str, Any]] = {
    "right to left": candidate(
        1, first_name="ליאור", last_name="بن يوسف", headline="مهندس موقع", location="תל אביב"
    ),
    "emoji": candidate(
        2, first_name="👩‍👩‍👧‍👦", last_name="🇬🇧🏗️", headline="🚀" * 40, skills=["💥" * 20] * 20
    ),
    "very long": candidate(
        3, first_name="Wolfeschlegel" * 10, last_name="n" * 150, headline="x" * 200, skills=["y" * 90] * 50
    ),
    "minimal": {"last_name": "X", "phone": "+44 20 7946 0018"},
    "combining": candidate(5, first_name="e\u0301" * 60, last_name="Z" + "\u0301" * 100),
}


def test_unusual_people_have_cards_that_work(world: World) -> None:
    """Right to left, emoji, very long, hardly anything: Slack takes the card, its details and its updates."""
    for name, person in PEOPLE.items():
        vacancy = {
            "reference": "J",
            "title": person.get("headline") or "T",
            "client": person.get("first_name"),
        }
        rest = {"cover_letter": None, "answers": None, "cv": None} if name == "minimal" else {}
        id_ = world.arrive(candidate=person, vacancy=vacancy, **rest)
        world.click(ANA, id_, ids.OPEN_DETAILS)
        assert world.slack.wait_until(lambda: world.slack.as_user(ANA).view() is not None), name
        world.slack.as_user(ANA).close()
        world.click(ANA, id_, ids.DECIDE_AMBER)
        world.deliver()
        assert "Amber" in standing(world, id_), name


def test_the_card_tells_of_an_earlier_application(world: World) -> None:
    """Same e-mail in another case, or same phone: the card shows what was decided then."""
    first = world.arrive(
        candidate=candidate(1), vacancy={"reference": "JOB-41", "title": "Quantity Surveyor"}
    )
    world.click(BEN, first, ids.DECIDE_AMBER)
    world.deliver()
    by_email = world.arrive(candidate=candidate(1, email="INES.Marsh1@Example.com", phone=None))
    by_phone = world.arrive(candidate=candidate(1, email="other@example.com"))
    stranger = world.arrive(candidate=candidate(7))
    for id_ in (by_email, by_phone):
        card = str(world.card(id_))
        assert "Applied before" in card
        assert "Quantity Surveyor" in card
        assert "Amber" in card.split("Applied before")[1]
    assert "Applied before" not in str(world.card(stranger))
    assert "Applied before" not in str(world.card(first))


def test_a_card_gone_for_good_does_not_stop_the_decision(world: World) -> None:
    """Clicks are decided and handed over though Slack refuses every update of the card for a while."""
    connect(world)
    world.tick(send_green=True)
    id_ = world.arrive(cv=None)
    world.slack.faults.add("chat.update", "status", times=3)
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    world.deliver(seconds=10)
    assert world.state(id_)["handoff"]["state"] == "sent"
    world.deliver(seconds=SOON)
    assert "sent" in str(world.card(id_))


def _taken_by_a_worker(world: World, kind: str) -> tuple[Pool, Job]:
    """A job as a worker holds it that is never heard of again."""
    pool = next(pool for pool in world.outbox._pools if kind in pool.deliverers)
    (job,) = world.outbox.claim(pool, 1)
    return pool, job


def _posts(world: World) -> int:
    return sum(call.method == "chat.postMessage" for call in world.slack.calls)


def _updates(world: World) -> list[Any]:
    return [call for call in world.slack.calls if call.method == "chat.update"]


def _cards_in(world: World, channel: str) -> list[dict[str, Any]]:
    return [message for message in world.slack.messages(channel) if message.get("metadata")]


def _cvs_in_thread(world: World, application_id: str) -> list[dict[str, Any]]:
    thread = world.slack.as_user(ANA).thread(CHANNEL, world.card(application_id)["ts"])
    return [file for message in thread for file in message.get("files") or []]


def _elements(world: World, application_id: str) -> list[dict[str, Any]]:
    return [
        element for block in world.card(application_id)["blocks"] for element in block.get("elements", [])
    ]
