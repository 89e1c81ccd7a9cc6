"""What a CRM is given and gives back: people, their CVs and notes, vacancies, users."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """A candidate as offered to a CRM. `owner_id` is the CRM's own id of a user."""

    last_name: str
    first_name: str | None = None
    email: str | None = None
    phone: str | None = None
    location: str | None = None
    headline: str | None = None
    skills: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    source: str | None = None
    owner_id: str | None = None


FILLABLE = ("first_name", "email", "phone", "location", "headline", "skills")


@dataclass(frozen=True)
class FoundPerson:
    """A person the CRM has. `filled` names the fields of `Person` that hold something there and must stay."""

    id: str
    name: str
    filled: frozenset[str] = frozenset()


@dataclass(frozen=True)
class CvDocument:
    """A CV with its bytes. `key` is our own id of it, the same at every repeat."""

    key: str
    filename: str
    content_type: str
    content: bytes


@dataclass(frozen=True)
class CrmNote:
    """A note for a person's record. `key` is our own id of it, the same at every repeat.

    `link_id` is the person's application that it is about, where that is made already.
    """

    key: str
    text: str
    author_email: str | None = None
    link_id: str | None = None


@dataclass(frozen=True)
class CrmVacancy:
    """A vacancy as the CRM knows it."""

    id: str
    title: str
    reference: str | None = None
    is_open: bool = True
    owner_id: str | None = None
    owner_name: str | None = None


@dataclass(frozen=True)
class CrmUser:
    """A user of the CRM."""

    id: str
    name: str
    email: str | None = None
