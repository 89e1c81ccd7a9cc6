"""A new application as other programs send it: the shape of the JSON, and what becomes of it."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    StringConstraints,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bot import models
from bot.errors import FieldFault, Invalid
from bot.rules.cv_file import read_cv
from bot.web.problems import MALFORMED, ProblemError
from bot.web.sentences import FAULTS, faults_of
from bot.web.texts import (
    EMail,
    Item,
    Line,
    Link,
    LongLine,
    LongText,
    Needed,
    NeededText,
    Telephone,
    Text,
)

_YEARS = range(1990, 2101)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def _at_most(limit: int, value: Any) -> Any:
    # Before the entries are looked at: a list of millions of wrong ones would give millions of faults.
    if isinstance(value, list) and len(value) > limit:
        raise ValueError(f"must have at most {limit} entries.")
    return [] if value is None else value


def _without_blanks(values: list[str]) -> list[str]:
    return [value for value in values if value]


def _moment_text(value: Any) -> Any:
    if isinstance(value, str):
        return value.strip() or None
    if value is not None:
        raise ValueError("must be a time such as 2026-11-21T09:30:00Z.")
    return None


def _sane_year(value: datetime | None) -> datetime | None:
    if value is not None and value.year not in _YEARS:
        raise ValueError(f"must lie between {_YEARS[0]} and {_YEARS[-1]}.")
    return value


Moment = Annotated[AwareDatetime | None, BeforeValidator(_moment_text), AfterValidator(_sane_year)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class Vacancy(_Part):
    """The job applied for."""

    reference: Needed = Field(description="The source's own name of the vacancy.")
    title: Needed
    client: Line = None
    location: Line = None
    crm_id: Line = Field(None, description="The CRM's own id of the vacancy, where it is known.")


class Candidate(_Part):
    """The person who applies. One of `email` and `phone` is needed."""

    first_name: Line = None
    last_name: Needed
    email: EMail = Field(None, description="Needed unless there is a phone number.")
    phone: Telephone = Field(
        None, description="Needed unless there is an e-mail address.", validate_default=True
    )
    location: Line = None
    headline: LongLine = None
    skills: Annotated[
        list[Item], BeforeValidator(partial(_at_most, 100)), AfterValidator(_without_blanks)
    ] = Field([], max_length=100)
    links: Annotated[list[Link], BeforeValidator(partial(_at_most, 20)), AfterValidator(_without_blanks)] = (
        Field([], max_length=20, description="Web addresses: http and https only.")
    )

    @field_validator("phone")
    @classmethod
    def _can_be_reached(cls, phone: str | None, info: ValidationInfo) -> str | None:
        # An e-mail that is faulty by itself is not among the data, and needs no second complaint.
        if phone is None and "email" in info.data and info.data["email"] is None:
            message = "is missing: an e-mail address or a phone number is needed."
            faults = [FieldFault("email", message), FieldFault("phone", message)]
            raise PydanticCustomError(FAULTS, "needs a way to be reached", {FAULTS: faults})
        return phone


class Answer(_Part):
    """A question of the application form, with what the applicant wrote."""

    question: NeededText
    answer: Text = None


class Cv(_Part):
    """The CV: PDF, DOC, DOCX, ODT, RTF or TXT of up to 10 MB, without macros or password."""

    filename: Annotated[str, StringConstraints(strict=True, max_length=1_000)]
    content_type: Annotated[str, StringConstraints(strict=True, max_length=200)] | None = None
    content: Annotated[str, StringConstraints(strict=True)] = Field(description="The file in base64.")
    _read: tuple[models.CvFile, bytes] = PrivateAttr()

    @model_validator(mode="after")
    def _is_document(self) -> Cv:
        try:
            self._read = read_cv(self.filename, self.content_type, self.content)
        except Invalid as error:
            raise PydanticCustomError(FAULTS, "can't be taken", {FAULTS: error.faults}) from None
        return self

    def read(self) -> tuple[models.CvFile, bytes]:
        """The file's description and its bytes."""
        return self._read


class Submission(_Part):
    """One applicant for one vacancy. Fields not named here are ignored; blank texts count as absent."""

    external_id: Needed = Field(
        description="The source's own id. The same pair with `source` is the same application."
    )
    source: Needed = Field(description="Where the application comes from, such as Indeed.")
    applied_at: Moment = Field(None, description="With time zone.")
    vacancy: Vacancy
    candidate: Candidate
    cover_letter: LongText = None
    answers: Annotated[list[Answer], BeforeValidator(partial(_at_most, 50))] = Field([], max_length=50)
    cv: Cv | None = None

    @model_validator(mode="before")
    @classmethod
    def _has_its_parts(cls, data: Any) -> Any:
        # A part left out is answered with what is needed of it, field by field.
        if not isinstance(data, dict):
            return data
        return {"vacancy": {}, "candidate": {}} | {
            key: value for key, value in data.items() if value is not None
        }

    def application(self, team_id: str, now: datetime) -> tuple[models.Application, bytes | None]:
        """As the house knows it, still without an id, and the CV's bytes."""
        cv, content = self.cv.read() if self.cv else (None, None)
        person = self.candidate.model_dump()
        application = models.Application(
            id="",
            team_id=team_id,
            source=self.source,
            external_id=self.external_id,
            received_at=now,
            applied_at=self.applied_at,
            candidate=models.Candidate(
                **person | {"skills": tuple(person["skills"]), "links": tuple(person["links"])}
            ),
            vacancy=models.Vacancy(**self.vacancy.model_dump()),
            cover_letter=self.cover_letter,
            answers=tuple(models.Answer(each.question, each.answer or "") for each in self.answers),
            cv=cv,
        )
        return application, content


def parse(body: bytes) -> Submission:
    """The application in a request's body. Raises `ProblemError` where it is no JSON object, or `Invalid`."""
    try:
        return Submission.model_validate_json(body.removeprefix(_BYTE_ORDER_MARK))
    except ValidationError as error:
        errors = error.errors(include_url=False, include_input=False)
    first = errors[0]
    if first["type"] == "json_invalid":
        raise ProblemError(MALFORMED, f"The body is not JSON: {first['ctx']['error']}.")
    if first["type"] == "model_type" and not first["loc"]:
        raise ProblemError(MALFORMED, "The body must be one JSON object.")
    raise Invalid(faults_of(errors))
