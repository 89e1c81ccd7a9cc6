"""The kinds of text that the intake takes: cleaned of what no person typed, blank ones counted as absent."""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, StringConstraints

# PostgreSQL can't store NUL, and none of these means anything to a reader.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]")
_FEWEST_DIGITS = 5


def one_line(value: str) -> str:
    """Control characters dropped; line breaks and runs of spaces made one space."""
    return " ".join(_CONTROLS.sub("", value).split())


def paragraphs(value: str) -> str:
    """Control characters dropped, line breaks and tabs kept."""
    return _CONTROLS.sub("", value.replace("\r\n", "\n").replace("\r", "\n")).strip()


def _not_blank(value: str) -> str:
    if not value:
        raise ValueError("must not be empty.")
    return value


def _none_if_blank(value: str | None) -> str | None:
    return value or None


def _e_mail(value: str | None) -> str | None:
    if not value:
        return None
    try:
        # A reserved name such as .test is no reason to turn an applicant away.
        return validate_email(value, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None


def _telephone(value: str | None) -> str | None:
    if value and sum(character.isdigit() for character in value) < _FEWEST_DIGITS:
        raise ValueError(f"must have at least {_FEWEST_DIGITS} digits.")
    return value or None


def _web_address(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in value
    except ValueError:
        is_web = False
    if value and not is_web:
        raise ValueError("must be a whole web address that begins with http:// or https://.")
    return value


_Line = AfterValidator(one_line)
_Paragraphs = AfterValidator(paragraphs)
_Optional = AfterValidator(_none_if_blank)


def _upto(limit: int) -> StringConstraints:
    return StringConstraints(strict=True, max_length=limit)


_NEEDED = StringConstraints(strict=True, min_length=1, max_length=200)
Needed = Annotated[str, _NEEDED, _Line, AfterValidator(_not_blank)]
NeededText = Annotated[str, _upto(2_000), _Paragraphs, AfterValidator(_not_blank)]
Line = Annotated[Annotated[str, _upto(200), _Line] | None, _Optional]
LongLine = Annotated[Annotated[str, _upto(300), _Line] | None, _Optional]
Text = Annotated[Annotated[str, _upto(5_000), _Paragraphs] | None, _Optional]
LongText = Annotated[Annotated[str, _upto(20_000), _Paragraphs] | None, _Optional]
EMail = Annotated[Annotated[str, _upto(254), _Line] | None, AfterValidator(_e_mail)]
Telephone = Annotated[Annotated[str, _upto(50), _Line] | None, AfterValidator(_telephone)]
Item = Annotated[str, _upto(200), _Line]
Link = Annotated[str, _upto(2_000), _Line, AfterValidator(_web_address)]
