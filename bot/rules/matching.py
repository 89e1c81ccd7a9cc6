"""When two applications are by the same person: keys made of e-mail and phone."""

from __future__ import annotations

import phonenumbers


def email_key(email: str | None) -> str | None:
    """The e-mail as it is compared: trimmed, case folded. None for none."""
    folded = (email or "").strip().casefold()
    return folded or None


def phone_key(phone: str | None) -> str | None:
    """The phone number as it is compared: E.164 where the number tells its country, else its digits.

    Fewer than seven digits identify nobody and give None.
    """
    if not phone:
        return None
    try:
        parsed = phonenumbers.parse(phone, None)
    except phonenumbers.NumberParseException:
        digits = "".join(character for character in phone if character.isdigit())
        return digits if len(digits) >= 7 else None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
