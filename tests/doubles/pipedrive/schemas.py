"""What Pipedrive takes, by its OpenAPI descriptions: names, types and sizes; anything else is refused."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from .records import FIELDS

Text255 = Annotated[str, Field(min_length=1, max_length=255)]


class Strict(BaseModel):
    """JSON types as they are, no name that is unknown: the second API coerces nothing."""

    model_config = ConfigDict(extra="forbid", strict=True)

    def given(self) -> dict[str, Any]:
        """What was sent."""
        return self.model_dump(exclude_unset=True)


class Contact(Strict):
    """An e-mail or a phone."""

    value: Annotated[str, Field(min_length=1)]
    primary: bool = False
    label: str | None = None


class PersonUpdate(Strict):
    """Fields to change; those left out stay."""

    name: Text255 | None = None
    owner_id: int | None = None
    org_id: int | None = None
    emails: list[Contact] | None = None
    phones: list[Contact] | None = None
    visible_to: int | None = None
    label_ids: list[int] | None = None
    custom_fields: dict[str, Any] | None = None

    @field_validator("custom_fields")
    @classmethod
    def known(cls, fields: dict[str, Any] | None) -> dict[str, Any] | None:
        """Own fields go by their 40 characters, and hold a text of their length."""
        types = {code: kind for _, code, kind in FIELDS.values()}
        for code, value in (fields or {}).items():
            longest = 255 if types[code] == "varchar" else 65_000
            if not isinstance(value, str) or len(value) > longest:
                raise ValueError(code)
        return fields


class PersonIn(PersonUpdate):
    """A new person."""

    name: Text255


class DealIn(Strict):
    """A new deal."""

    title: Text255
    owner_id: int | None = None
    person_id: int | None = None
    org_id: int | None = None
    pipeline_id: int | None = None
    stage_id: int | None = None
    status: str | None = None


class NoteIn(Strict):
    """A new note, in HTML, on at least one record."""

    content: Annotated[str, Field(min_length=1)]
    person_id: int | None = None
    deal_id: int | None = None
    user_id: int | None = None


class ParticipantIn(Strict):
    """Somebody to take part in a deal."""

    person_id: int


LIST = frozenset({"limit", "cursor"})
FIRST = frozenset({"start", "limit"})
SORTED = LIST | {"sort_by", "sort_direction"}
SEARCH = LIST | {"term", "fields", "exact_match"}
QUERY = {
    "/api/v2/persons": SORTED | {"ids", "owner_id", "org_id", "custom_fields"},
    "/api/v2/persons/search": SEARCH | {"organization_id", "include_fields"},
    "/api/v2/personFields": LIST | {"include_fields"},
    "/api/v2/deals": SORTED | {"ids", "status", "pipeline_id", "stage_id", "person_id", "owner_id"},
    "/api/v2/deals/search": SEARCH | {"status", "person_id", "organization_id"},
    "/api/v2/pipelines": SORTED,
    "/api/v2/stages": SORTED | {"pipeline_id"},
    "/v1/files": FIRST,
    "/v1/notes": FIRST | {"person_id", "deal_id", "user_id", "org_id", "lead_id"},
    "/v1/participants": FIRST,
    "/v1/users/find": frozenset({"term", "search_by_email"}),
}
"""What each list may be asked for."""
