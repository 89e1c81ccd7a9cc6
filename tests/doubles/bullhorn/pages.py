"""What people see of Bullhorn in a browser: its sign-in with the terms, and a candidate's record."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from tests.doubles._pages import Pages
from tests.doubles._signin import RefusedError, form_of

from .doors import Here
from .records import PASSWORD, Record, Records
from .site import Site

PAGES = Pages("Bullhorn", "#0b4f8a")
WORDS = {"jobs": "Job submissions", "files": "Files", "notes": "Notes"}
sign_in = APIRouter()
windows = APIRouter(prefix="/BullhornStaffing")


@sign_in.get("/oauth/authorize")
async def sign_in_page(site: Here, request: Request) -> Response:
    """The page where a user types name and password."""
    try:
        site.sign_in.approve(str(request.url), allow=False)
    except RefusedError as refusal:
        return PAGES.message("Sign-in refused", f"This link is not in order ({refusal.code}).")
    return PAGES.sign_in("User name", "Login", is_wrong=False)


@sign_in.post("/oauth/authorize")
async def answer_page(site: Here, request: Request) -> Response:
    """The terms after the sign-in; and where the browser goes once they are answered."""
    form = await form_of(request)
    users = {user["username"]: user for user in site.records.tables["CorporateUser"].values()}
    user = users.get(form.get("username", ""))
    if user is None or not user["enabled"] or user["isDeleted"] or form.get("password") != PASSWORD:
        return PAGES.sign_in("User name", "Login", is_wrong=True)
    if "answer" not in form:
        kept = {name: form[name] for name in ("username", "password")}
        words = {"agree": "Agree", "cancel": "Cancel", "wishes": ()}
        return PAGES.consent("Terms of Service", user["name"], kept=kept, **words)
    allow = form["answer"] == "agree"
    if allow:
        site.user_id = user["id"]
    return RedirectResponse(site.sign_in.approve(str(request.url), allow=allow), 303)


@windows.get("/OpenWindow.cfm")
async def open_window(request: Request) -> Response:
    """The record that a link opens, by the documented parameters."""
    site: Site = request.app.state.site
    query, records = request.query_params, site.records
    number = int(query["id"]) if query.get("id", "").isdecimal() else 0
    found = records.tables["Candidate"].get(number)
    if set(query) != {"entity", "id", "view"} or query["entity"] != "Candidate" or found is None:
        return PAGES.message("Nothing to open", "No candidate has this address.", 404)
    return PAGES.record(found["name"], words=WORDS, **_about(records, found))


@windows.get("/files/{number:int}/{name}")
async def file(request: Request, number: int, name: str) -> Response:
    """The bytes of an attached file."""
    records: Records = request.app.state.site.records
    kept = records.tables["FileAttachment"].get(number)
    if kept is None or kept["name"] != name:
        return PAGES.message("Nothing to open", "No file has this address.", 404)
    return Response(records.contents[number], media_type=kept["contentType"])


def _about(records: Records, candidate: Record) -> dict[str, Any]:
    number = candidate["id"]
    facts = {
        "E-mail": candidate["email"],
        "Phone": candidate["phone"],
        "City": (candidate["address"] or {}).get("city"),
        "Skills": candidate["skillSet"],
        "Owner": _user(records, candidate["owner"]),
        "Source": candidate["source"],
    }
    submissions = records.tables["JobSubmission"].values()
    files = [records.tables["FileAttachment"][one] for one in records.attached.get(number, [])]
    notes = [records.tables["Note"][one] for one in records.noted.get(number, [])]
    return {
        "below": " · ".join(filter(None, (candidate["occupation"], f"Status: {candidate['status']}"))),
        "facts": facts,
        "jobs": [_job(records, one) for one in submissions if one["candidate"]["id"] == number],
        "files": [_file(one) for one in files],
        "notes": [
            {"text": _plain(one["comments"]), "about": _by(one, _user(records, one["commentingPerson"]))}
            for one in notes
        ],
    }


def _job(records: Records, submission: Record) -> dict[str, str]:
    job = records.tables["JobOrder"][submission["jobOrder"]["id"]]
    about = f"{job['externalID']} · job {job['id']} · source {submission['source']}"
    return {"title": job["title"], "stage": submission["status"], "about": about}


def _file(kept: Record) -> dict[str, str]:
    about = f"{kept['type']} · {kept['contentType']} · {kept['fileSize']} bytes"
    href = f"/BullhornStaffing/files/{kept['id']}/{kept['name']}"
    return {"name": kept["name"], "about": about, "href": href}


def _user(records: Records, reference: Record | None) -> str:
    return records.tables["CorporateUser"][reference["id"]]["name"] if reference else ""


def _by(note: Record, author: str) -> str:
    return f"{note['action']} · by {author}"


def _plain(html: str) -> str:
    return unescape(re.sub(r"<br>", "\n", html))
