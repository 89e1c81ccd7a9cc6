"""Telephone numbers compared as people mean them, however they are written."""

import phonenumbers

HOME_REGION = "GB"


def phone_key(text: str) -> str:
    """One spelling for one number: `07700 900123` and `+44 7700 900-123` give the same."""
    try:
        number = phonenumbers.parse(text, HOME_REGION)
    except phonenumbers.NumberParseException:
        return "".join(filter(str.isdigit, text))
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
