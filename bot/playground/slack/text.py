"""Slack's text rules: which raw sequences in mrkdwn become mentions and links, and where mrkdwn is read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .model import Json, Ping

_RAW = re.compile(r"<(?P<inner>[^<>\s][^<>]*)>")
_BROADCASTS = frozenset({"channel", "here", "everyone"})
_LINK = re.compile(r"(?:https?://|mailto:|tel:|slack://)[^|]+(?:\|.*)?$", re.IGNORECASE)


def entities(text: str) -> list[tuple[str, str]]:
    """Every raw `<…>` in mrkdwn that Slack interprets, as (kind, target); escaped text yields nothing."""
    found = [_entity(match["inner"]) for match in _RAW.finditer(text)]
    return [entity for entity in found if entity is not None]


def _entity(inner: str) -> tuple[str, str] | None:
    if inner.startswith("@"):
        return "user", inner[1:].split("|")[0]
    if inner.startswith("#"):
        return "channel_link", inner[1:].split("|")[0]
    if inner.startswith("!subteam^"):
        return "usergroup", inner[len("!subteam^") :].split("|")[0]
    if inner.startswith("!"):
        word = inner[1:].split("|")[0]
        return (word, word) if word in _BROADCASTS else None
    return ("link", inner) if _LINK.match(inner) else None


def mrkdwn_fields(body: Json) -> Iterator[tuple[str, str]]:
    """(json pointer, text) of every place in a message whose text Slack reads as mrkdwn."""
    if body.get("text"):
        yield "/text", str(body["text"])
    for name in ("blocks", "attachments"):
        yield from _walk(body.get(name), f"/{name}")


def _walk(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _walk(item, f"{at}/{index}")
    elif isinstance(value, dict):
        if value.get("type") == "mrkdwn" or (value.get("type") == "markdown" and "text" in value):
            yield f"{at}/text", str(value.get("text", ""))
        else:
            yield from _rich(value, at)
            for key, item in value.items():
                yield from _walk(item, f"{at}/{key}")


def _rich(value: Json, at: str) -> Iterator[tuple[str, str]]:
    """Rich text names its mentions instead of spelling them; they are put back into mrkdwn's spelling."""
    kind = value.get("type")
    if kind == "broadcast" and "range" in value:
        yield at, f"<!{value['range']}>"
    elif kind == "user" and "user_id" in value:
        yield at, f"<@{value['user_id']}>"
    elif kind == "usergroup" and "usergroup_id" in value:
        yield at, f"<!subteam^{value['usergroup_id']}>"
    elif kind == "link" and "url" in value:
        yield at, f"<{value['url']}>"


def mentions_and_links(channel: str, body: Json) -> tuple[list[Ping], list[Ping]]:
    """The pings and the links that this message makes."""
    pings: list[Ping] = []
    links: list[Ping] = []
    for where, text in mrkdwn_fields(body):
        for kind, target in entities(text):
            ping = Ping(channel, str(body.get("ts", "")), kind, target, where)
            (links if kind in ("link", "channel_link") else pings).append(ping)
    return pings, links
