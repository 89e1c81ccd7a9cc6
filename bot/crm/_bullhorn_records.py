"""Bullhorn's records and query languages: field names and sizes, Lucene, JPQL, and who a found record is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from hashlib import sha256
from html import escape
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberFormat

from bot.crm._http import inner, pick
from bot.crm._records import FoundPerson
from bot.crm._values import phone_spellings, same_email, same_phone, shortened

NAME = "Bullhorn"
CONFIDENTIAL = "**CONFIDENTIAL**"
"""What fields that the signed-in user may not see read as. It is never written back."""
NO_FIRST_NAME = "-"
"""A guess: a candidate must have a first name, and the documents do not say whether it may be empty."""
EMAILS = ("email", "email2", "email3")
PHONES = ("phone", "phone2", "phone3", "mobile", "workPhone")
CANDIDATE_FIELDS = ",".join(
    (
        "id",
        "firstName",
        "lastName",
        *EMAILS,
        *PHONES,
        "occupation",
        "skillSet",
        "address",
        "externalID",
        "isDeleted",
    )
)
_PLACE = ("address1", "address2", "city", "state", "zip")
_LONGEST_PHONE = 20
_LONGEST_CITY = 40
"""A guess: the documents give the parts of an address no lengths."""


# --- queries ------------------------------------------------------------------------------------------


def phrase(text: str) -> str:
    """A text as a Lucene phrase; within the quotes nothing but these two has a meaning."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def any_of(fields: Iterable[str], texts: Iterable[str]) -> str:
    """Lucene for: one of these fields holds one of these phrases."""
    phrases = [phrase(text) for text in texts]
    return "(" + " OR ".join(f"{field}:{found}" for field in fields for found in phrases) + ")"


def words_of_title(search: str) -> str:
    """Lucene for: the title has words that begin like these. Lower case, as OR and NOT would be orders."""
    return "".join(f" AND title:{word}*" for word in re.findall(r"\w+", search.lower()))


def literal(text: str) -> str:
    """A text as a JPQL literal."""
    return "'" + text.replace("'", "''") + "'"


def cases(text: str) -> list[str]:
    """A text as given and in lower case: whether the database minds letter case is not documented."""
    return list(dict.fromkeys((text, text.lower())))


def written(phone: str) -> list[str]:
    """How a number may stand in the index, which is not said to know that two spellings are one number."""
    spellings = phone_spellings(phone)
    try:
        number = phonenumbers.parse(phone)
        spellings.append(phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL))
    except phonenumbers.NumberParseException:
        pass
    bare = [re.sub(r"\D", "", spelling) for spelling in spellings]
    return list(dict.fromkeys(spelling for spelling in (*spellings, *bare) if spelling))


# --- candidates ---------------------------------------------------------------------------------------


def own_key(*, email: str | None, phone: str | None) -> str | None:
    """Our `externalID` of somebody, the same at every repeat; it tells nobody who they are."""
    who = (email or "").strip().casefold() or re.sub(r"\D", "", phone or "")
    return f"handoff-{sha256(who.encode()).hexdigest()[:32]}" if who else None


def candidate(person: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Person` that hold something, as Bullhorn names and sizes them."""
    location = shortened(person.get("location") or "", _LONGEST_CITY)
    holds = {
        "firstName": shortened(person.get("first_name") or "", 50),
        "email": person.get("email"),
        "phone": _fitting_phone(person.get("phone") or ""),
        "occupation": shortened(person.get("headline") or "", 50),
        "address": {"city": location} if location else None,
        "skillSet": ", ".join(person.get("skills") or ()),
    }
    return {name: value for name, value in holds.items() if value}


def web_page(links: Iterable[str]) -> str | None:
    """The one address that a candidate's record has room for."""
    fitting = [link for link in links if len(link) <= 100]
    return next((link for link in fitting if "linkedin.com/" in link), fitting[0] if fitting else None)


def full_name(first: str, last: str) -> str:
    """The name that Bullhorn shows; it does not put it together by itself."""
    return shortened(f"{first} {last}".strip(), 100)


def found(record: Any) -> FoundPerson:
    """A candidate's record as a person; what is confidential counts as filled."""
    person_id = str(pick(record, "id", crm=NAME))
    parts = [str(record.get(key) or "") for key in ("firstName", "lastName")]
    name = " ".join(part for part in parts if part not in ("", CONFIDENTIAL, NO_FIRST_NAME))
    return FoundPerson(person_id, name or f"Candidate {person_id}", _filled(record))


def _filled(record: Mapping[str, Any]) -> frozenset[str]:
    place = inner(record, "address")
    holds = {
        "first_name": record.get("firstName") not in (None, "", NO_FIRST_NAME),
        "email": record.get("email"),
        "phone": any(record.get(key) for key in PHONES),
        "location": record.get("address") == CONFIDENTIAL or any(place.get(part) for part in _PLACE),
        "headline": record.get("occupation"),
        "skills": record.get("skillSet"),
    }
    return frozenset(name for name, value in holds.items() if value)


def has_email(record: Mapping[str, Any], email: str) -> bool:
    """Whether it is this e-mail's candidate; where e-mails are confidential, by the key that we gave them."""
    if any(same_email(record.get(key), email) for key in EMAILS):
        return True
    return _is_ours(record, EMAILS, own_key(email=email, phone=None))


def has_phone(record: Mapping[str, Any], phone: str) -> bool:
    """Whether it is a candidate with this number; alike where numbers are confidential."""
    if any(same_phone(record.get(key), phone) for key in PHONES):
        return True
    return _is_ours(record, PHONES, own_key(email=None, phone=phone))


def _is_ours(record: Mapping[str, Any], hidden: Iterable[str], key: str | None) -> bool:
    is_hidden = any(record.get(name) == CONFIDENTIAL for name in hidden)
    return is_hidden and key is not None and record.get("externalID") == key


def _fitting_phone(phone: str) -> str | None:
    """The number, without its punctuation where it would not fit; none rather than a part of one."""
    if len(phone) > _LONGEST_PHONE:
        phone = re.sub(r"[^\d+]", "", phone)
    return phone if len(phone) <= _LONGEST_PHONE else None


# --- notes --------------------------------------------------------------------------------------------


def as_html(text: str) -> str:
    """Plain text for a field that shows HTML."""
    return escape(text, quote=False).replace("\n", "<br>")
