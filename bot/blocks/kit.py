"""The one place that makes people's text safe to show and cuts it to Slack's limits; times and links too."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

NO_LONGER_ACCEPTED = "no longer accepts the sign-in."
"""What screens say of a CRM whose sign-in ended, and its error as well where nothing more is known."""
_ELLIPSIS = "…"
_JOINER = "\u2060"
_ZERO_WIDTH_JOINER = "\u200d"
_KEPT_FORMATS = frozenset({_ZERO_WIDTH_JOINER, "\u200c"})
_MOST_MARKS = 6
_LONGEST_CLUSTER = 32
_RIGHT_TO_LEFT = frozenset({"R", "AL"})
_USER_ID = re.compile(r"[UW][A-Z0-9]{2,30}")

# mrkdwn has no escape for these, so their twins stand in for them; longer texts belong into plain text.
_TWINS = str.maketrans({"*": "∗", "~": "∼", "`": "ˋ"})
_OUTER_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
# Slack makes emoji, links and mentions of these without any brackets; an invisible joiner prevents it.
_JOINED = re.compile(r":(?=[\w+'-]+:)|:(?=//)|[@#](?=\w)|(?<=\w)\.(?=[^\W\d_]{2})")


def plain(text: str | None, limit: int) -> str:
    """People's text as one line for plain and rich text, where Slack interprets nothing. May be empty."""
    return _isolated(lambda room: _fitting(_one_line(text, room), room, str), limit)


def paragraphs(text: str | None, limit: int) -> str:
    """As `plain`, with the line breaks kept."""
    return _fitting(_cleaned((text or "")[: _enough(limit)]).strip(), limit, str)


def pages(text: str | None, limit: int, most: int) -> tuple[list[str], int]:
    """As `paragraphs`, on several pages; with the count of characters that found no room on them."""
    looked_at = (text or "")[: 2 * most * limit]
    rest = _cleaned(looked_at).strip()
    found: list[str] = []
    while rest and len(found) < most:
        page = _prefix(rest, limit, str)
        if len(page) < len(rest):
            at = max(page.rfind("\n"), page.rfind(" "))
            page = page[:at] if at > limit // 2 else page
        found.append(page.rstrip())
        rest = rest[len(page) :].lstrip()
    return found, len(rest) + len(text or "") - len(looked_at)


def shown(text: str | None, limit: int) -> str:
    """People's text as one line within our mrkdwn: shown as typed, it never formats, links or pings."""
    return _isolated(lambda room: _fitting(_neutral(_one_line(text, room)), room, _escaped), limit)


def beyond(said: str, reason: str | None) -> str | None:
    """A reason that says more than what is `said` anyway; None for one that doesn't."""
    return None if reason is None or reason.endswith(said) else reason


def mention(user_id: str | None) -> str:
    """A person of the workspace by id, in mrkdwn."""
    return f"<@{user_id}>" if is_user_id(user_id) else "someone"


def is_user_id(user_id: str | None) -> bool:
    """Whether this can be a Slack user's id."""
    return bool(user_id and _USER_ID.fullmatch(user_id))


def when(moment: datetime, now: datetime) -> str:
    """A moment in mrkdwn, which each reader sees in their own time zone."""
    return _date(moment, "{date_short_pretty} at {time}", written(moment, now))


def clock(moment: datetime) -> str:
    """A moment of today in mrkdwn, to the second."""
    return _date(moment, "{time_secs}", moment.astimezone(UTC).strftime("%H:%M:%S UTC"))


def written(moment: datetime, now: datetime) -> str:
    """A moment as bare words, for where Slack cannot fill it in; the year only if it is another."""
    at = moment.astimezone(UTC)
    year = "" if at.year == now.astimezone(UTC).year else f" {at.year}"
    return f"{at.day} {at.strftime('%b')}{year}, {at.strftime('%H:%M')} UTC"


def file_size(size: int) -> str:
    """Bytes as people read them."""
    if size < 999_500:
        return f"{max(1, round(size / 1000))} KB"
    return f"{size / 1_000_000:.1f} MB"


def web_link(url: str | None) -> str | None:
    """The address if it is a web address that Slack takes, else None."""
    if not url or len(url) > 3000 or any(character <= " " or character in '<>|"' for character in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def sendable(text: str) -> str:
    """The text without lone surrogates, which no request can carry."""
    return text.encode("utf-8", "ignore").decode("utf-8")


def length(text: str) -> int:
    """How long Slack may find a text: it does not say what it counts, and UTF-16 units are never too few."""
    return len(text) + sum(character > "\uffff" for character in text)


def counted(number: int, one: str, many: str) -> str:
    """`1 applicant`, `2 applicants`."""
    return f"{number} {one if number == 1 else many}"


def _date(moment: datetime, template: str, fallback: str) -> str:
    seconds = int(moment.timestamp())
    return f"<!date^{seconds}^{template}|{fallback}>" if seconds > 0 else fallback


def _enough(limit: int) -> int:
    # The rest of a huge text is never looked at; the margin is for blanks and control characters that go.
    return 4 * limit + 64


def _one_line(text: str | None, limit: int) -> str:
    return " ".join(_cleaned((text or "")[: _enough(limit)]).split())


def _cleaned(text: str) -> str:
    """Without control characters, direction overrides and towers of marks; line breaks are all `\\n`."""
    kept: list[str] = []
    marks = 0
    for character in re.sub(r"\r\n?|[\v\f\x85\u2028\u2029]", "\n", text):
        category = unicodedata.category(character)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if character in "\n\t":
            kept.append("\n" if character == "\n" else " ")
        elif character in _KEPT_FORMATS or not (category in ("Cc", "Cf", "Cs") or marks > _MOST_MARKS):
            kept.append(character)
    return "".join(kept)


def _isolated(fit: Callable[[int], str], limit: int) -> str:
    """Text fitted to the limit; walled off if it runs from right to left: our words keep their order."""
    fitted = fit(limit)
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in fitted):
        return f"\u2068{fit(limit - 2)}\u2069"
    return fitted


def _fitting(text: str, limit: int, spell: Callable[[str], str]) -> str:
    """The text spelled out within the limit, cut between what people see as characters."""
    whole = spell(text)
    return whole if length(whole) <= limit else _prefix(text, limit - 1, spell).rstrip() + _ELLIPSIS


def _prefix(text: str, limit: int, spell: Callable[[str], str]) -> str:
    kept: list[str] = []
    room = limit
    for cluster in _clusters(text):
        spelled = spell(cluster)
        room -= length(spelled)
        if room < 0:
            break
        kept.append(spelled)
    return "".join(kept)


def _clusters(text: str) -> Iterator[str]:
    cluster = ""
    for character in text:
        if cluster and not _belongs(cluster, character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _belongs(cluster: str, character: str) -> bool:
    if len(cluster) >= _LONGEST_CLUSTER:
        return False
    is_mark = unicodedata.category(character).startswith("M") or character in _KEPT_FORMATS
    is_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    is_flag = len(cluster) == 1 and _is_regional(cluster) and _is_regional(character)
    return is_mark or is_tone or is_flag or cluster.endswith(_ZERO_WIDTH_JOINER)


def _is_regional(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _neutral(text: str) -> str:
    text = _OUTER_UNDERSCORE.sub("ˍ", text.translate(_TWINS))
    return _JOINED.sub(lambda found: found[0] + _JOINER, text)


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
