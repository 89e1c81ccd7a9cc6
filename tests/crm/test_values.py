"""Readings of values that every CRM needs."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.crm._values import (
    carries,
    local_number,
    phone_spellings,
    record_number,
    same_email,
    same_phone,
    sentence,
    shortened,
)


@pytest.mark.parametrize("text", [None, "", "x", "-1", "1.5", " 1", "９", "²", "1/../2"])
def test_what_is_no_record_number_is_none(text: str | None) -> None:
    """Nothing that could bend a path passes for a record's number."""
    assert record_number(text) is None


def test_a_record_number_is_read() -> None:
    """Digits are a number."""
    assert record_number("991") == 991


@given(st.text(max_size=40), st.integers(1, 30))
def test_a_shortened_text_fits(text: str, longest: int) -> None:
    """Whatever the text, it fits; if it did before, it is untouched."""
    short = shortened(text, longest)
    assert len(short) <= longest
    assert short == text or len(text) > longest


def test_e_mails_are_compared_as_people_mean_them() -> None:
    """Letter case and spaces around do not matter; a missing address equals none."""
    assert same_email(" Ana@Example.com", "ana@example.COM ")
    assert not same_email(None, "ana@example.com")
    assert not same_email("diana@example.com", "ana@example.com")


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("+44 7700 900123", "+447700900123", True),
        ("07700 900123", "+44 7700 900123", True),
        ("+44 (0)7700 900123", "+44 7700 900123", True),
        ("+44 7700 900124", "+44 7700 900123", False),
        ("+49 7700 900123", "+44 7700 900123", False),
        ("900123", "+44 7700 900123", False),
        (None, "+44 7700 900123", False),
        ("", "+44 7700 900123", False),
        ("call me", "+44 7700 900123", False),
    ],
)
def test_phones_are_compared_as_people_mean_them(one: str | None, other: str, is_same: bool) -> None:
    """Spaces and a missing country do not matter, another country or a part of the number does."""
    assert same_phone(one, other) == is_same


def test_a_number_is_looked_for_as_users_write_it() -> None:
    """As given first, then in full and local; without a country only as given."""
    assert phone_spellings("+44 7700 900123") == ["+44 7700 900123", "+447700900123", "07700 900123"]
    spaced_otherwise = ["+44 (7700) 900 123", "+44 7700 900123", "+447700900123", "07700 900123"]
    assert phone_spellings("+44 (7700) 900 123") == spaced_otherwise
    assert phone_spellings("07700 900123") == ["07700 900123"]


def test_a_reference_is_a_word_of_its_own() -> None:
    """A part of a longer reference is another one, and no reference is in nothing."""
    assert carries("Site Engineer (job-42)", " JOB-42 ")
    assert not any(carries("Site Engineer (JOB-421)", one) for one in ("JOB-42", "42", "OB-421", "", " "))


def test_a_local_number_leaves_the_country_out() -> None:
    """Without a country the digits stay as they are."""
    assert local_number("+44 7700 900123") == "7700900123"
    assert local_number("07700 900 123") == "07700900123"


def test_a_vendors_words_end_before_ours_begin() -> None:
    """A full stop is added where no sign stands, and nothing to nothing."""
    assert sentence("email is required") == "email is required."
    ended = ["No.", "No!", "Why?", "cut …", ""]
    assert [sentence(text) for text in ended] == ended
