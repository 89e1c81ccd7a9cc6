"""The settings modal as it is to be shown now, and what an admin changed since it was first drawn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from hashlib import blake2s
from typing import Any, TypeVar

from ulid import ULID

from bot.blocks import kit
from bot.blocks.settings import settings_modal
from bot.blocks.settings_input import SettingsInput
from bot.blocks.settings_screen import SettingsScreen
from bot.crm._base import Capability, Crm
from bot.usecases import configure, connect
from bot.usecases.configure import Overview, Wish
from bot.usecases.house import House
from bot.workspace import Boxes, Connection, Picked

Notes = dict[str, Any]
T = TypeVar("T")
_DRAWN, _EXTERNAL_ID, _OPTIONS = "drawn", "external_id", "options"
_NOTHING = Picked("", "")
_LACKS = {
    Capability.CV: "takes no CV files",
    Capability.NOTES: "takes no notes",
    Capability.TEAM_NOTES: "has no room for the team's notes",
    Capability.VACANCIES: "has no vacancies to put applicants onto",
    Capability.OWNER: "gives records no owner",
}


def draw(
    house: House,
    team_id: str,
    user_id: str,
    entered: SettingsInput,
    notes: Notes,
    *,
    checked: Mapping[str, str] | None = None,
    error: str | None = None,
    faults: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The modal with what was `entered` so far; `notes` travel in its `private_metadata`.

    `checked` are a CRM's answers found good; where its sign-in ended, those that it was made with serve
    again. `error` is what just went wrong, `faults` what is wrong with which answer.
    """
    seen = configure.overview(house, team_id, entered.crm)
    crm = house.crms.get(entered.crm or seen.settings.crm or "")
    picked = seen.settings.crm_options.get(crm.key, {}) if crm else {}
    notes = {_DRAWN: _drawn(seen)} | notes
    if crm is not None and (notes.get(_OPTIONS) or {}).get("crm") != crm.key:
        notes[_OPTIONS] = {"crm": crm.key} | {key: _digest(one) for key, one in picked.items()}
    sign_in = seen.sign_in
    kept = _kept_answers(sign_in)
    if checked is None and not faults:
        checked = kept
    external_id = str(notes.get(_EXTERNAL_ID) or ULID())
    login_url = None
    if crm is not None and _can_sign_in(crm, checked) and (sign_in is None or sign_in.broken is not None):
        draft = asdict(entered) | {"answers": {}, "notes": notes}
        login_url = connect.login_link(
            house, team_id, user_id, crm.key, answers=checked or {}, view_id=external_id, draft=draft
        )
    screen = SettingsScreen(
        **_of_workspace(seen, entered),
        **_of_crm(crm, {**picked, **entered.options.get(crm.key, {})} if crm else {}),
        answers=_shown_answers(crm, kept, checked) | {k: v for k, v in entered.answers.items() if v},
        login_url=login_url,
        account=sign_in.account if sign_in else None,
        broken=sign_in.broken if sign_in else None,
        error=error,
        faults=faults or {},
        private_metadata=json.dumps(notes),
    )
    return settings_modal(screen) | {"external_id": external_id}


def _of_workspace(seen: Overview, entered: SettingsInput) -> dict[str, Any]:
    """What the screen shows of the workspace: as entered, else as stored."""
    settings = seen.settings
    stored = {
        "boxes": settings.boxes,
        "undo_seconds": seen.undo_seconds,
        "most_cards": _most_cards(seen),
        "editors": settings.editors,
        "default_owner": settings.default_owner,
        "send_notes": settings.send_notes,
    }
    typed = {name: getattr(entered, name) for name in stored}
    return {name: stored[name] if typed[name] is None else typed[name] for name in stored} | {
        "channel": entered.channel or seen.channel,
        "crms": [(offered.key, offered.name) for offered in seen.crms],
        "statuses": seen.statuses,
        "green_status": settings.green_status,
        "history": seen.history,
        "waiting": seen.waiting,
    }


def _of_crm(crm: Crm | None, picked: Mapping[str, Picked]) -> dict[str, Any]:
    """What the screen shows of the CRM that is chosen in it."""
    if crm is None:
        return {"crm": None, "crm_name": None, "questions": (), "has_login": True}
    return {
        "crm": crm.key,
        "crm_name": crm.name,
        "questions": crm.questions,
        "has_login": crm.oauth is not None,
        "options": crm.options,
        "picked": picked,
        "lacks": lacks(crm),
        "has_owners": Capability.OWNER in crm.capabilities,
        "takes_notes": Capability.TEAM_NOTES in crm.capabilities,
    }


