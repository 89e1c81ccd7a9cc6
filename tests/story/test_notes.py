"""Notes on an applicant: written in a modal, read by the team, removed by their author or an admin."""

from __future__ import annotations

import json

import pytest

from bot.blocks import ids
from bot.errors import HandoffError, Invalid
from bot.store import notes as note_store
from bot.usecases import notes
from tests.story.acts import together
from tests.story.note_acts import in_crm, note_line, open_note, read, send_along, stored, write
from tests.world import ADMIN, ANA, BEN, GUEST, TEAM, World


def test_a_member_writes_a_note_and_the_card_counts_it(world: World) -> None:
    """One line on the card; who, when and the text where the answers are, and in the history."""
    id_ = world.arrive()
    assert note_line(world, id_) == ""
    write(world, ANA, id_, "Prefers calls after 5 pm.")
    assert "📝 1 note" in note_line(world, id_)
    write(world, BEN, id_, "Licence seen.")
    assert "📝 2 notes" in note_line(world, id_)
    for history in (False, True):
        told = read(world, BEN, id_, history=history)
        assert told.index("Licence seen.") < told.index("Prefers calls after 5 pm.")
        assert f"<@{ANA}>, " in told
    assert len(world.cards()) == 1


def test_a_note_is_shown_as_typed_and_pings_nobody(world: World) -> None:
    """Markup, mentions, links, right-to-left writing, emoji and line breaks."""
    id_ = world.arrive()
    texts = [
        "*bold* <!channel> <@UBEN>\nhttps://evil.example",
        "ראיון ביום ב׳",
        "👩‍🔧 🇬🇧 :smile:",
        "word " * 599,
    ]
    texts.append("word " * 599)
    for text in texts:
        write(world, ANA, id_, text)
    assert [note.text for note in stored(world, id_)] == [text.strip() for text in texts]
    read(world, BEN, id_)
    view = world.slack.as_user(BEN).view() or {}
    shown = [block["text"] for block in view["blocks"] if block["block_id"].startswith("note:")]
    assert [text["text"] for text in shown] == [text.strip() for text in reversed(texts)]
    assert {text["type"] for text in shown} == {"plain_text"}
    assert "<!channel>" not in json.dumps(world.card(id_))


@pytest.mark.parametrize("typed", [" \n ", "\x00", "x" * 3001])
def test_what_cannot_be_kept_is_refused(world: World, typed: str) -> None:
    """Blanks, and more than fits; nothing is stored."""
    id_ = world.arrive()
    with pytest.raises(Invalid):
        notes.add(world.house, TEAM, ANA, id_, typed, once="V1")
    assert stored(world, id_) == []


def test_a_modal_sent_off_twice_makes_one_note(world: World) -> None:
    """By an impatient second press, or by Slack, at the same moment."""
    id_ = world.arrive()
    together(*[lambda: notes.add(world.house, TEAM, ANA, id_, "Once.", once="V1")] * 2)
    assert [note.text for note in stored(world, id_)] == ["Once."]


def test_guests_read_and_do_not_write(world: World) -> None:
    """They are told so privately, and no modal opens."""
    id_ = world.arrive()
    write(world, ANA, id_, "Good.")
    assert open_note(world, GUEST, id_) is None
    world.deliver()
    assert "Only members of this workspace write notes" in str(world.private(GUEST))
    told = read(world, GUEST, id_)
    assert "Good." in told
    assert ids.REMOVE_NOTE not in told


def test_only_the_author_and_admins_can_remove_a_note(world: World) -> None:
    """Ben is not offered it; Ana removes her own, Maya, an admin, the other."""
    id_ = world.arrive()
    write(world, ANA, id_, "First thought.")
    write(world, ANA, id_, "Second thought.")
    assert ids.REMOVE_NOTE not in read(world, BEN, id_)
    first, second = stored(world, id_)
    for user, note, history in ((ANA, first, False), (ADMIN, second, True)):
        assert ids.REMOVE_NOTE in read(world, user, id_, history=history)
        _remove(world, user, note.id)
        assert note.text not in json.dumps(world.slack.as_user(user).view())
    assert note_line(world, id_) == ""


def test_a_removal_is_remembered_without_the_text(world: World) -> None:
    """The history says who wrote and who removed it; the words are gone from the database, too."""
    id_ = world.arrive()
    write(world, ANA, id_, "Sounds unwell.")
    read(world, ADMIN, id_)
    _remove(world, ADMIN, stored(world, id_)[0].id)
    told = read(world, BEN, id_, history=True)
    assert "removed by" in told
    assert told.index(f'"user_id": "{ANA}"') < told.index(f'"user_id": "{ADMIN}"')
    assert "Sounds unwell." not in told
    (gone,) = stored(world, id_)
    assert (gone.text, gone.removed_by) == ("", ADMIN)


def test_a_click_of_somebody_elses_making_removes_nothing(world: World) -> None:
    """Ben's modal, drawn for an admin, or a made-up note: refused in so many words."""
    id_ = world.arrive()
    write(world, ANA, id_, "Mine.")
    read(world, ADMIN, id_)
    ours = stored(world, id_)[0].id
    with world.house.database.reading() as connection:
        assert note_store.find(connection, "TOTHER", ours) is None
    for user, note_id in ((BEN, ours), (GUEST, ours), (ADMIN, "nonsense")):
        with pytest.raises(HandoffError):
            notes.remove(world.house, TEAM, user, note_id)
    assert stored(world, id_)[0].text == "Mine."


def test_a_note_disturbs_no_decision(world: World) -> None:
    """Somebody writes between the drawing of a card and the click on it: the click counts."""
    id_ = world.arrive()
    open_note(world, ANA, id_)
    world.slack.as_user(ANA).fill(ids.NOTE_TEXT, "While you decide.")
    world.slack.as_user(ANA).submit()
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver()
    assert world.state(id_)["light"] == "green"
    assert world.private(BEN) == []
    world.click(BEN, id_, ids.UNDO)
    world.deliver()
    assert "📝 1 note" in note_line(world, id_)


def test_the_modal_says_what_becomes_of_a_note(world: World) -> None:
    """Whoever writes knows beforehand who reads it and whether it leaves Slack."""
    id_ = world.arrive()
    assert "It stays here" in str(open_note(world, ANA, id_))
    world.connect()
    world.tick(send_green=True)
    send_along(world)
    assert "It goes along to Demo CRM if the applicant does" in str(open_note(world, ANA, id_))
    world.click(BEN, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=60)
    assert in_crm(world, id_) == []
    assert "It goes to Demo CRM as well" in str(open_note(world, ANA, id_))


def _remove(world: World, user: str, note_id: str) -> None:
    person = world.slack.as_user(user)
    before = (person.view() or {})["hash"]
    person.act_in_view(ids.REMOVE_NOTE, block_id=ids.note_block(note_id))
    assert world.slack.wait_until(lambda: (person.view() or {}).get("hash") != before)
    world.deliver()
    person.close(everything=True)
