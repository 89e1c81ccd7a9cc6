"""What people see of JobAdder in a browser: its sign-in with the consent, and a candidate's record."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from tests.doubles._pages import Pages
from tests.doubles._signin import RefusedError, form_of

from .records import PASSWORD, Record, Records
from .site import Site

PAGES = Pages("JobAdder", "#0a6b5e")
WORDS = {"jobs": "Job applications", "files": "Attachments", "notes": "Notes"}
WISHES = {
    "read_candidate": "See candidates",
    "write_candidate": "Add and change candidates",
    "read_candidate_note": "See candidates' notes",
    "write_candidate_note": "Write notes about candidates",
    "read_job": "See jobs",
    "read_jobapplication": "See job applications",
    "write_jobapplication": "Add job applications",
    "read_user": "See who works here",
    "offline_access": "Stay signed in while you are away",
}
pages = APIRouter()


@pages.get("/connect/authorize")
async def sign_in_page(request: Request) -> Response:
    """The page where a user types e-mail and password."""
    site: Site = request.app.state.site
    try:
        site.sign_in.approve(str(request.url), allow=False)
    except RefusedError as refusal:
        return PAGES.message("Sign-in refused", f"This link is not in order ({refusal.code}).")
    return PAGES.sign_in("E-mail", "Sign in", is_wrong=False)


@pages.post("/connect/authorize")
async def answer_page(request: Request) -> Response:
    """The consent, scope by scope, after the sign-in; and where the browser goes once it is answered."""
    site: Site = request.app.state.site
    form = await form_of(request)
    user = site.records.active_user(form.get("username", ""))
    if user is None or form.get("password") != PASSWORD:
        return PAGES.sign_in("E-mail", "Sign in", is_wrong=True)
    if "answer" not in form:
        kept = {name: form[name] for name in ("username", "password")}
        wishes = [WISHES[scope] for scope in request.query_params["scope"].split(" ")]
        words = {"agree": "Allow", "cancel": "Deny", "wishes": wishes}
        name = f"{user['firstName']} {user['lastName']}"
        return PAGES.consent("Allow Handoff?", name, kept=kept, **words)
    allow = form["answer"] == "agree"
    if allow:
        site.user_id = user["userId"]
    return RedirectResponse(site.sign_in.approve(str(request.url), allow=allow), 303)


@pages.get("/candidates/{number:int}")
async def candidate(request: Request, number: int) -> Response:
    """The record that a link opens."""
    records: Records = request.app.state.site.records
    found = records.candidates.get(number)
    if found is None:
        return PAGES.message("Nothing to open", "No candidate has this address.", 404)
    return PAGES.record(_name(found), words=WORDS, **_about(records, found))


@pages.get("/candidates/{number:int}/files/{file_id:int}")
async def file(request: Request, number: int, file_id: int) -> Response:
    """The bytes of an attachment."""
    records: Records = request.app.state.site.records
    kept = {one["attachmentId"]: one for one in records.attachments.get(number, [])}.get(file_id)
    if kept is None:
        return PAGES.message("Nothing to open", "No file has this address.", 404)
    return Response(kept["content"], media_type="application/octet-stream")


def _about(records: Records, found: Record) -> dict[str, Any]:
    number = found["candidateId"]
    facts = {
        "E-mail": found.get("email"),
        "Phone": found.get("phone"),
        "City": found.get("address", {}).get("city"),
        "Skills": ", ".join(found.get("skillTags", ())),
        "Recruiter": ", ".join(_name(owner) for owner in found["recruiters"]),
        "Source": found.get("source"),
    }
    return {
        "below": " · ".join(filter(None, (found.get("summary"), f"Status: {found['status']['name']}"))),
        "facts": facts,
        "jobs": [_job(one) for one in records.applications.get(number, [])],
        "files": [_file(number, one) for one in records.attachments.get(number, [])],
        "notes": [_note(one) for one in records.notes.get(number, [])],
    }


def _job(application: Record) -> dict[str, str]:
    about = f"job {application['job']['jobId']} · source {application['source']}"
    return {"title": application["job"]["jobTitle"], "stage": application["status"]["name"], "about": about}


def _file(number: int, kept: Record) -> dict[str, str]:
    href = f"/candidates/{number}/files/{kept['attachmentId']}"
    return {
        "name": kept["fileName"],
        "about": f"{kept['type']} · {len(kept['content'])} bytes",
        "href": href,
    }


def _note(note: Record) -> dict[str, str]:
    author = note.get("createdBy", {}).get("email") or "Handoff"
    return {"text": note["text"], "about": f"{note.get('type') or 'Note'} · by {author}"}


def _name(person: Record) -> str:
    return " ".join(filter(None, (person.get("firstName"), person.get("lastName"))))
