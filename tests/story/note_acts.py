"""What the stories about notes do and look at."""

from __future__ import annotations

import json
from typing import Any

from bot.blocks import ids
from bot.models import Note
from bot.playground.slack.model import Outcome
from bot.store import notes as note_store
from bot.usecases import configure
from bot.usecases.configure import Wish
from tests.story.acts import connect, undo_window
from tests.world import ADMIN, CHANNEL, TEAM, World


def send_along(world: World, *, ticked: bool = True) -> None:
    """An admin ticks that notes go along, or takes that back."""
    configure.save(world.house, TEAM, ADMIN, Wish(send_notes=ticked))


def ready(world: World, **boxes: bool) -> None:
    """Connected, no window to undo, and notes go along."""
    connect(world)
    world.tick(**boxes)
    undo_window(world, 0)
    send_along(world)


def open_note(world: World, user: str, application_id: str) -> dict[str, Any] | None:
    """Choose Add note on the card; the modal that opens, None if none did."""
    person = world.slack.as_user(user)
    before = (person.view() or {}).get("id")
    person.choose(CHANNEL, world.card(application_id)["ts"], ids.MORE, ids.MORE_NOTE)
    world.slack.wait_until(lambda: (person.view() or {}).get("id") != before or bool(world.private(user)))
    return person.view()


def write(world: World, user: str, application_id: str, text: str) -> Outcome:
    """Write a note in the modal, and have all that is due delivered."""
    view = open_note(world, user, application_id)
    assert view is not None
    assert view["callback_id"] == ids.ADD_NOTE
    person = world.slack.as_user(user)
    person.fill(ids.NOTE_TEXT, text)
    outcome = person.submit()
    world.deliver()
    return outcome


def read(world: World, user: str, application_id: str, *, history: bool = False) -> str:
    """Open the answers, or the history, and read all of it; the modal stays open."""
    person, ts = world.slack.as_user(user), world.card(application_id)["ts"]
    before = (person.view() or {}).get("id")
    if history:
        person.choose(CHANNEL, ts, ids.MORE, ids.MORE_HISTORY)
    else:
        person.click(CHANNEL, ts, ids.OPEN_DETAILS)
    assert world.slack.wait_until(lambda: (person.view() or {}).get("id") not in (None, before))
    return json.dumps(person.view(), ensure_ascii=False)


def stored(world: World, application_id: str) -> list[Note]:
    """The notes in the database, oldest first."""
    with world.house.database.reading() as connection:
        return note_store.of_application(connection, TEAM, application_id)


def note_line(world: World, application_id: str) -> str:
    """The card's line on notes; empty where it has none."""
    blocks = world.card(application_id)["blocks"]
    own = [block for block in blocks if str(block.get("block_id", "")).startswith("card:notes:")]
    return json.dumps(own[0], ensure_ascii=False) if own else ""


def in_crm(world: World, application_id: str) -> list[str]:
    """What members wrote that stands on the person in the CRM, oldest first; not the note of the handoff."""
    person_id = world.state(application_id)["handoff"]["candidate_id"]
    if person_id is None:
        return []
    texts = [note.text for note in reversed(world.crm.notes(int(person_id)))]
    return [text for text in texts if text.startswith("Note by ")]
