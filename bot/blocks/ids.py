"""Every block, action and callback id. A click tells its application and the version that was seen."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.errors import FieldFault, Invalid
from bot.models import Light

DECIDE_GREEN = "decide_green"
DECIDE_AMBER = "decide_amber"
DECIDE_RED = "decide_red"
DECIDE = {Light.GREEN: DECIDE_GREEN, Light.AMBER: DECIDE_AMBER, Light.RED: DECIDE_RED}
LIGHT_OF_ACTION = {action: light for light, action in DECIDE.items()}
CHOOSE_STATUS = "choose_status"
UNDO = "undo"
RETRY_HANDOFF = "retry_handoff"
OPEN_DETAILS = "open_details"
OPEN_CV = "open_cv"
OPEN_IN_CRM = "open_in_crm"
MORE = "more"
MORE_HISTORY = "history"
MORE_VACANCY = "vacancy"
MORE_NOTE = "note"
MORE_QUEUE = "queue"
CHOOSE_VACANCY = "choose_vacancy"
ADD_NOTE = "add_note"
NOTE_TEXT = "note_text"
REMOVE_NOTE = "remove_note"
RETRY_NOTES = "retry_notes"
DETAILS = "details"
HISTORY = "history"

OPEN_QUEUE = "open_queue"
REVIEW = "review"
REVIEW_SKIP = "review_skip"
REVIEW_AGAIN = "review_again"
REVIEW_POST_CARD = "review_post_card"
REVIEW_CV = "cv"
"""The value of that button where it is the CV that is wanted."""

SETTINGS = "settings"
SETTINGS_CRM = "settings_crm"
SETTINGS_QUESTION = "settings_question"
SETTINGS_OPTION = "settings_option"
SETTINGS_CHECK_ANSWERS = "settings_check_answers"
SETTINGS_LOGIN = "settings_login"
SETTINGS_DISCONNECT = "settings_disconnect"
SETTINGS_BOXES = "settings_boxes"
SETTINGS_TRIGGER = "settings_trigger"
SETTINGS_AMBER = "settings_amber"
SETTINGS_NOTES = "settings_notes"
SETTINGS_CHANNEL = "settings_channel"
SETTINGS_UNDO = "settings_undo"
SETTINGS_CARDS = "settings_cards"
SETTINGS_EDITORS = "settings_editors"
SETTINGS_OWNER = "settings_owner"
SETTINGS_SENTENCE = "settings_sentence"
BOX_ALL = "all"
BOX_GREEN = "green"
BOX_STATUS = "status"
BOX_AMBER = "amber"
BOX_NOTES = "notes"

NO_CHOICE = "-"
"""The entry of a menu that takes a choice back."""
NO_ENTRY = "?"
"""The entry of a menu that only tells why it has no others."""

HOME_SETTINGS = "home_settings"
HOME_HELP = "home_help"

_CARD_BLOCK = re.compile(r"card:[a-z_]{1,30}:([A-Za-z0-9_-]{1,64}):(0|[1-9][0-9]{0,9})")


@dataclass(frozen=True)
class Subject:
    """What a block of a card is about: an application, as it stood at `version`."""

    application_id: str
    version: int


def card_block(role: str, application_id: str, version: int) -> str:
    """The block id of a card's block; `role` tells the blocks of one message apart."""
    return f"card:{role}:{application_id}:{version}"


def subject_of(block_id: object) -> Subject:
    """What a clicked block is about. Raises `Invalid` for anything that `card_block` does not make."""
    found = _CARD_BLOCK.fullmatch(block_id) if isinstance(block_id, str) else None
    if found is None:
        raise Invalid([FieldFault("block_id", "this is not a block of an applicant's card.")])
    return Subject(found[1], int(found[2]))


def note_block(note_id: str) -> str:
    """The block id of a note where it is read."""
    return f"note:{note_id}"


def note_of(block_id: object) -> str:
    """The note that such a block shows. Raises `Invalid` for any other block."""
    what, _, note_id = str(block_id).partition(":")
    if what != "note" or not note_id:
        raise Invalid([FieldFault("block_id", "this is not a note.")])
    return note_id


def question_action(key: str) -> str:
    """The action id of the input for one of a CRM's questions."""
    return f"{SETTINGS_QUESTION}:{key}"


def question_block(crm: str, key: str) -> str:
    """The block id of that input, which errors are keyed by; two CRMs never share what was typed."""
    return f"{SETTINGS_QUESTION}:{crm}:{key}"


def option_action(key: str) -> str:
    """The action id of the input for one of a CRM's options."""
    return f"{SETTINGS_OPTION}:{key}"


def option_block(crm: str, key: str) -> str:
    """The block id of that input."""
    return f"{SETTINGS_OPTION}:{crm}:{key}"


def option_of(block_id: object) -> tuple[str, str] | None:
    """The CRM and the option that such a block is about; None for any other block."""
    what, _, about = str(block_id).partition(":")
    crm, _, key = about.partition(":")
    return (crm, key) if what == SETTINGS_OPTION and crm and key else None
