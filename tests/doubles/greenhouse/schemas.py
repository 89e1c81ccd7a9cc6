"""What Harvest v3 takes: bodies by name and type, queries by name; anything else is refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=255)]


class Strict(BaseModel):
    """JSON types as they are, no name that is unknown."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Contact(Strict):
    """An address or number with its kind."""

    value: Text
    type: Literal["personal", "work", "mobile", "home", "skype", "other"]


class Profile(Strict):
    """A profile in social media, which has no kind."""

    value: Text


class ApplicationIn(Strict):
    """An application that comes with a new candidate."""

    job_id: int | None = None
    prospect: bool | None = None
    prospect_owner_id: int | None = None


class NewApplication(ApplicationIn):
    """One for a candidate who is there."""

    candidate_id: int


class CandidateChanges(Strict):
    """Changes to a candidate."""

    first_name: Text | None = None
    last_name: Text | None = None
    title: Text | None = None
    company: Text | None = None
    email_addresses: list[Contact] | None = None
    phone_numbers: list[Contact] | None = None
    addresses: list[Contact] | None = None
    social_media_addresses: list[Profile] | None = None
    tags: list[Text] | None = None


class NewCandidate(CandidateChanges):
    """A new candidate, with at most one application."""

    first_name: Text
    last_name: Text
    application: ApplicationIn | None = None


class NewAttachment(Strict):
    """A file for an application: either its bytes or where to fetch it, here always the bytes."""

    application_id: int
    filename: Text
    type: Literal["resume", "cover_letter", "other"]
    content: Annotated[str, Field(min_length=1)]
    visibility: Literal["public", "private", "admin_only"] | None = None


class NewNote(Strict):
    """A note: its type is in capitals, whatever the refusal of another one says."""

    candidate_id: int
    user_id: int
    body: Annotated[str, Field(min_length=1)]
    visibility: Literal["admin_only", "private", "public"]
    note_type: Literal["NOTE"]


class Move(Strict):
    """From one stage of a job to another."""

    from_stage_id: int
    to_stage_id: int


ALWAYS = frozenset({"per_page", "ids", "fields"})
QUERY = {
    "candidates": ALWAYS | {"email", "tag", "private"},
    "applications": ALWAYS | {"candidate_ids", "job_ids", "status", "prospect"},
    "jobs": ALWAYS | {"requisition_id", "status"},
    "job_interview_stages": ALWAYS | {"job_ids", "active"},
    "users": ALWAYS | {"primary_email", "deactivated", "show_service_accounts"},
    "notes": ALWAYS | {"candidate_ids", "user_ids", "application_ids", "type", "visibility"},
    "attachments": ALWAYS | {"candidate_ids", "application_ids", "type"},
}
"""What each list may be asked for; a cursor stands alone."""
