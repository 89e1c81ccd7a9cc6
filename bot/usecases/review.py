"""The queue: who may open it, who is next in it, and what is shown of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError
from sqlalchemy import Connection

from bot.blocks.card import CardScreen
from bot.blocks.notes import Shelf
from bot.blocks.review import ReviewScreen, review_modal
from bot.errors import NotFound, Refused
from bot.outbox import TryLater
from bot.rules import access
from bot.store import applications, undecided
from bot.store import notes as note_store
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import bursts, cards, people, queue, slack
from bot.usecases.house import House

_NO_CHANNEL = (
    "No channel for cards is chosen yet; an admin does that in `/handoff-settings`. Until then the queue is "
    "for admins."
)
_PRIVATE = (
    "The applicants are for the people in their channel. Open the queue from there: press ⋮ on any card, "
    "then *Open the queue*."
)
_NOT_PUBLIC = frozenset(
    {
        "method_not_supported_for_channel_type",
        "channel_not_found",
        "is_archived",
        "missing_scope",
        "restricted_action",
    }
)
_CV_COMES_WITHIN = timedelta(minutes=5)
_LOOK_LASTS = timedelta(minutes=3)  # then somebody else may be shown them, too
_LOOK_AGAIN = timedelta(seconds=1)


@dataclass(frozen=True)
class Bookmark:
    """Where somebody is in the queue: `after` whom it goes on, who is to `stay`, whom they decided `last`."""

    after: str = ""
    stay: str | None = None
    last: str | None = None

    @classmethod
    def read(cls, noted: Mapping[str, Any]) -> Bookmark:
        """What a view carried; what it should not have carried is left out."""
        known = {field.name for field in fields(cls)}
        return cls(
            **{name: value for name, value in noted.items() if name in known and isinstance(value, str)}
        )

    def on_from(self, application_id: str) -> Bookmark:
        """The same, past this one."""
        return replace(self, after=max(self.after, application_id), stay=None)


def require_reader(house: House, team_id: str, user_id: str, channel: str | None) -> None:
    """Let only those on who may see the cards; `channel` is where they asked. Raises `Refused`."""
    person = people.require_decider(house, team_id, user_id)
    with house.database.reading() as connection:
        settings = settings_store.load(connection, team_id)
    shown_in = house.card_channel(settings)
    if access.may_change_settings(person, settings) or (channel is not None and channel == shown_in):
        return
    if shown_in is None:
        raise Refused(_NO_CHANNEL)
    if not _is_public(house, team_id, shown_in):
        raise Refused(_PRIVATE)


def _is_public(house: House, team_id: str, channel: str) -> bool:
    # Slack lets the bot join a public channel, again if need be, and refuses for every other.
    client = slack.client_of(house, team_id, slack.OPENING_SECONDS)
    try:
        answer = client.conversations_join(channel=channel)
    except SlackApiError as error:
        if slack.error_code(error) in _NOT_PUBLIC:
            return False
        raise
    return not (answer.get("channel") or {}).get("is_private", False)


def draw(house: House, team_id: str, user_id: str, bookmark: Bookmark, said: str = "") -> dict[str, Any]:
    """The queue's modal as of now for one person, with `said` at its top."""
    shown_id = _choose(house, team_id, user_id, bookmark)
    with house.database.reading() as connection:
        shown = _card(house, connection, team_id, shown_id)
        last = _card(house, connection, team_id, bookmark.last)
        position = undecided.count(connection, team_id, up_to=shown_id) if shown_id else 0
        total = undecided.count(connection, team_id)
        written = note_store.of_application(connection, team_id, shown_id) if shown_id else []
        looker = undecided.looker(connection, shown_id, user_id, house.clock()) if shown_id else None
    if bookmark.stay != shown_id:
        bookmark = replace(bookmark, stay=None)
    screen = ReviewScreen(
        next=shown,
        position=min(position, undecided.MOST_COUNTED),
        total=min(total, undecided.MOST_COUNTED),
        last=last if last is not None and last.application.decided_at is not None else None,
        said=said,
        bookmark=json.dumps(asdict(bookmark)),
        is_more=total > undecided.MOST_COUNTED,
        shelf=Shelf(written, (), shown.crm_name if shown is not None else None),
        looker=looker,
    )
    return review_modal(screen)


def _choose(house: House, team_id: str, user_id: str, bookmark: Bookmark) -> str | None:
    """Who is shown next: nobody whom somebody else looks at, as long as there are others."""
    now, after = house.clock(), bookmark.after
    with house.database.exclusive(f"queue:{team_id}"), house.database.transaction() as connection:
        staying = applications.find(connection, team_id, bookmark.stay) if bookmark.stay else None
        if staying is not None and staying.decided_at is None:
            chosen: str | None = staying.id
        else:
            free = undecided.first_free(connection, team_id, after, user_id, now)
            chosen = free or undecided.first(connection, team_id, after)
        is_shared = chosen is not None and undecided.looker(connection, chosen, user_id, now) is not None
        undecided.look(connection, team_id, user_id, None if is_shared else chosen, now + _LOOK_LASTS)
    return chosen


def _card(
    house: House, connection: Connection, team_id: str, application_id: str | None
) -> CardScreen | None:
    if application_id is None:
        return None
    found = applications.find(connection, team_id, application_id)
    return None if found is None else cards.screen(house, connection, found)


def post_card(house: House, team_id: str, user_id: str, application_id: str) -> None:
    """Have the card of an applicant posted who is held back, and the CV with it. Raises `NotFound`."""
    people.require_decider(house, team_id, user_id)
    with house.database.transaction() as connection:
        application = applications.find(connection, team_id, application_id, lock=True)
        if application is None:
            raise NotFound("This application is no longer here.")
        if application.burst_id is not None:
            bursts.let_go(house, connection, application)
            queue.card(house, connection, team_id, application_id)


def when_cv_is_there(
    house: House,
    team_id: str,
    user_id: str,
    view: Mapping[str, Any],
    application_id: str,
    bookmark: Bookmark,
) -> None:
    """Have an open queue drawn anew once the CV of whom it shows stands in its thread."""
    payload = {
        "view_id": view["id"],
        "hash": view["hash"],
        "user_id": user_id,
        "application_id": application_id,
        "bookmark": asdict(bookmark),
    }
    with house.database.transaction() as connection:
        queue.review(house, connection, team_id, payload)


def deliver(house: House, job: Job) -> None:
    """Draw an open queue anew, if it still shows the one whose CV has come."""
    with house.database.reading() as connection:
        application = applications.find(connection, job.team_id, job.payload["application_id"])
    now = house.clock()
    if application is None or application.cv is None or now - job.created_at > _CV_COMES_WITHIN:
        return
    if application.card is None or not application.card.cv_permalink:
        raise TryLater("The CV does not stand in its thread yet.", now + _LOOK_AGAIN, counts=False)
    view = draw(house, job.team_id, job.payload["user_id"], Bookmark.read(job.payload["bookmark"]))
    which = {"view_id": job.payload["view_id"], "hash": job.payload["hash"]}
    with slack.delivering(house, job.team_id) as client:
        slack.ignoring({"not_found", "hash_conflict"}, lambda: client.views_update(view=view, **which))
