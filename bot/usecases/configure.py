"""What admins choose in `/handoff-settings`: shown, checked, saved, and written into a history."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta

from bot.blocks.setting_changes import changes_in_words
from bot.crm._base import Crm
from bot.crm._registry import offered
from bot.errors import FieldFault, Invalid
from bot.models import Status
from bot.rules.statuses import may_trigger
from bot.store import applications, connections
from bot.store import settings as settings_store
from bot.usecases import bursts, people, sessions
from bot.usecases.house import House
from bot.workspace import Boxes, Connection, Picked, SettingsChange, WorkspaceSettings

Options = Mapping[str, Mapping[str, Picked]]


@dataclass(frozen=True)
class Wish:
    """What an admin asks for; None keeps what is stored.

    `drawn_boxes` are the boxes as the admin was shown them: of `boxes`, only what differs from those is
    taken over. `most_cards` 0 gives every applicant a card. `options` are by CRM and option; an empty value
    takes a choice back, as an empty `default_owner` does.
    """

    crm: str | None = None
    boxes: Boxes | None = None
    drawn_boxes: Boxes | None = None
    channel: str | None = None
    undo_seconds: int | None = None
    most_cards: int | None = None
    editors: tuple[str, ...] | None = None
    options: Options = field(default_factory=dict)
    default_owner: str | None = None
    send_notes: bool | None = None


@dataclass(frozen=True)
class Overview:
    """A workspace's settings with everything that explains them. `sign_in` is that of the chosen CRM."""

    settings: WorkspaceSettings
    statuses: list[Status]
    history: list[SettingsChange]
    crms: list[Crm]
    sign_in: Connection | None
    channel: str | None
    undo_seconds: int
    undecided: int
    waiting: int
    failed: int


def overview(house: House, team_id: str, crm: str | None = None) -> Overview:
    """The workspace's settings as of now; `crm` shows the sign-in of another CRM than the saved one."""
    with house.database.reading() as connection:
        settings = settings_store.load(connection, team_id)
        key = crm or settings.crm
        states = applications.count_by_handoff_state(connection, team_id)
        return Overview(
            settings=settings,
            statuses=settings_store.load_statuses(connection, team_id),
            history=settings_store.history(connection, team_id, limit=5),
            crms=offered(house.crms, house.apps),
            sign_in=connections.find(connection, house.vault, team_id, key) if key else None,
            channel=house.card_channel(settings),
            undo_seconds=int(house.undo_window(settings).total_seconds()),
            undecided=applications.undecided(connection, team_id),
            waiting=sum(count for state, count in states.items() if state != "failed"),
            failed=sum(count for state, count in states.items() if state == "failed"),
        )


def save(house: House, team_id: str, user_id: str, wish: Wish) -> WorkspaceSettings:
    """Store what an admin chose.

    Raises `Invalid` naming `trigger`, `crm`, `undo` or `cards`, and `Refused` for others.
    """
    people.require_editor(house, team_id, user_id, fresh=timedelta(0))
    with house.database.exclusive(f"settings:{team_id}"), house.database.transaction() as connection:
        before = settings_store.load(connection, team_id)
        statuses = settings_store.load_statuses(connection, team_id)
        after = _wished(house, before, wish)
        _check(house, after, statuses)
        names = {key: crm.name for key, crm in house.crms.items()}
        changes = changes_in_words(before, after, statuses, names, _option_labels(house))
        if not changes:
            return before
        after = replace(after, version=before.version + 1)
        settings_store.save(connection, after)
        settings_store.add_history(
            connection, team_id, SettingsChange(user_id, house.clock(), tuple(changes))
        )
        if (house.card_channel(after), after.most_cards) != (house.card_channel(before), before.most_cards):
            bursts.settle(house, connection, after)
        if after.crm != before.crm:
            sessions.release(house, connection, team_id)
    return after


def _wished(house: House, before: WorkspaceSettings, wish: Wish) -> WorkspaceSettings:
    undo = before.undo_seconds
    if wish.undo_seconds is not None and wish.undo_seconds != house.undo_window(before).total_seconds():
        undo = wish.undo_seconds
    return replace(
        before,
        crm=wish.crm or before.crm,
        boxes=before.boxes if wish.boxes is None else _merged(before.boxes, wish.drawn_boxes, wish.boxes),
        channel=before.channel if wish.channel is None else wish.channel,
        undo_seconds=undo,
        most_cards=before.most_cards if wish.most_cards is None else wish.most_cards or None,
        editors=before.editors if wish.editors is None else wish.editors,
        crm_options=_options(house, before.crm_options, wish.options),
        default_owner=before.default_owner if wish.default_owner is None else wish.default_owner or None,
        send_notes=before.send_notes if wish.send_notes is None else wish.send_notes,
    )


def _options(house: House, stored: Options, wished: Options) -> Options:
    merged = {crm: dict(picked) for crm, picked in stored.items()}
    for crm, answers in wished.items():
        known = {question.key for question in house.crms[crm].options} if crm in house.crms else set()
        own = merged.setdefault(crm, {})
        own |= {key: picked for key, picked in answers.items() if key in known}
        merged[crm] = {key: picked for key, picked in own.items() if picked.value}
    return {crm: picked for crm, picked in merged.items() if picked}


def _option_labels(house: House) -> dict[tuple[str, str], str]:
    return {
        (key, question.key): question.label for key, crm in house.crms.items() for question in crm.options
    }


def _merged(stored: Boxes, drawn: Boxes | None, wished: Boxes) -> Boxes:
    # What somebody else saved since the modal was drawn stays, unless this admin changed the same box.
    if drawn is None:
        return wished
    before = asdict(drawn)
    return replace(stored, **{name: value for name, value in asdict(wished).items() if value != before[name]})


def _check(house: House, settings: WorkspaceSettings, statuses: list[Status]) -> None:
    faults = []
    allowed: Mapping[str, Status] = {status.key: status for status in statuses if may_trigger(status)}
    if settings.boxes.send_status and settings.boxes.trigger_status not in allowed:
        faults.append(
            FieldFault("trigger", "Choose the status that forwards an applicant, or untick its box.")
        )
    if settings.crm is not None and settings.crm not in house.crms:
        faults.append(FieldFault("crm", "This CRM is not offered here. Choose one from the menu."))
    if settings.undo_seconds is not None and not 0 <= settings.undo_seconds <= 3600:
        faults.append(FieldFault("undo", "Choose between 0 and 3600 seconds."))
    if settings.most_cards is not None and not 1 <= settings.most_cards <= 1000:
        faults.append(FieldFault("cards", "Choose how many cards at a time, at most 1000."))
    if faults:
        raise Invalid(faults)
