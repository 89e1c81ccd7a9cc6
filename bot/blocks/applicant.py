"""What card, details and notices all say of an applicant: names, lights, the CV, earlier applications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.blocks import ids, kit, parts
from bot.blocks.parts import Json
from bot.models import Application, EarlierApplication, Light, Status, Vacancy

LIGHT_WORDS = {Light.GREEN: "🟢 Green", Light.AMBER: "🟡 Amber", Light.RED: "🔴 Red"}


def name_of(application: Application, limit: int) -> str:
    """The applicant's name, for plain text."""
    return kit.plain(application.candidate.name, limit) or kit.plain("Nameless applicant", limit)


def title_of(vacancy: Vacancy, limit: int) -> str:
    """The vacancy's title, for plain text; its reference where it has none."""
    return kit.plain(vacancy.title, limit) or kit.plain(vacancy.reference, limit) or "a vacancy"


def heading(application: Application) -> str:
    """Name and vacancy, for a header."""
    return f"{name_of(application, 70)} · {title_of(application.vacancy, 76)}"


def status_name(key: str, statuses: Sequence[Status]) -> str:
    """A status' name as people gave it; its key if it is gone."""
    return next((status.name for status in statuses if status.key == key), key)


def cv_name(application: Application) -> str:
    """The CV's file name and size, for plain text; empty without a CV."""
    cv = application.cv
    return f"{kit.plain(cv.filename, 80) or 'file'} ({kit.file_size(cv.size)})" if cv else ""


def cv_link(application: Application) -> str | None:
    """The address of the CV in the card's thread, once it stands there."""
    if application.cv is None or application.card is None:
        return None
    return kit.web_link(application.card.cv_permalink)


def earlier_line(earlier: EarlierApplication, statuses: Sequence[Status], now: datetime) -> list[Json]:
    """`Applied before: Site Engineer — Green, 3 Nov`, as runs of rich text.

    Who decided is left to the details: naming them on a new card would call them there.
    """
    runs = [
        parts.words("Applied before: ", bold=True),
        parts.words(f"{title_of(earlier.vacancy, 100)} — "),
    ]
    if earlier.decided_by is None or earlier.decided_at is None:
        return [*runs, parts.words("not decided")]
    status = kit.plain(status_name(earlier.status, statuses), 75)
    verdict = LIGHT_WORDS[earlier.light] if earlier.light else status
    day = parts.moment(earlier.decided_at, now, "{date_short_pretty}")
    return [*runs, parts.words(f"{verdict}, "), day]


def block_id(role: str, application: Application) -> str:
    """The id of a block about this application as it stands."""
    return ids.card_block(role, application.id, application.version)
