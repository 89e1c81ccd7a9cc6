"""What Nutshell takes, by its OpenAPI description: names and types; anything else is refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from .records import FIELDS


class Strict(BaseModel):
    """JSON types as they are, no name that is unknown."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Email(Strict):
    """An address."""

    value: str
    name: str | None = None
    isPrimary: bool = False  # noqa: N815  as it is sent


class Number(Strict):
    """A telephone number: digits only."""

    number: Annotated[str, Field(pattern=r"^\d+$")]
    countryCode: Annotated[str, Field(pattern=r"^\d+$")] | None = None  # noqa: N815  as it is sent
    extension: str | None = None


class Phone(Strict):
    """A number with its label."""

    value: Number
    name: str | None = None
    isPrimary: bool = False  # noqa: N815  as it is sent


class Address(Strict):
    """Where somebody lives."""

    name: str | None = None
    isPrimary: bool = False  # noqa: N815  as it is sent
    address_1: str | None = None
    city: str | None = None
    state: str | None = None
    postalCode: str | None = None  # noqa: N815  as it is sent
    country: str | None = None


class ContactLinks(Strict):
    """What a contact belongs to."""

    owner: Annotated[str, Field(pattern=r"^\d+-users$")] | None = None
    accounts: list[str] | None = None
    tags: list[str] | None = None


class ContactIn(Strict):
    """A new contact."""

    name: Annotated[str, Field(min_length=1)]
    description: str | None = None
    emails: list[Email] | None = None
    phones: list[Phone] | None = None
    addresses: list[Address] | None = None
    urls: list[Email] | None = None
    customFields: dict[Literal[FIELDS], str] | None = None  # type: ignore[valid-type]  # noqa: N815  a constant; as sent
    links: ContactLinks | None = None


class ContactsIn(Strict):
    """One contact at a time."""

    contacts: Annotated[list[ContactIn], Field(min_length=1, max_length=1)]


class LeadLinks(Strict):
    """What a lead belongs to."""

    contacts: list[str] | None = None
    accounts: list[str] | None = None
    owner: Annotated[str, Field(pattern=r"^\d+-users$")] | None = None
    sources: list[str] | None = None
    tags: list[str] | None = None


class LeadIn(Strict):
    """A new lead."""

    description: str
    links: LeadLinks | None = None


class LeadsIn(Strict):
    """One lead at a time."""

    leads: Annotated[list[LeadIn], Field(min_length=1, max_length=1)]


class NoteLinks(Strict):
    """What a note is on."""

    parent: Annotated[str, Field(pattern=r"^\d+-(contacts|leads)$")]


class NoteData(Strict):
    """A note's text."""

    body: Annotated[str, Field(min_length=1)]
    links: NoteLinks


class NoteIn(Strict):
    """A new note."""

    data: NoteData


class StagesetIn(Strict):
    """A pipeline."""

    stageset: str


class Change(Strict):
    """One operation of a patch."""

    op: Literal["add", "remove", "replace", "move", "copy"]
    path: Annotated[str, Field(pattern=r"^/(contacts|leads)/0/.+")]
    value: Any = None


PAGE = frozenset({"page[page]", "page[limit]"})
QUERY = {
    "contacts": PAGE | {"email", "q", "sort"},
    "leads": PAGE | {"q", "sort"},
    "events": frozenset({"entity_id", "limit", "filters[payload][]", "since_time", "max_time"}),
}
"""What each list may be asked for."""
SORTS = frozenset({"age", "value", "milestone", "confidence", "name", "closedTime", "owner", "sources"})
