"""What Zoho Recruit takes, by its documents: names, types and sizes; anything else is refused."""

from __future__ import annotations

from typing import Annotated, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, Field

Text = Annotated[str, Field(min_length=1, max_length=255)]
Id = Annotated[str, Field(pattern=r"^\d+$")]


class Strict(BaseModel):
    """JSON types as they are, no unknown names."""

    model_config = ConfigDict(extra="forbid", strict=True)


class UserIn(Strict):
    """A user."""

    id: Id


class CandidateIn(Strict):
    """A candidate's fields, those of a change among them."""

    First_Name: Annotated[str, Field(max_length=40)] | None = None
    Last_Name: Annotated[str, Field(min_length=1, max_length=80)] | None = None
    Email: Annotated[str, Field(max_length=100)] | None = None
    Mobile: Annotated[str, Field(max_length=30)] | None = None
    Phone: Annotated[str, Field(max_length=30)] | None = None
    City: Annotated[str, Field(max_length=100)] | None = None
    Country: Text | None = None
    Current_Employer: Text | None = None
    Current_Job_Title: Annotated[str, Field(max_length=100)] | None = None
    Experience_in_Years: int | None = None
    Skill_Set: Annotated[str, Field(max_length=2000)] | None = None
    Expected_Salary: Text | None = None
    Source: Annotated[str, Field(max_length=100)] | None = None
    Website: Text | None = None
    Candidate_Status: Text | None = None
    Owner: UserIn | None = None


class NoteIn(Strict):
    """A new note."""

    Note_Title: Annotated[str, Field(max_length=120)] | None = None
    Note_Content: Annotated[str, Field(min_length=1, max_length=32000)]
    Parent_Id: Id
    se_module: Annotated[str, Field(pattern="^Candidates$")]


class AssociateIn(Strict):
    """Candidates for job openings."""

    ids: Annotated[list[Id], Field(min_length=1)]
    jobids: Annotated[list[Id], Field(min_length=1)]
    comments: str | None = None


class StatusIn(Strict):
    """A status of candidates, on job openings or overall."""

    ids: Annotated[list[Id], Field(min_length=1)]
    jobids: list[Id] | None = None
    Candidate_Status: str
    comments: str | None = None


Of = TypeVar("Of")


class Body(Strict, Generic[Of]):
    """Every request body is a list of records."""

    data: Annotated[list[Of], Field(min_length=1, max_length=1)]
    trigger: list[str] | None = None
