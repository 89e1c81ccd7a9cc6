"""The card of an application in Slack: posted once, kept up to date, its CV in the thread."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy import Connection

from bot.blocks import notices
from bot.blocks.card import CardScreen, card
from bot.crm._base import Capability, Crm
from bot.crm._push import PushCrm
from bot.errors import NotFound
from bot.models import Application, Card
from bot.outbox import TryLater
from bot.store import applications, connections, notes, paces
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import people, queue, slack
from bot.usecases.house import House

EVENT_TYPE = "handoff_application"
_UNUSABLE = (
    "channel_not_found",
    "is_archived",
    "not_in_channel",
    "method_not_supported_for_channel_type",
    "restricted_action",
)
_LOOK_AGAIN = timedelta(minutes=10)
_HISTORY_PAGE = 200


def screen(house: House, connection: Connection, application: Application) -> CardScreen:
    """Everything an application's card shows, as of now."""
    team_id = application.team_id
    settings = settings_store.load(connection, team_id)
    sign_in = connections.find(connection, house.vault, team_id, settings.crm or "")
    crm = house.crms.get(application.handoff.crm or settings.crm or "")
    return CardScreen(
        application=application,
        earlier=applications.earlier(connection, application),
        statuses=settings_store.load_statuses(connection, team_id),
        crm_name=crm.name if crm else None,
        is_connected=sign_in is not None and sign_in.broken is None,
        now=house.clock(),
        offers_vacancies=crm is not None and _offers_vacancies(crm),
        notes=notes.counts(connection, team_id, application.id),
        largest_cv=crm.largest_cv if crm else None,
    )


def _offers_vacancies(crm: Crm) -> bool:
    return Capability.VACANCIES in crm.capabilities and not isinstance(crm, PushCrm)


def deliver(house: House, job: Job) -> None:
    """Post the application's card, or bring it up to date."""
    application_id = job.payload["application_id"]
    with house.database.reading() as connection:
        application = applications.find(connection, job.team_id, application_id)
        if application is None:
            return
        content = card(screen(house, connection, application))
        channel = house.card_channel(settings_store.load(connection, job.team_id))
    if application.card is not None:
        with slack.delivering(house, job.team_id) as client:
            _update(client, application.card, content)
    elif channel is not None:
        _post(house, job, application, channel, content)


def deliver_cv(house: House, job: Job) -> None:
    """Put the CV into the card's thread, once."""
    application_id = job.payload["application_id"]
    with house.database.reading() as connection:
        application = applications.find(connection, job.team_id, application_id)
        content = applications.cv_content(connection, job.team_id, application_id)
    if application is None or application.card is None or application.cv is None or content is None:
        return
    if application.card.cv_permalink:
        return
    with slack.delivering(house, job.team_id) as client:
        permalink = (
            _cv_in_thread(client, application.card, application.cv.filename) if job.attempts > 1 else None
        )
        if permalink is None:
            permalink = _upload(client, application.card, application.cv.filename, content)
    with house.database.transaction() as connection:
        present = applications.find(connection, job.team_id, application_id, lock=True)
        if present is not None and present.card is not None:
            saved = replace(present.card, cv_permalink=permalink)
            applications.save_card(connection, job.team_id, application_id, saved)
            queue.card(house, connection, job.team_id, application_id)


def release(house: House, connection: Connection, team_id: str) -> int:
    """Have every card posted that waited for a usable channel; how many."""
    waiting = applications.without_card(connection, team_id)
    for application_id in waiting:
        queue.card(house, connection, team_id, application_id)
    return len(waiting)


def _update(client: WebClient, where: Card, content: dict[str, Any]) -> None:
    # Somebody may have deleted the card: that is their decision, and no reason to post it again.
    slack.ignoring(
        {"message_not_found", "cant_update_message", "channel_not_found", "is_archived"},
        lambda: client.chat_update(channel=where.channel, ts=where.ts, **content),
    )


def _post(house: House, job: Job, application: Application, channel: str, content: dict[str, Any]) -> None:
    with slack.delivering(house, job.team_id) as client:
        try:
            ts = _find_lost(client, channel, application) if job.attempts > 1 else None
            if ts is None:
                _keep_pace(house, job)
                ts = _post_new(client, channel, application, content)
        except SlackApiError as error:
            code = slack.error_code(error)
            if not code.startswith(_UNUSABLE):
                raise
            _tell_channel_is_unusable(house, job.team_id, channel)
            reason = f"The channel for cards can't be used: {code}."
            # Choosing another channel posts it at once; the bot is not told of being let in again.
            raise TryLater(reason, house.clock() + _LOOK_AGAIN, counts=False) from None
    with house.database.transaction() as connection:
        applications.save_card(connection, job.team_id, application.id, Card(channel, ts))
        queue.card(house, connection, job.team_id, application.id)  # something may have changed meanwhile
        if application.cv is not None:
            queue.cv(house, connection, job.team_id, application.id)


def _post_new(client: WebClient, channel: str, application: Application, content: dict[str, Any]) -> str:
    metadata = {"event_type": EVENT_TYPE, "event_payload": {"application": application.id}}
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


def _find_lost(client: WebClient, channel: str, application: Application) -> str | None:
    # An earlier attempt may have posted the card without hearing so: its metadata tells.
    oldest = str(application.received_at.timestamp() - 60)
    cursor = None
    while True:
        page = client.conversations_history(
            channel=channel, oldest=oldest, limit=_HISTORY_PAGE, include_all_metadata=True, cursor=cursor
        )
        for message in page["messages"]:
            metadata = message.get("metadata") or {}
            is_card = metadata.get("event_type") == EVENT_TYPE
            if is_card and metadata.get("event_payload", {}).get("application") == application.id:
                return str(message["ts"])
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return None


def _upload(client: WebClient, where: Card, filename: str, content: bytes) -> str | None:
    answer = client.files_upload_v2(
        channel=where.channel, thread_ts=where.ts, filename=filename, title=filename, content=content
    )
    files = answer.get("files") or []
    return files[0].get("permalink") if files else None


def _cv_in_thread(client: WebClient, where: Card, filename: str) -> str | None:
    thread = client.conversations_replies(channel=where.channel, ts=where.ts, limit=50)
    for message in thread["messages"]:
        for file in message.get("files") or []:
            if file.get("title") == filename or file.get("name") == filename:
                return str(file.get("permalink") or "") or None
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
