"""When two applications are by the same person: keys made of e-mail and phone."""

from __future__ import annotations

import phonenumbers

_FEWEST_DIGITS = 7  # fewer identify nobody


def email_key(email: str | None) -> str | None:
    """The e-mail as it is compared: trimmed, case folded. None for none."""
    folded = (email or "").strip().casefold()
    return folded or None


def phone_key(phone: str | None) -> str | None:
    """The phone number as it is compared: E.164 where the number tells its country, else its digits.

    None for what identifies nobody: fewer than seven digits, or one digit over and over.
    """
    written = phone or ""
    digits = phonenumbers.normalize_digits_only(written)
    if len(digits) < _FEWEST_DIGITS or len(set(digits)) == 1:
        return None
    # Most of the world dials 00 where a written number has its plus.
    international = "+" + digits[2:] if digits.startswith("00") else written
    try:
        parsed = phonenumbers.parse(international, None)
    except phonenumbers.NumberParseException:
        return digits
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
