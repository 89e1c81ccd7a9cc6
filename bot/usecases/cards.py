"""The card of an application in Slack: posted once, kept up to date, its CV in the thread."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from slack_sdk import WebClient
from sqlalchemy import Connection

from bot.blocks.card import CardScreen, card
from bot.crm._base import Capability, Crm
from bot.crm._push import PushCrm
from bot.models import Application, Card
from bot.store import applications, connections, notes
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import bursts, posting, queue, slack
from bot.usecases.house import House
from bot.usecases.posting import Mark

EVENT_TYPE = "handoff_application"
_AT_A_TIME = 200


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
            posting.update(client, application.card.channel, application.card.ts, content)
    elif channel is not None and (application.burst_id is None or job.attempts > 1):
        # An attempt may have posted what was held back since: then it has to be found.
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


def deliver_waiting(house: House, job: Job) -> None:
    """Queue the cards that wait to be posted, some at a time."""
    with house.database.transaction() as connection:
        waiting = applications.without_card(connection, job.team_id, _AT_A_TIME, job.payload["after"])
        for application_id in waiting:
            queue.card(house, connection, job.team_id, application_id)
        if len(waiting) == _AT_A_TIME:
            queue.release(house, connection, job.team_id, after=waiting[-1])


def _post(house: House, job: Job, application: Application, channel: str, content: dict[str, Any]) -> None:
    mark = Mark(EVENT_TYPE, "application", application.id, application.received_at)
    ts = posting.post(house, job, channel, mark, content)
    with house.database.transaction() as connection:
        applications.save_card(connection, job.team_id, application.id, Card(channel, ts))
        if application.burst_id is not None:
            bursts.redraw(house, connection, job.team_id, application.burst_id)
        queue.card(house, connection, job.team_id, application.id)  # something may have changed meanwhile
        if application.cv is not None:
            queue.cv(house, connection, job.team_id, application.id)


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
