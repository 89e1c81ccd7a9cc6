"""Our key in a note where the CRM has no field for it: a line below the text, by which a repeat knows it."""

from __future__ import annotations

import html
import re

MARK = "Handoff reference:"


def marked(text: str, key: str) -> str:
    """The text with our key in a line of its own below it."""
    return f"{text}\n\n{MARK} {key}"


def is_marked(text: str, key: str) -> bool:
    """Whether a note, be it plain text or HTML, bears exactly that key."""
    return re.search(rf"{MARK}\s+{re.escape(key)}(?![\w-])", text) is not None


def as_html(text: str) -> str:
    """Plain text for a CRM whose notes are HTML."""
    return html.escape(text, quote=False).replace("\n", "<br>")
