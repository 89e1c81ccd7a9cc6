"""The words and examples of the intake API's description."""

from __future__ import annotations

from typing import Any

from bot.web.problems import MEDIA_TYPE
from bot.web.submission import Submission

EXAMPLE: dict[str, Any] = {
    "external_id": "indeed-8812",
    "source": "Indeed",
    "applied_at": "2026-11-21T09:30:00Z",
    "vacancy": {
        "reference": "JOB-42",
        "title": "Site Engineer",
        "client": "Acme",
        "location": "Leeds",
        "crm_id": "991",
    },
    "candidate": {
        "first_name": "Ana",
        "last_name": "Novák",
        "email": "ana@example.com",
        "phone": "+44 7700 900123",
        "location": "Leeds",
        "headline": "Site Engineer at Bolt Ltd",
        "skills": ["SQL"],
        "links": ["https://ana.example.com"],
    },
    "cover_letter": "I have built bridges for nine years.",
    "answers": [{"question": "Do you hold a driving licence?", "answer": "Yes"}],
    "cv": {
        "filename": "ana.txt",
        "content_type": "text/plain",
        "content": "QW5hIE5vdsOhayAtIFNpdGUgRW5naW5lZXIK",
    },
}

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Which kind of problem: a place in these pages."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What is wrong, and what to do."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "message"],
                "properties": {
                    "field": {"type": "string", "examples": ["candidate.email"]},
                    "message": {"type": "string"},
                },
            },
        },
        "reference": {"type": "string", "description": "Only with 500: what to report."},
    },
}


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": _PROBLEM}}}


def _inlined(schema: Any, parts: dict[str, Any]) -> Any:
    # The framework lists only the schemas of bodies that it reads itself, so references would lead nowhere.
    match schema:
        case {"$ref": str(reference), **rest}:
            return _inlined(parts[reference.rpartition("/")[2]], parts) | rest
        case dict():
            return {name: _inlined(value, parts) for name, value in schema.items() if name != "$defs"}
        case list():
            return [_inlined(value, parts) for value in schema]
    return schema


_SCHEMA = Submission.model_json_schema()
POST_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": _inlined(_SCHEMA, _SCHEMA["$defs"]), "example": EXAMPLE}},
    }
}
_ANY: dict[int | str, dict[str, Any]] = {
    401: _problem("No intake token, or one that is unknown or revoked."),
    503: _problem("The database or the workspace is not there; send it again later."),
    "default": _problem("Any other refusal."),
}
POST_ANSWERS: dict[int | str, dict[str, Any]] = {
    201: {"description": "Stored. The Location header and “url” say where its state can be asked for."},
    200: {
        "description": "This source sent this external_id before: the id of the application stored then.",
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Created"}}},
    },
    400: _problem("The body is not one JSON object."),
    413: _problem("The body is larger than 15 MB."),
    415: _problem("The body is compressed."),
    422: _problem("Some fields can't be taken; “errors” names every one."),
    **_ANY,
}
GET_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"description": "The application as it stands."},
    404: _problem("This workspace has no application with this id."),
    **_ANY,
}
