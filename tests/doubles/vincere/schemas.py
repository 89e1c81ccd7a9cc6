"""What Vincere takes, by the names and types of its published description; anything else is refused."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Stamp = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
Text = Annotated[str, Field(max_length=255)]


class Strict(BaseModel):
    """JSON types as they are, no unknown names."""

    model_config = ConfigDict(extra="forbid", strict=True)


class CandidateIn(Strict):
    """A candidate: the part of the description that the tests use."""

    first_name: Annotated[str, Field(min_length=1, max_length=255)]
    last_name: Annotated[str, Field(min_length=1, max_length=255)]
    email: Annotated[str, Field(min_length=3)]
    candidate_source_id: int
    registration_date: Stamp
    creator_id: int | None = None
    phone: Text | None = None
    mobile: Text | None = None
    home_phone: Text | None = None
    work_phone: Text | None = None
    work_email: Text | None = None
    payslip_email: Text | None = None
    linked_in: Text | None = None
    skype: Text | None = None
    summary: str | None = None
    skills: str | None = None
    note: str | None = None
    external_id: Text | None = None
    nickname: Text | None = None
    desired_salary: float | None = None


class FileIn(Strict):
    """A document."""

    file_name: Text
    document_type_id: int
    base_64_content: str
    original_cv: bool = False


class CommentIn(Strict):
    """A comment."""

    content: Annotated[str, Field(min_length=1)]
    main_entity_type: Literal["CANDIDATE"]
    insert_timestamp: Stamp
    candidate_ids: Annotated[list[int], Field(min_length=1)]
    position_ids: list[int] = []
    creator_id: int | None = None


class ActivitiesIn(Strict):
    """What activities are searched for."""

    candidate_id: int
    text: str | None = None
    include_comment: bool = False
    index: int = 0


class ApplicationIn(Strict):
    """An application; only in these two stages can it be made."""

    candidate_id: int
    job_id: int
    stage: Literal["SHORTLISTED", "SENT"]
    registration_date: Stamp
    creator_id: int | None = None
