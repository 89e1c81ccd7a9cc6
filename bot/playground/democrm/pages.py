"""The demo CRM's pages to look at: people and vacancies, live by a revision number, no sign-in needed."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from bot.playground.democrm.context import Here, Site
from bot.playground.democrm.files import disposition
from bot.playground.democrm.model import STAGES
from bot.playground.democrm.rendering import page

router = APIRouter(include_in_schema=False)


@router.get("/")
def start() -> Response:
    """The people list is the front door."""
    return RedirectResponse("/people", 307)


@router.get("/revision")
async def revision(site: Here) -> dict[str, str]:
    """A number that grows with every change; the pages ask for it and redraw themselves."""
    return {"rev": site.revision}


@router.get("/people")
def people(site: Here) -> HTMLResponse:
    """Newest first, with the vacancies they are on."""
    records = site.records
    vacancies = {v.id: v for v in records.vacancies()}
    on: dict[int, list[object]] = {}
    for application in records.applications():
        on.setdefault(application.person_id, []).append(vacancies[application.vacancy_id])
    return _page(site, "people", here="people", people=records.people(), on=on)


@router.get("/people/{person_id:int}")
def person(site: Here, person_id: int) -> HTMLResponse:
    """Everything about one person."""
    records = site.records
    found = records.person(person_id)
    applications = [(a, records.vacancy(a.vacancy_id)) for a in records.applications(person_id=person_id)]
    return _page(
        site,
        "person",
        here="people",
        person=found,
        owner=None if found.owner_id is None else records.user(found.owner_id),
        files=records.files(person_id),
        notes=[(n, records.user(n.author_id)) for n in records.notes(person_id)],
        applications=applications,
    )


@router.get("/people/{person_id:int}/files/{file_id:int}")
def file(site: Here, person_id: int, file_id: int, download: bool = False) -> Response:
    """A document: PDF and text open in the browser, the rest is saved."""
    stored = site.records.file(person_id, file_id)
    opens = stored.content_type.startswith(("application/pdf", "text/plain")) and not download
    headers = {
        "Content-Disposition": disposition("inline" if opens else "attachment", stored.name),
        "X-Content-Type-Options": "nosniff",
    }
    return Response(stored.content, media_type=stored.content_type, headers=headers)


@router.get("/vacancies")
def vacancies(site: Here) -> HTMLResponse:
    """Open ones first, with how many are on each."""
    records = site.records
    counts = {v.id: len(records.applications(vacancy_id=v.id)) for v in records.vacancies()}
    return _page(site, "vacancies", here="vacancies", vacancies=records.vacancies(), counts=counts)


@router.get("/vacancies/{vacancy_id:int}")
def vacancy(site: Here, vacancy_id: int) -> HTMLResponse:
    """A vacancy with its applicants by stage."""
    records = site.records
    found = records.vacancy(vacancy_id)
    applicants = [(a, records.person(a.person_id)) for a in records.applications(vacancy_id=vacancy_id)]
    stages = [(name, [pair for pair in applicants if pair[0].stage == key]) for key, name in STAGES.items()]
    return _page(
        site,
        "vacancy",
        here="vacancies",
        vacancy=found,
        owner=records.user(found.owner_id),
        stages=stages,
        total=len(applicants),
    )


def missing_page(site: Site, status: int) -> HTMLResponse:
    """For addresses and records that are not there."""
    heading = "There is nothing here"
    text = "The record may never have existed, or the address has a typing error."
    return _page(site, "missing", status, here="", heading=heading, text=text)


def _page(site: Site, template: str, status: int = 200, **values: Any) -> HTMLResponse:
    connected = sorted({family.user.name for family in site.auth.active()})
    return page(
        f"{template}.html", status, rev=site.revision, stage_names=STAGES, connected=connected, **values
    )
