"""The API's documents: what it takes (strictly: unknown fields are refused) and what it gives."""

from datetime import UTC, datetime
from typing import Annotated, Generic, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, EmailStr, Field, model_validator

from bot.playground.democrm.context import Site
from bot.playground.democrm.model import Application, Note, Person, StoredFile, User, Vacancy

T = TypeVar("T")

Stage = Literal["new", "shortlist", "phone_screen", "interview", "offer", "placed", "rejected"]
Page = Annotated[int, Field(ge=1, le=100, description="How many at most")]
Offset = Annotated[int, Field(ge=0, le=1_000_000, description="How many to skip")]


def _web_address(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("a link starts with http:// or https:// and names a host")
    return value


Line = Annotated[str, Field(max_length=200)]
Phone = Annotated[str, Field(max_length=40, pattern=r"^\+?[0-9 ()./x-]{5,39}$")]
Link = Annotated[str, Field(max_length=500), AfterValidator(_web_address)]
Skill = Annotated[str, Field(min_length=1, max_length=80)]


class _Taken(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class PersonFields(_Taken):
    """What can be set on a person."""

    first_name: Annotated[str, Field(max_length=100)] = ""
    email: EmailStr | None = None
    phone: Phone | None = None
    location: Line | None = None
    headline: Line | None = None
    skills: Annotated[list[Skill], Field(max_length=50)] = []
    links: Annotated[list[Link], Field(max_length=20)] = []
    source: Line | None = None
    owner_id: int | None = None


class PersonIn(PersonFields):
    """A new person."""

    last_name: Annotated[str, Field(min_length=1, max_length=100)]


class PersonPatch(PersonFields):
    """Only the fields that are given change; null empties one."""

    last_name: Annotated[str, Field(min_length=1, max_length=100)] = ""

    @model_validator(mode="after")
    def _names_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("name at least one field to change")
        return self


class NoteIn(_Taken):
    """A new note; its author is the signed-in user unless `author_id` names another."""

    text: Annotated[str, Field(min_length=1, max_length=20_000)]
    reference: Annotated[str, Field(min_length=1, max_length=100)] | None = None
    author_id: int | None = None


class ApplicationIn(_Taken):
    """A person put on a vacancy."""

    person_id: int
    vacancy_id: int
    stage: Stage = "new"
    source: Line | None = None


class ApplicationPatch(_Taken):
    """Another stage."""

    stage: Stage


class Paging(BaseModel):
    """Which part of a list; parameters that don't exist are refused, lest a slip lists everybody."""

    model_config = ConfigDict(extra="forbid")

    limit: Page = 50
    offset: Offset = 0


class UserQuery(Paging):
    email: str | None = None


class PeopleQuery(Paging):
    email: str | None = None
    phone: str | None = None


class NoteQuery(Paging):
    reference: str | None = None


class VacancyQuery(Paging):
    status: Literal["open", "closed"] | None = None
    search: str | None = None
    reference: str | None = None


class ApplicationQuery(Paging):
    person_id: int | None = None
    vacancy_id: int | None = None


class UserOut(BaseModel):
    id: int
    name: str
    email: str
    role: str

    @classmethod
    def of(cls, user: User) -> Self:
        return cls(id=user.id, name=user.name, email=user.email, role=user.role)


class MeOut(UserOut):
    """The signed-in user, and whose CRM it is."""

    company: str


class PersonOut(BaseModel):
    id: int
    url: str
    first_name: str
    last_name: str
    email: str | None
    phone: str | None
    location: str | None
    headline: str | None
    skills: list[str]
    links: list[str]
    source: str | None
    owner: UserOut | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, person: Person, site: Site) -> Self:
        owner = None if person.owner_id is None else UserOut.of(site.records.user(person.owner_id))
        return cls(
            **{name: getattr(person, name) for name in cls.model_fields if hasattr(person, name)}
            | {"skills": list(person.skills), "links": list(person.links)}
            | {"created_at": moment(person.created_at), "updated_at": moment(person.updated_at)},
            url=site.person_url(person.id),
            owner=owner,
        )


class FileOut(BaseModel):
    id: int
    name: str
    content_type: str
    kind: str
    size: int
    sha256: str
    created_at: datetime

    @classmethod
    def of(cls, stored: StoredFile) -> Self:
        fields = {name: getattr(stored, name) for name in cls.model_fields}
        return cls(**fields | {"created_at": moment(stored.created_at)})


class NoteOut(BaseModel):
    id: int
    text: str
    reference: str | None
    author: UserOut
    created_at: datetime

    @classmethod
    def of(cls, note: Note, site: Site) -> Self:
        author = UserOut.of(site.records.user(note.author_id))
        return cls(
            id=note.id,
            text=note.text,
            reference=note.reference,
            author=author,
            created_at=moment(note.created_at),
        )


class VacancyOut(BaseModel):
    id: int
    url: str
    reference: str
    title: str
    client: str
    location: str
    employment: str
    salary: str
    status: str
    owner: UserOut
    created_at: datetime

    @classmethod
    def of(cls, vacancy: Vacancy, site: Site) -> Self:
        fields = {name: getattr(vacancy, name) for name in cls.model_fields if hasattr(vacancy, name)}
        return cls(
            **fields | {"created_at": moment(vacancy.created_at)},
            url=site.vacancy_url(vacancy.id),
            owner=UserOut.of(site.records.user(vacancy.owner_id)),
        )


class ApplicationOut(BaseModel):
    id: int
    url: str
    person_id: int
    vacancy_id: int
    stage: Stage
    source: str | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, application: Application, site: Site) -> Self:
        fields = {name: getattr(application, name) for name in cls.model_fields if hasattr(application, name)}
        times = {
            "created_at": moment(application.created_at),
            "updated_at": moment(application.updated_at),
        }
        return cls(**fields | times, url=site.vacancy_url(application.vacancy_id))


class StageOut(BaseModel):
    id: str
    name: str


class Listing(BaseModel, Generic[T]):
    """Part of a list; `total` counts all of it."""

    items: list[T]
    total: int


def moment(seconds: float) -> datetime:
    """A clock's seconds as a date and time in UTC."""
    return datetime.fromtimestamp(seconds, UTC)
