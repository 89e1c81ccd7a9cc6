"""Texts that people, sources and CRMs could send to break a screen."""

from __future__ import annotations

from hypothesis import strategies as st

_NASTY = (
    "<!channel>",
    "<@U0BEN>",
    "<https://evil.example|click>",
    "&lt;!here&gt;",
    "*b*",
    "_i_",
    "~s~",
    "`c`",
    "```",
    ":smile:",
    "https://evil.example",
    "ana@example.com",
    "@here",
    "#general",
    "> q",
    "\n",
    " ",
    "\u202e",
    "\u2068",
    "\u2069",
    "\ud800",
    "\x00",
    "👩‍👩‍👧",
    "🇬🇧",
    "شركة",
    "e\u0301",
    "\u0301",
    "\u200d",
    "&" * 40,
    "𝕏" * 400,
    "a" * 4000,
)

texts = st.lists(st.one_of(st.sampled_from(_NASTY), st.text(max_size=12)), max_size=12).map("".join)
