"""What Bullhorn takes, by its entity reference: names, types and sizes; anything else is refused."""

from __future__ import annotations

import base64
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Text20 = Annotated[str, Field(max_length=20)]
Text30 = Annotated[str, Field(max_length=30)]
Text50 = Annotated[str, Field(max_length=50)]
Text100 = Annotated[str, Field(max_length=100)]
Text200 = Annotated[str, Field(max_length=200)]
Needed50 = Annotated[str, Field(min_length=1, max_length=50)]
Time = Annotated[int, Field(gt=1_000_000_000_000)]
"""Milliseconds: seconds would be too small."""


class Strict(BaseModel):
    """JSON types as they are, Bullhorn's own names, none that is unknown."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self) -> dict[str, Any]:
        """What was sent."""
        return self.model_dump(exclude_unset=True)


class Reference(Strict):
    """A to-one association: an id and nothing else."""

    id: int


class Address(Strict):
    """Where somebody lives; as a guess, its parts are no longer than the connector believes."""

    address1: Text100 | None = None
    address2: Text100 | None = None
    city: Annotated[str, Field(max_length=40)] | None = None
    state: Text30 | None = None
    zip: Annotated[str, Field(max_length=18)] | None = None
    countryID: int | None = None  # noqa: N815  the vendor's name


class CandidateUpdate(Strict):
    """Fields to change; those left out stay."""

    firstName: Needed50 | None = None  # noqa: N815  the vendor's names, from here on
    lastName: Needed50 | None = None  # noqa: N815
    name: Text100 | None = None
    email: Text100 | None = None
    email2: Text100 | None = None
    email3: Text100 | None = None
    phone: Text20 | None = None
    mobile: Text20 | None = None
    occupation: Text50 | None = None
    companyName: Text100 | None = None  # noqa: N815
    companyURL: Text100 | None = None  # noqa: N815
    status: Text100 | None = None
    source: Text200 | None = None
    externalID: Text50 | None = None  # noqa: N815
    description: str | None = None
    skillSet: str | None = None  # noqa: N815
    address: Address | None = None
    owner: Reference | None = None
    category: Reference | None = None

    @model_validator(mode="after")
    def _names_go_together(self) -> Self:
        if (self.firstName or self.lastName) and not self.name:
            raise ValueError("name must be set with firstName and lastName")
        return self


class CandidateIn(CandidateUpdate):
    """A new candidate: the names have no default."""

    firstName: Needed50  # noqa: N815
    lastName: Needed50  # noqa: N815
    name: Annotated[str, Field(min_length=1, max_length=100)]


class SubmissionIn(Strict):
    """A new job submission."""

    candidate: Reference
    jobOrder: Reference  # noqa: N815
    status: Text30
    source: Text100 | None = None
    comments: str | None = None
    dateWebResponse: Time | None = None  # noqa: N815
    sendingUser: Reference | None = None  # noqa: N815

    @model_validator(mode="after")
    def _responses_are_dated(self) -> Self:
        if (self.status == "New Lead") != (self.dateWebResponse is not None):
            raise ValueError("dateWebResponse belongs to the status New Lead")
        return self


class NoteIn(Strict):
    """A new note; to-many associations can't be made with it."""

    action: Text30 | None = None
    comments: Annotated[str, Field(min_length=1)]
    personReference: Reference  # noqa: N815
    commentingPerson: Reference | None = None  # noqa: N815
    jobOrder: Reference | None = None  # noqa: N815
    externalID: Text100 | None = None  # noqa: N815


class FileIn(Strict):
    """A new file."""

    externalID: Annotated[str, Field(min_length=1)]  # noqa: N815
    fileType: Literal["SAMPLE"]  # noqa: N815
    name: Annotated[str, Field(min_length=1)]
    fileContent: str  # noqa: N815
    contentType: Annotated[str, Field(pattern=r"^[\w.+-]+/[\w.+-]+$")] | None = None  # noqa: N815
    description: str | None = None
    type: str | None = None
    fileExtension: str | None = None  # noqa: N815

    @field_validator("fileContent")
    @classmethod
    def _is_base64(cls, value: str) -> str:
        base64.b64decode(value, validate=True)
        return value


ENTITIES: dict[str, type[Strict]] = {"Candidate": CandidateIn, "JobSubmission": SubmissionIn, "Note": NoteIn}
