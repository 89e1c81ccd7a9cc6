"""The notes a handoff leaves on a person's record in the CRM: plain text, for people who saw no card."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.models import Application, Status


def text(
    application: Application, decider: str | None, statuses: Sequence[Status], *, has_cv: bool = True
) -> str:
    """Where the application came from, what was decided by whom, and the applicant's own words.

    `has_cv` tells whether the CV's file goes along.
    """
    vacancy = application.vacancy
    job = " · ".join(
        part for part in (vacancy.reference, vacancy.title, vacancy.client, vacancy.location) if part
    )
    applied = application.applied_at or application.received_at
    lines = [
        f"Applied via {application.source} on {applied:%d %B %Y} for {job}.",
        _decision(application, decider, statuses),
    ]
    if application.cv is not None:
        where = "also on the card in Slack" if has_cv else "on the card in Slack alone"
        lines.append(f"CV: {application.cv.filename} ({where}).")
    lines += [f"{answer.question}\n{answer.answer}" for answer in application.answers]
    if application.cover_letter:
        lines.append(f"Cover letter:\n{application.cover_letter}")
    return "\n\n".join(lines)


def of_the_team(text: str, author: str, at: datetime, application: Application) -> str:
    """What a member wrote, with who it was, when, and about which application."""
    vacancy = application.vacancy
    about = " · ".join(part for part in (vacancy.reference, vacancy.title) if part)
    return f"Note by {author} in Slack, {at.astimezone(UTC):%d %B %Y, %H:%M} UTC, on {about}:\n\n{text}"


def _decision(application: Application, decider: str | None, statuses: Sequence[Status]) -> str:
    names = {status.key: status.name for status in statuses}
    status = names.get(application.status, application.status)
    if decider is None or application.decided_at is None:
        return f"Forwarded on arrival by Handoff (Slack). Status: {status}."
    light = f"{application.light.value.capitalize()}, " if application.light else ""
    when = f"{application.decided_at:%d %B %Y, %H:%M} UTC"
    return f"Decided in Slack by {decider} on {when}: {light}status {status}."
