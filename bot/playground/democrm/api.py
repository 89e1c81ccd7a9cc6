"""The demo CRM's API, version 1.

Bearer tokens; JSON in, JSON out; lists are `{"items": […], "total": n}`, with `limit` and `offset`; times
are in UTC.
Faults are RFC 9457 documents with `code` and, per field, `errors`: 401 token, 403 scope, 404 no such record,
409 there already (`existing_id`), 413 file too big, 422 fields, 429 quota (`Retry-After`).
"""

from collections.abc import Sequence
from typing import Annotated, Literal, TypeVar

from fastapi import APIRouter, Depends, File, Form, Query, UploadFile
from fastapi.responses import Response

from bot.playground.democrm.context import Allowed, Here
from bot.playground.democrm.files import checked_upload, disposition
from bot.playground.democrm.model import STAGES, User
from bot.playground.democrm.schemas import (
    ApplicationIn,
    ApplicationOut,
    ApplicationPatch,
    ApplicationQuery,
    FileOut,
    Listing,
    MeOut,
    NoteIn,
    NoteOut,
    NoteQuery,
    Paging,
    PeopleQuery,
    PersonIn,
    PersonOut,
    PersonPatch,
    StageOut,
    UserOut,
    UserQuery,
    VacancyOut,
    VacancyQuery,
)

COMPANY = "Bright Desk Recruitment"
T = TypeVar("T")

router = APIRouter(prefix="/api/v1")

Anyone = Annotated[User, Depends(Allowed())]
ReadPeople = Annotated[User, Depends(Allowed("read_people"))]
WritePeople = Annotated[User, Depends(Allowed("write_people"))]
ReadVacancies = Annotated[User, Depends(Allowed("read_vacancies"))]
ReadApplications = Annotated[User, Depends(Allowed("read_applications"))]
WriteApplications = Annotated[User, Depends(Allowed("write_applications"))]
ReadUsers = Annotated[User, Depends(Allowed("read_users"))]


@router.get("/me", tags=["users"])
def me(user: Anyone) -> MeOut:
    """Who is signed in."""
    return MeOut(id=user.id, name=user.name, email=user.email, role=user.role, company=COMPANY)


@router.get("/users", tags=["users"])
def list_users(site: Here, _user: ReadUsers, query: Annotated[UserQuery, Query()]) -> Listing[UserOut]:
    """Who works here; one of them by e-mail."""
    found = site.records.users(query.email)
    return Listing(items=[UserOut.of(u) for u in _part(found, query)], total=len(found))


@router.get("/people", tags=["people"])
def list_people(site: Here, _user: ReadPeople, query: Annotated[PeopleQuery, Query()]) -> Listing[PersonOut]:
    """People, newest first; by `email` (any letter case) and by `phone` (however it is written)."""
    found = site.records.people(query.email, query.phone)
    return Listing(items=[PersonOut.of(p, site) for p in _part(found, query)], total=len(found))


@router.post("/people", status_code=201, tags=["people"])
def create_person(site: Here, _user: WritePeople, body: PersonIn, response: Response) -> PersonOut:
    """A new person; 409 with `existing_id` when the e-mail is somebody's."""
    person = PersonOut.of(site.records.add_person(**_columns(body)), site)
    response.headers["Location"] = f"{site.base_url}/api/v1/people/{person.id}"
    return person


@router.get("/people/{person_id:int}", tags=["people"])
def get_person(site: Here, _user: ReadPeople, person_id: int) -> PersonOut:
    """One person; `url` is where people look at them."""
    return PersonOut.of(site.records.person(person_id), site)


@router.patch("/people/{person_id:int}", tags=["people"])
def change_person(site: Here, _user: WritePeople, person_id: int, body: PersonPatch) -> PersonOut:
    """Change the fields that are given and no other."""
    return PersonOut.of(site.records.change_person(person_id, **_columns(body)), site)


@router.get("/people/{person_id:int}/files", tags=["files"])
def list_files(site: Here, _user: ReadPeople, person_id: int) -> Listing[FileOut]:
    """A person's files with their SHA-256, so that a caller can tell whether its own is there."""
    found = site.records.files(person_id)
    return Listing(items=[FileOut.of(f) for f in found], total=len(found))


