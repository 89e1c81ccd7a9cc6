"""The summary of a burst: how many applicants wait in the queue instead of a wall of cards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import ids, kit, parts
from bot.blocks.parts import AnyBlock, Json

_MOST_VACANCIES = 5


@dataclass(frozen=True)
class SummaryScreen:
    """What a summary is drawn from: how many were `held` back, and by vacancy how many of them still wait."""

    held: int
    vacancies: Sequence[tuple[str, int]]
    now: datetime


def summary(screen: SummaryScreen) -> Json:
    """The message: `text` for notifications and screen readers, `blocks` for the eye."""
    told = _told(screen)
    if not screen.vacancies:
        return {"text": f"✅ {told}", "blocks": parts.ready([parts.section(f"✅ {told}")])}
    open_queue = parts.button("Open the queue", ids.OPEN_QUEUE, style="primary")
    blocks: list[AnyBlock] = [
        parts.section(f"📥 *{told}*\n{_vacancies(screen.vacancies)}"),
        parts.actions([open_queue], ids.OPEN_QUEUE),
        parts.context(
            "They wait there so that this channel stays readable. Each gets a card here once decided. "
            f"As of {kit.when(screen.now, screen.now)}."
        ),
    ]
    return {"text": f"📥 {told}", "blocks": parts.ready(blocks)}


def _told(screen: SummaryScreen) -> str:
    waiting = sum(count for _, count in screen.vacancies)
    if not waiting:
        everybody = kit.counted(screen.held, "applicant", "applicants")
        return f"Nobody waits in the queue any more: {everybody} of this burst decided or shown as cards."
    if waiting >= screen.held:
        return f"{kit.counted(waiting, 'more applicant waits', 'more applicants wait')} in the queue"
    waits = "waits" if waiting == 1 else "wait"
    return f"{waiting} of {screen.held} more applicants still {waits} in the queue"


def _vacancies(vacancies: Sequence[tuple[str, int]]) -> str:
    lines = [
        f"• {count} for {kit.shown(title, 100) or 'a vacancy'}"
        for title, count in vacancies[:_MOST_VACANCIES]
    ]
    rest = vacancies[_MOST_VACANCIES:]
    if rest:
        others = kit.counted(len(rest), "other vacancy", "other vacancies")
        lines.append(f"• {sum(count for _, count in rest)} for {others}")
    return "\n".join(lines)
