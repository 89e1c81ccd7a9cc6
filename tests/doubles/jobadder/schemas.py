"""What JobAdder takes, by its published API description: names, types and sizes; anything else is refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Text50 = Annotated[str, Field(max_length=50)]
Text100 = Annotated[str, Field(max_length=100)]


class Strict(BaseModel):
    """JSON types as they are, names in camel case, none that is unknown."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)

    def given(self) -> dict[str, Any]:
        """What was sent, by JobAdder's names."""
        return self.model_dump(by_alias=True, exclude_none=True)


class Address(Strict):
    """Where somebody lives."""

    street: list[str] | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | None = None
    country_code: str | None = None


class CandidateUpdate(Strict):
    """Fields to change; those left out stay."""

    first_name: Text50 | None = None
    last_name: Text50 | None = None
    email: Text100 | None = None
    phone: Text50 | None = None
    mobile: Text50 | None = None
    status_id: int | None = None
    seeking: Literal["Yes", "Maybe", "No"] | None = None
    summary: str | None = None
    address: Address | None = None
    skill_tags: Annotated[list[str], Field(max_length=100)] | None = None
    social: dict[str, str] | None = None
    recruiter_user_id: list[int] | None = None


class CandidateIn(CandidateUpdate):
    """A new candidate; only here a source is taken."""

    source: Text50 | None = None


class Author(Strict):
    """Who writes, by e-mail."""

    email: str


class NoteIn(Strict):
    """A new note."""

    text: Annotated[str, Field(min_length=1)]
    type: Text50 | None = None
    application_id: list[int] | None = None
    created_by_integration: bool = False
    reference: Annotated[str, Field(max_length=200)] | None = None
    created_by: Author | None = None


class JobsIn(Strict):
    """Jobs to put a candidate onto."""

    job_id: Annotated[list[int], Field(min_length=1)]
    source: Text100 | None = None


class NoteOfStatus(Strict):
    """What is said of a change of status."""

    type: Text50 | None = None
    text: str | None = None


class StatusIn(Strict):
    """A change of status."""

    status_id: int
    note: NoteOfStatus | None = None


QUERY = {
    "/candidates": frozenset({"candidateid", "name", "email", "phone", "keywords", "sort"}),
    "/candidates/{id}/attachments": frozenset({"type", "category", "latest"}),
    "/candidates/{id}/notes": frozenset({"noteid", "type", "reference", "createdat", "sort", "fields"}),
    "/candidates/{id}/applications": frozenset[str](),
    "/jobs": frozenset({"jobid", "jobtitle", "statusid", "active", "userid", "owneruserid", "sort"}),
    "/users": frozenset({"userid", "include"}),
    "/candidates/lists/status": frozenset({"statusid", "name", "active", "default"}),
    "/applications/lists/status": frozenset({"statusid", "name", "active", "default"}),
}
"""What a list may be asked for besides `offset` and `limit`, in lower case: any letter case is taken."""