@router.post("/people/{person_id:int}/files", status_code=201, tags=["files"])
def attach_file(
    site: Here,
    _user: WritePeople,
    person_id: int,
    file: Annotated[UploadFile, File()],
    kind: Annotated[Literal["cv", "cover_letter", "other"], Form()] = "cv",
) -> FileOut:
    """Attach a document (multipart, part `file`): PDF, DOC, DOCX, ODT, RTF, TXT, up to 15 MB."""
    site.records.person(person_id)
    name, content_type, content = checked_upload(file)
    return FileOut.of(site.records.add_file(person_id, name, content_type, kind, content))


@router.get("/people/{person_id:int}/files/{file_id:int}/content", tags=["files"])
def download_file(site: Here, _user: ReadPeople, person_id: int, file_id: int) -> Response:
    """The document, byte for byte."""
    stored = site.records.file(person_id, file_id)
    headers = {"Content-Disposition": disposition("attachment", stored.name)}
    return Response(stored.content, media_type=stored.content_type, headers=headers)


@router.get("/people/{person_id:int}/notes", tags=["notes"])
def list_notes(
    site: Here, _user: ReadPeople, person_id: int, query: Annotated[NoteQuery, Query()]
) -> Listing[NoteOut]:
    """Notes, newest first; by the `reference` that their writer gave them."""
    found = site.records.notes(person_id, query.reference)
    return Listing(items=[NoteOut.of(n, site) for n in _part(found, query)], total=len(found))


@router.post("/people/{person_id:int}/notes", status_code=201, tags=["notes"])
def write_note(site: Here, user: WritePeople, person_id: int, body: NoteIn) -> NoteOut:
    """A new note. `reference` is kept as given and need not be unique."""
    author_id = user.id if body.author_id is None else body.author_id
    return NoteOut.of(site.records.add_note(person_id, body.text, body.reference, author_id), site)


@router.get("/vacancies", tags=["vacancies"])
def list_vacancies(
    site: Here, _user: ReadVacancies, query: Annotated[VacancyQuery, Query()]
) -> Listing[VacancyOut]:
    """Vacancies, open ones first; each word of `search` is in reference, title, client or location."""
    found = site.records.vacancies(query.status, query.search, query.reference)
    return Listing(items=[VacancyOut.of(v, site) for v in _part(found, query)], total=len(found))


@router.get("/vacancies/{vacancy_id:int}", tags=["vacancies"])
def get_vacancy(site: Here, _user: ReadVacancies, vacancy_id: int) -> VacancyOut:
    """One vacancy."""
    return VacancyOut.of(site.records.vacancy(vacancy_id), site)


@router.get("/stages", tags=["applications"])
def list_stages(_user: ReadApplications) -> Listing[StageOut]:
    """The stages an application can be in, in their order."""
    return Listing(items=[StageOut(id=i, name=name) for i, name in STAGES.items()], total=len(STAGES))


@router.get("/applications", tags=["applications"])
def list_applications(
    site: Here, _user: ReadApplications, query: Annotated[ApplicationQuery, Query()]
) -> Listing[ApplicationOut]:
    """Who is on which vacancy, newest first."""
    found = site.records.applications(query.person_id, query.vacancy_id)
    return Listing(items=[ApplicationOut.of(a, site) for a in _part(found, query)], total=len(found))


@router.post("/applications", status_code=201, tags=["applications"])
def create_application(site: Here, _user: WriteApplications, body: ApplicationIn) -> ApplicationOut:
    """Put a person on an open vacancy; 409 with `existing_id` when they are on it."""
    fields = (body.person_id, body.vacancy_id, body.stage, body.source)
    return ApplicationOut.of(site.records.add_application(*fields), site)


@router.get("/applications/{application_id:int}", tags=["applications"])
def get_application(site: Here, _user: ReadApplications, application_id: int) -> ApplicationOut:
    """One application."""
    return ApplicationOut.of(site.records.application(application_id), site)


@router.patch("/applications/{application_id:int}", tags=["applications"])
def move_application(
    site: Here, _user: WriteApplications, application_id: int, body: ApplicationPatch
) -> ApplicationOut:
    """Move an application to another stage."""
    return ApplicationOut.of(site.records.move_application(application_id, body.stage), site)


def _part(found: Sequence[T], query: Paging) -> Sequence[T]:
    return found[query.offset : query.offset + query.limit]


def _columns(body: PersonIn | PersonPatch) -> dict[str, object]:
    given = body.model_dump(exclude_unset=True)
    return {name: tuple(value) if isinstance(value, list) else value for name, value in given.items()}
