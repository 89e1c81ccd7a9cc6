"""Messages in the channel for cards: posted once, whatever is lost, at the pace Slack allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.blocks import notices
from bot.errors import NotFound
from bot.outbox import TryLater
from bot.store import paces
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import people, queue, slack
from bot.usecases.house import House

T = TypeVar("T")
_UNUSABLE = (
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "method_not_supported_for_channel_type",
    "restricted_action",
)
_GONE = {"message_not_found", "cant_update_message", "channel_not_found", "is_archived"}
_LOOK_AGAIN = timedelta(minutes=10)
_HISTORY_PAGE = 200


@dataclass(frozen=True)
class Mark:
    """The metadata by which a message of ours is found again: `key` with `value` in an event of `type`.

    `since` is before it can have been posted.
    """

    type: str
    key: str
    value: str
    since: datetime


def post(house: House, job: Job, channel: str, mark: Mark, content: dict[str, Any]) -> str:
    """Post a message, or find it where an earlier attempt did so without hearing of it; its timestamp.

    Raises what the outbox understands.
    """
    return _in_channel(
        house, job, channel, lambda client: _post_once(house, client, job, channel, mark, content)
    )


def find(house: House, job: Job, channel: str, mark: Mark) -> str | None:
    """The message that an earlier attempt posted without hearing of it; its timestamp. Raises as `post`."""
    if job.attempts <= 1:
        return None
    return _in_channel(house, job, channel, lambda client: _find_lost(client, channel, mark))


def _in_channel(house: House, job: Job, channel: str, call: Callable[[WebClient], T]) -> T:
    with slack.delivering(house, job.team_id) as client:
        try:
            return call(client)
        except SlackApiError as error:
            code = slack.error_code(error)
            if not code.startswith(_UNUSABLE):
                raise
            _tell_channel_is_unusable(house, job.team_id, channel)
            reason = f"The channel for cards can't be used: {code}."
            # Choosing another channel posts it at once; the bot is not told of being let in again.
            raise TryLater(reason, house.clock() + _LOOK_AGAIN, counts=False) from None


def _post_once(
    house: House, client: WebClient, job: Job, channel: str, mark: Mark, content: dict[str, Any]
) -> str:
    ts = _find_lost(client, channel, mark) if job.attempts > 1 else None
    if ts is None:
        _keep_pace(house, job)
        ts = _post_new(client, channel, mark, content)
    return ts


def update(client: WebClient, channel: str, ts: str, content: dict[str, Any]) -> None:
    """Bring a message up to date, if it is still there."""
    # Somebody may have deleted it: that is their decision, and no reason to post it again.
    slack.ignoring(_GONE, lambda: client.chat_update(channel=channel, ts=ts, **content))


def _post_new(client: WebClient, channel: str, mark: Mark, content: dict[str, Any]) -> str:
    metadata = {"event_type": mark.type, "event_payload": {mark.key: mark.value}}
    post = {"channel": channel, "metadata": metadata, "unfurl_links": False, "unfurl_media": False, **content}
    try:
        answer = client.chat_postMessage(**post)
    except SlackApiError as error:
        if slack.error_code(error) != "not_in_channel":
            raise
        client.conversations_join(channel=channel)
        answer = client.chat_postMessage(**post)
    return str(answer["ts"])


def _keep_pace(house: House, job: Job) -> None:
    # Slack counts from when a post arrives, and this one took its time since its place was taken.
    if job.pace is not None:
        with house.database.transaction() as connection:
            paces.hold(connection, job.pace, house.clock() + timedelta(seconds=job.gap))


def _find_lost(client: WebClient, channel: str, mark: Mark) -> str | None:
    # An earlier attempt may have posted it without hearing so: its metadata tells.
    oldest = str(mark.since.timestamp() - 60)
    cursor = None
    while True:
        page = client.conversations_history(
            channel=channel, oldest=oldest, limit=_HISTORY_PAGE, include_all_metadata=True, cursor=cursor
        )
        for message in page["messages"]:
            metadata = message.get("metadata") or {}
            is_ours = metadata.get("event_type") == mark.type
            if is_ours and metadata.get("event_payload", {}).get(mark.key) == mark.value:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None


def _tell_channel_is_unusable(house: House, team_id: str, channel: str) -> None:
    try:
        installed_by = slack.installation(house, team_id).installed_by
    except NotFound:
        return
    with house.database.reading() as connection:
        editors = settings_store.load(connection, team_id).editors
    told = [user for user in (installed_by, *editors) if user] or people.admins(house, team_id)
    text = notices.channel_unusable(channel)
    with house.database.transaction() as connection:
        for user_id in dict.fromkeys(told):
            queue.direct(house, connection, team_id, user_id, text, once=f"channel:{channel}")
