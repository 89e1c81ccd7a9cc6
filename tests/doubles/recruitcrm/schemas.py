"""What Recruit CRM takes, by its published reference: names and types; anything else is refused."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1)]


class Strict(BaseModel):
    """JSON types as they are, no name that is unknown."""

    model_config = ConfigDict(extra="forbid", strict=True)


class CandidateIn(Strict):
    """A new candidate, or changes to one."""

    first_name: Text
    last_name: Text | None = None
    email: Text | None = None
    contact_number: Text | None = None
    city: Text | None = None
    country: Text | None = None
    position: Text | None = None
    skill: Text | None = None
    source: Text | None = None
    linkedin: Text | None = None
    owner_id: int | None = None


class NoteIn(Strict):
    """A new note."""

    description: Text
    related_to: Text
    related_to_type: Text
    note_type_id: int | None = None
    created_by: int | None = None


class StageIn(Strict):
    """Where a candidate stands on a job."""

    status_id: int | None = None
    remark: str | None = None
    stage_date: str | None = None
    updated_by: int | None = None
    create_placement: bool | None = None


CHOICES = {
    "exact_search": ("true", "false", "1", "0"),
    "sort_by": ("createdon", "updatedon"),
    "sort_order": ("asc", "desc"),
}
"""The values that such a part of a search may have."""
QUERY = {
    "candidates": frozenset(
        {"email", "contact_number", "first_name", "last_name", "linkedin", "owner_id", "exact_search"}
    ),
    "jobs": frozenset({"name", "job_status", "limit", "sort_by", "sort_order", "owner_id", "exact_search"}),
    "notes": frozenset({"related_to", "related_to_type", "added_from", "added_to"}),
    "users": frozenset({"email", "first_name", "last_name", "user_id", "contact_number", "expand"}),
}
"""What each search may be asked for, besides a page."""
