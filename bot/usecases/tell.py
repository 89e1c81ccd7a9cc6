"""Private words to one person: an ephemeral message in a channel, or a direct message."""

from __future__ import annotations

from bot.store.job_rows import Job
from bot.usecases import slack
from bot.usecases.house import House

_UNREACHABLE = {
    "user_not_in_channel",
    "channel_not_found",
    "not_in_channel",
    "user_not_found",
    "cannot_dm_bot",
    "is_archived",
}


def deliver_ephemeral(house: House, job: Job) -> None:
    """Show the text to one person in a channel; where the bot is not in it, as a direct message."""
    told = job.payload
    with slack.delivering(house, job.team_id) as client:
        is_shown = slack.ignoring(
            _UNREACHABLE,
            lambda: client.chat_postEphemeral(channel=told["channel"], user=told["user"], text=told["text"]),
        )
    if not is_shown:
        deliver_direct(house, job)


def deliver_direct(house: House, job: Job) -> None:
    """Send the text to one person as a direct message."""
    told = job.payload
    with slack.delivering(house, job.team_id) as client:
        slack.ignoring(
            _UNREACHABLE,
            lambda: client.chat_postMessage(channel=told["user"], text=told["text"], unfurl_links=False),
        )
