"""Readings of values that every CRM needs: record numbers, e-mails, phone numbers, texts cut to size."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import MatchType, PhoneNumberFormat

_SAME_NUMBER = (MatchType.NSN_MATCH, MatchType.EXACT_MATCH)


def record_number(text: str | None) -> int | None:
    """The record id in a text that came from outside; None if it can't be one, so it never bends a path."""
    return int(text) if text and text.isascii() and text.isdecimal() else None


def shortened(text: str, longest: int) -> str:
    """The text in at most that many characters."""
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends in such a sign or is empty."""
    return text if not text or text.endswith((".", "!", "?", "…")) else f"{text}."


def same_email(one: str | None, other: str) -> bool:
    """Whether two e-mail addresses differ in nothing but letter case and spaces around them."""
    return (one or "").strip().casefold() == other.strip().casefold()


def same_phone(one: str | None, other: str) -> bool:
    """Whether two spellings are of one number; one without its country is taken to be of the other's."""
    return one is not None and phonenumbers.is_number_match(one, other) in _SAME_NUMBER


def phone_spellings(phone: str) -> list[str]:
    """How a CRM's users may have written it: as given and, where it tells its country, in full and local."""
    spellings = [phone]
    try:
        number = phonenumbers.parse(phone)
    except phonenumbers.NumberParseException:
        return spellings
    for style in (PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164, PhoneNumberFormat.NATIONAL):
        spelling = phonenumbers.format_number(number, style)
        if spelling not in spellings:
            spellings.append(spelling)
    return spellings


def carries(text: str, reference: str) -> bool:
    """Whether the reference stands in the text as a word of its own."""
    alone = rf"(?<![\w-]){re.escape(reference.strip())}(?![\w-])"
    return bool(reference.strip()) and re.search(alone, text, re.IGNORECASE) is not None


def local_number(phone: str) -> str:
    """The digits of a phone number without its country's, for searches that leave that out."""
    try:
        return str(phonenumbers.national_significant_number(phonenumbers.parse(phone)))
    except phonenumbers.NumberParseException:
        return "".join(filter(str.isdecimal, phone))
