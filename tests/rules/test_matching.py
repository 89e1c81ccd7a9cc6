"""When two applications are by the same person."""

from __future__ import annotations

import pytest

from bot.rules.matching import email_key, phone_key


@pytest.mark.parametrize("written", ["ana@example.com", " Ana@Example.COM ", "ANA@EXAMPLE.COM\n"])
def test_email_is_the_same_however_it_is_typed(written: str) -> None:
    """Case and space around do not make another person."""
    assert email_key(written) == "ana@example.com"


@pytest.mark.parametrize("nothing", [None, "", "   "])
def test_no_email_matches_nobody(nothing: str | None) -> None:
    """People without an e-mail are not one person."""
    assert email_key(nothing) is None


@pytest.mark.parametrize(
    "written",
    [
        "+44 7700 900123",
        "+447700900123",
        "+44 (0)7700 900123",
        "0044 7700 900123",
        "tel:+44-7700-900123",
        "+44 7700 900123 ext 5",
        "+٤٤ ٧٧٠٠ ٩٠٠١٢٣",
    ],
)
def test_phone_is_the_same_however_it_is_written(written: str) -> None:
    """With its country told, a number has one key."""
    assert phone_key(written) == "+447700900123"


@pytest.mark.parametrize("written", ["07700 900123", "(07700) 900-123", "٠٧٧٠٠ ٩٠٠١٢٣"])
def test_phone_without_a_country_is_its_digits(written: str) -> None:
    """Nobody guesses the country."""
    assert phone_key(written) == "07700900123"


@pytest.mark.parametrize("useless", [None, "", "n/a", "12345", "+1234", "0000000000", "999 999 999"])
def test_what_identifies_nobody_matches_nobody(useless: str | None) -> None:
    """Blanks, scraps and fillers don't make strangers one person."""
    assert phone_key(useless) is None


def test_country_matters() -> None:
    """The same national number in two countries is two people."""
    assert phone_key("+44 7700 900123") != phone_key("+49 7700 900123")
