"""What TrackerRMS takes, as far as it is known: names and types; anything else is refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=200)]


class Strict(BaseModel):
    """JSON types as they are, no name that is unknown."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Exchange(Strict):
    """A token to be exchanged."""

    bearerToken: str  # noqa: N815  the vendor's name


class ContactDetails(Strict):
    """Where somebody is reached; a change replaces all of it."""

    email: Text | None = None
    mobilePhone: Text | None = None  # noqa: N815  the vendor's name
    telephone: Text | None = None


class ResourceIn(Strict):
    """A candidate, or changes to one."""

    firstName: Text | None = None  # noqa: N815  the vendor's name
    surname: Text | None = None
    jobTitle: Text | None = None  # noqa: N815  the vendor's name
    source: Text | None = None
    contactDetails: ContactDetails | None = None  # noqa: N815  the vendor's name


class NewResource(Strict):
    """A new candidate, as the older API takes it: every value is a text."""

    firstname: Text | None = None
    lastname: Text
    fullname: Text
    jobtitle: Text | None = None
    cellphone: Text | None = None
    email: Text | None = None
    city: Text | None = None
    linkedin: Text | None = None
    source: Text | None = None


class Keep(Strict):
    """What to do about somebody who is there."""

    overwriteresource: Literal[False]


class Search(Strict):
    """A search of people or activities."""

    email: str | None = None
    phone: str | None = None
    recordType: str | None = None  # noqa: N815  the vendor's name
    recordId: int | None = None  # noqa: N815  the vendor's name
    maxResults: int = 10  # noqa: N815  the vendor's name
    pageNumber: int = 1  # noqa: N815  the vendor's name


class PagedSearch(Strict):
    """A search of opportunities."""

    state: Literal["open", "closed", "won", ""] | None = None
    searchTerm: str | None = None  # noqa: N815  the vendor's name
    publishOnline: bool | None = None  # noqa: N815  the vendor's name
    updatedAfter: str | None = None  # noqa: N815  the vendor's name
    pageNumber: int = 1  # noqa: N815  the vendor's name


class ActivityIn(Strict):
    """A new activity."""

    recordType: Literal["Resource", "Contact", "Lead"]  # noqa: N815  the vendor's name
    recordId: int  # noqa: N815  the vendor's name
    subject: Text
    note: str


class File(Strict):
    """A document, as the older API takes it."""

    filename: Text
    recordType: Literal["R"]  # noqa: N815  the vendor's name
    recordId: int  # noqa: N815  the vendor's name
    documentType: Literal["general", "resume", "photo", "agencyresume"]  # noqa: N815  the vendor's name
    primary: Literal["y", "n"]
    data: Annotated[str, Field(min_length=1)]


class Application(Strict):
    """Somebody for a list of an opportunity, as the older API takes it: ids are texts."""

    opportunityid: str
    resourceid: str
    assigntolist: Literal["short", "long"]
    shortlistedby: Literal["user", "resource"]
    source: Annotated[str, Field(max_length=100)] = ""
