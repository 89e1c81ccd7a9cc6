"""Making people's text safe to show, and cutting it."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from bot.blocks import kit

from .hostile import texts

_any_speed = examples(deadline=None)
NOW = datetime(2026, 11, 21, 10, 31, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("<!channel>", "&lt;!channel&gt;"),
        ("R&D <b>", "R&amp;D &lt;b&gt;"),
        ("&lt;!channel&gt;", "&amp;lt;!channel&amp;gt;"),
        ("*bold* ~gone~ `code`", "∗bold∗ ∼gone∼ ˋcodeˋ"),
        ("_so_ but snake_case stays", "ˍsoˍ but snake_case stays"),
        (":smile: at 10:30", ":\u2060smile: at 10:30"),
        ("https://evil.example", "https:\u2060//evil.\u2060example"),
        ("ana@example.com", "ana@\u2060example.\u2060com"),
        ("@here #general 10.5", "@\u2060here #\u2060general 10.5"),
        ("😀 真 é", "😀 真 é"),
    ],
)
def test_mrkdwn_shows_text_as_typed(typed: str, told: str) -> None:
    """Nothing a person types pings, links, formats or becomes an emoji; real emoji stay."""
    assert kit.shown(typed, 200) == told


def test_plain_text_is_left_alone() -> None:
    """Where Slack interprets nothing, not a character is changed."""
    typed = "*b* _i_ ~s~ `c` <!channel> <@U1> :smile: https://x.example & co"
    assert kit.plain(typed, 200) == typed


def test_lines_and_blanks_collapse_where_a_line_is_meant() -> None:
    """A name with line breaks cannot draw lines of its own."""
    assert kit.plain("  Ana\r\n\n\tNovák\u2028x ", 50) == "Ana Novák x"


def test_paragraphs_keep_their_line_breaks() -> None:
    """A cover letter stays readable, whatever line ends it came with."""
    assert kit.paragraphs("Dear all,\r\n\r\nAna\rx\n", 50) == "Dear all,\n\nAna\nx"


def test_controls_overrides_and_lone_surrogates_go() -> None:
    """Nothing invisible turns text around or breaks the request's encoding."""
    assert kit.plain("a\x00b\u202ec\u2066d\ud800e\u200bf\ufeff", 50) == "abcdef"


def test_towers_of_marks_are_cut_down() -> None:
    """A letter cannot paint over the lines above it."""
    assert kit.plain("Z" + "\u0301" * 50, 200) == "Z" + "\u0301" * 6


@pytest.mark.parametrize("typed", ["شركة", "חברה"])
def test_right_to_left_text_is_walled_off(typed: str) -> None:
    """Our words after it stay after it."""
    assert kit.plain(typed, 50) == f"\u2068{typed}\u2069"
    assert kit.shown(typed, 50) == f"\u2068{typed}\u2069"


@pytest.mark.parametrize(
    ("typed", "limit", "told"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcde…"),
        ("ab cdefg", 4, "ab…"),
        ("👩‍👩‍👧xyz", 6, "…"),
        ("ab🇬🇧🇫🇷", 7, "ab🇬🇧…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("👍🏽👍🏽", 6, "👍🏽…"),
    ],
)
def test_a_cut_falls_between_what_people_see_as_characters(typed: str, limit: int, told: str) -> None:
    """Families, flags, accents and skin tones are kept whole or left out."""
    assert kit.plain(typed, limit) == told


def test_escapes_count_when_mrkdwn_is_cut() -> None:
    """Slack counts what it is sent; half an escape would show."""
    assert kit.shown("&&&&", 12) == "&amp;&amp;…"


@_any_speed
@given(texts, st.integers(5, 200))
def test_no_text_is_ever_longer_than_its_limit(typed: str, limit: int) -> None:
    """In whatever units Slack counts."""
    for fitted in (kit.plain(typed, limit), kit.shown(typed, limit), kit.paragraphs(typed, limit)):
        assert kit.length(fitted) <= limit


@_any_speed
@given(texts)
def test_mrkdwn_never_holds_a_mark_that_slack_reads(typed: str) -> None:
    """Neither brackets nor formatting, from any text at all."""
    told = kit.shown(typed, 500)
    assert not set("<>*~`") & set(told)
    assert not re.search(r"(?<![^\W_])_|_(?![^\W_])|https?://|:[a-z0-9_+'-]+:|[@#]\w", told)


@_any_speed
@given(texts)
def test_walls_are_balanced(typed: str) -> None:
    """Whatever a person sends, direction never leaks out of their text."""
    for told in (kit.plain(typed, 30), kit.shown(typed, 30)):
        assert [c for c in told if c in "\u2066\u2067\u2068\u2069\u202a\u202b\u202d\u202e"] in (
            [],
            ["\u2068", "\u2069"],
        )


@_any_speed
@given(texts)
def test_pages_hold_the_whole_text_or_say_what_is_missing(typed: str) -> None:
    """Each within its limit; cut only when there are more characters than room."""
    pages, left = kit.pages(typed, 40, 3)
    assert len(pages) <= 3
    assert all(0 < kit.length(page) <= 40 for page in pages)
    if not left:
        assert "".join("".join(pages).split()) == "".join(kit.paragraphs(typed, 10_000).split())


def test_a_page_ends_at_a_blank() -> None:
    """Words are not torn where it can be helped."""
    assert kit.pages("aaaa bbbb cccc dddd", 12, 2) == (["aaaa bbbb", "cccc dddd"], 0)
    assert kit.pages("a" * 30, 12, 2) == (["a" * 12, "a" * 12], 6)


def test_a_moment_is_filled_in_by_slack_with_words_to_fall_back_on() -> None:
    """Each reader sees their own time zone; old clients see UTC."""
    at = datetime(2025, 3, 3, 9, 5, tzinfo=UTC)
    assert kit.when(at, NOW) == "<!date^1740992700^{date_short_pretty} at {time}|3 Mar 2025, 09:05 UTC>"
    assert kit.written(NOW, NOW) == "21 Nov, 10:31 UTC"


def test_a_moment_before_slacks_time_is_only_words() -> None:
    """Slack knows no seconds before 1970."""
    assert kit.when(datetime(1969, 1, 2, tzinfo=UTC), NOW) == "2 Jan 1969, 00:00 UTC"


@pytest.mark.parametrize(
    ("size", "told"),
    [(0, "1 KB"), (1, "1 KB"), (120_400, "120 KB"), (2_450_000, "2.5 MB"), (999_600, "1.0 MB")],
)
def test_sizes_as_people_read_them(size: int, told: str) -> None:
    """Never a bare number of bytes."""
    assert kit.file_size(size) == told


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        "ftp://x.example",
        "https://",
        "https://x|y>",
        "https://a b",
        "http://[",
        "x" * 3001,
        "https://x.example/" + "a" * 3000,
    ],
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    """A CRM's answer cannot make a button do anything else."""
    assert kit.web_link(url) is None


def test_a_web_address_is_kept_as_it_is() -> None:
    """With its query."""
    assert kit.web_link("https://crm.example/p?a=1&b=2") == "https://crm.example/p?a=1&b=2"


@pytest.mark.parametrize("user_id", [None, "", "here", "U1>", "U0ANA|x", "C0CHANNEL"])
def test_only_a_users_id_is_mentioned(user_id: str | None) -> None:
    """Anything else is nobody in particular."""
    assert kit.mention(user_id) == "someone"
