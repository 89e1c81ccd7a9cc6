"""Bursts: whose cards are held back, when they are let go, and the one message that stands for them."""

from __future__ import annotations

from sqlalchemy import Connection

from bot.blocks.summary import SummaryScreen, summary
from bot.models import Application
from bot.store import applications, bursts
from bot.store import settings as settings_store
from bot.store.job_rows import Job
from bot.usecases import posting, queue, slack
from bot.usecases.house import House
from bot.usecases.posting import Mark
from bot.workspace import WorkspaceSettings

EVENT_TYPE = "handoff_summary"


def arrived(
    house: House, connection: Connection, settings: WorkspaceSettings, application: Application
) -> None:
    """A new application was stored: hold its card back if the workspace has had its fill for now."""
    if settings.most_cards is None:
        return
    team_id, now = application.team_id, house.clock()
    bursts.lock(connection, team_id, now)
    settings = settings_store.load(connection, team_id)  # an admin may just have changed it
    if settings.most_cards is None or bursts.take_card(connection, team_id, settings.most_cards, now):
        return
    burst_id = bursts.current(connection, team_id, house.card_channel(settings), now)
    bursts.hold(connection, team_id, burst_id, application.id, now)
    redraw(house, connection, team_id, burst_id)


def let_go(house: House, connection: Connection, application: Application) -> None:
    """Hold the application's card back no longer; the caller has it posted."""
    if application.burst_id is not None:
        bursts.let_go(connection, application.team_id, application.id)
        redraw(house, connection, application.team_id, application.burst_id)


def settle(house: House, connection: Connection, settings: WorkspaceSettings) -> None:
    """Settings, or what they are for, have changed: post or hold back all that waits as they ask for now."""
    team_id, now = settings.team_id, house.clock()
    bursts.lock(connection, team_id, now)
    seen = bursts.with_held_cards(connection, team_id)
    if settings.most_cards is None:
        bursts.let_all_go(connection, team_id)
    else:
        first = bursts.first_beyond(connection, team_id, settings.most_cards)
        if first is not None:
            burst_id = bursts.current(connection, team_id, house.card_channel(settings), now)
            bursts.hold_from(connection, team_id, burst_id, first, now)
            bursts.cancel_cards(connection, team_id, queue.lane(queue.CARD, ""))
            seen = bursts.with_held_cards(connection, team_id)
    for burst in seen:
        queue.summary(house, connection, burst)
    if applications.without_card(connection, team_id, limit=1):
        queue.release(house, connection, team_id)


def redraw(house: House, connection: Connection, team_id: str, burst_id: str) -> None:
    """Have a burst's summary posted or brought up to date."""
    burst = bursts.find(connection, team_id, burst_id)
    if burst is not None:
        queue.summary(house, connection, burst)


def deliver(house: House, job: Job) -> None:
    """Post a burst's summary, or bring it up to date."""
    with house.database.reading() as connection:
        burst = bursts.find(connection, job.team_id, job.payload["burst_id"])
        if burst is None:
            return
        vacancies = bursts.by_vacancy(connection, job.team_id, burst.id)
        channel = burst.channel or house.card_channel(settings_store.load(connection, job.team_id))
    now = house.clock()
    if channel is None:
        return
    content = summary(SummaryScreen(burst.held, vacancies, now))
    mark = Mark(EVENT_TYPE, "burst", burst.id, burst.began_at)
    ts = burst.ts or posting.find(house, job, channel, mark)
    if ts is not None:
        with slack.delivering(house, job.team_id) as client:
            posting.update(client, channel, ts, content)
    elif vacancies:
        ts = posting.post(house, job, channel, mark, content)
    else:
        return  # nobody waits any more: there is nothing to say
    with house.database.transaction() as connection:
        bursts.save_message(connection, burst, channel, ts, now)