def with_kept_secrets(house: House, team_id: str, crm: Crm, answers: Mapping[str, str]) -> dict[str, str]:
    """The answers, with the secrets of a sign-in that ended where a secret was left blank."""
    kept = _kept_answers(configure.overview(house, team_id, crm.key).sign_in) or {}
    secrets = [question.key for question in crm.questions if question.kind == "secret"]
    return {**answers, **{key: kept[key] for key in secrets if kept.get(key) and not answers.get(key)}}


def first_notes(channel: str | None) -> Notes:
    """The notes of a modal that is yet to be opened; `channel` is where the command was typed.

    Its own name, by which it is found again after a sign-in, is there before Slack gives it an id.
    """
    return {"channel": channel, _EXTERNAL_ID: str(ULID())}


def wish(entered: SettingsInput, notes: Notes) -> Wish:
    """What to store: only what differs from the modal as it was first drawn, so that two admins can
    save at once.
    """
    drawn = notes.get(_DRAWN)
    if not isinstance(drawn, dict):
        return Wish(
            entered.crm,
            entered.boxes,
            None,
            entered.channel or None,
            entered.undo_seconds,
            entered.most_cards,
            entered.editors,
            entered.options,
            entered.default_owner,
            entered.send_notes,
        )
    return Wish(
        crm=_changed(entered.crm, drawn["crm"]),
        boxes=entered.boxes,
        drawn_boxes=Boxes(**drawn["boxes"]),
        channel=_changed(entered.channel or None, drawn["channel"]),
        undo_seconds=_changed(entered.undo_seconds, drawn["undo_seconds"]),
        most_cards=_changed(entered.most_cards, drawn.get("most_cards")),
        editors=_changed(entered.editors, tuple(drawn["editors"])),
        options=_changed_options(entered, notes.get(_OPTIONS) or {}),
        default_owner=_changed(entered.default_owner, drawn.get("default_owner", "")),
        send_notes=_changed(entered.send_notes, drawn.get("send_notes")),
    )


def _changed_options(entered: SettingsInput, drawn: Mapping[str, str]) -> dict[str, dict[str, Picked]]:
    crm = drawn.get("crm", "")
    changed = {
        key: picked
        for key, picked in entered.options.get(crm, {}).items()
        if _digest(picked) != drawn.get(key, _digest(_NOTHING))
    }
    return {crm: changed}


def _digest(picked: Picked) -> str:
    # The notes of a modal hold little, and a value may be long.
    return blake2s(picked.value.encode(), digest_size=4).hexdigest()


def lacks(crm: Crm) -> str | None:
    """What a CRM can't do, or only so far, as a sentence for the settings; None where it can do all."""
    told = [words for capability, words in _LACKS.items() if capability not in crm.capabilities]
    if crm.largest_cv is not None:
        told.append(f"takes CVs of up to {kit.file_size(crm.largest_cv)}")
    return f"{crm.name} {' and '.join(told)}." if told else None


def input_from(draft: Mapping[str, Any]) -> SettingsInput:
    """What had been entered when a Login link was made."""
    boxes, editors = draft.get("boxes"), draft.get("editors")
    return SettingsInput(
        crm=draft.get("crm"),
        boxes=Boxes(**boxes) if boxes else None,
        channel=draft.get("channel"),
        undo_seconds=draft.get("undo_seconds"),
        most_cards=draft.get("most_cards"),
        editors=tuple(editors) if editors is not None else None,
        options={
            crm: {key: Picked(**picked) for key, picked in chosen.items()}
            for crm, chosen in (draft.get("options") or {}).items()
        },
        default_owner=draft.get("default_owner"),
        send_notes=draft.get("send_notes"),
    )


def _kept_answers(sign_in: Connection | None) -> Mapping[str, str] | None:
    return sign_in.answers if sign_in is not None and sign_in.broken is not None else None


def _shown_answers(
    crm: Crm | None, kept: Mapping[str, str] | None, checked: Mapping[str, str] | None
) -> dict[str, str]:
    """What the questions hold before anything is typed. A secret is only told to be stored if it is."""
    asked = crm.questions if crm else ()
    known = {**(kept or {}), **(checked or {})}
    told = [question.key for question in asked if question.kind != "secret" or question.key in (kept or {})]
    return {key: known[key] for key in told if known.get(key)}


def _can_sign_in(crm: Crm, checked: Mapping[str, str] | None) -> bool:
    return crm.oauth is not None and (not crm.questions or checked is not None)


def _drawn(seen: Overview) -> dict[str, Any]:
    settings = seen.settings
    return {
        "crm": settings.crm,
        "boxes": asdict(settings.boxes),
        "channel": seen.channel,
        "undo_seconds": seen.undo_seconds,
        "most_cards": _most_cards(seen),
        "editors": list(settings.editors),
        "default_owner": settings.default_owner or "",
        "send_notes": settings.send_notes,
    }


def _most_cards(seen: Overview) -> int:
    return seen.settings.most_cards or 0


def _changed(entered: T, drawn: T) -> T | None:
    return None if entered == drawn else entered
