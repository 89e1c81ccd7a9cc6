"""The page that describes the intake API, drawn from its OpenAPI description and whole in itself."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from bot.web.openapi import EXAMPLE
from bot.web.pages import page
from bot.web.problems import KINDS

_CREATE = "/api/v1/applications"
_SHOW = "/api/v1/applications/{application_id}"


@dataclass(frozen=True)
class Field:
    """A line of a table of fields."""

    path: str
    type: str
    is_needed: bool
    limit: int | None
    description: str


def router(public_url: str) -> APIRouter:
    """`GET /docs`. The app itself serves `/openapi.json`, and must be made with `docs_url=None`."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/docs")
    def docs(request: Request) -> HTMLResponse:
        document = request.app.openapi()
        create, show = document["paths"][_CREATE]["post"], document["paths"][_SHOW]["get"]
        sent = create["requestBody"]["content"]["application/json"]["schema"]
        given = {"$ref": "#/components/schemas/ApplicationState"}
        values = {
            "address": public_url + _CREATE,
            "example": json.dumps(EXAMPLE, indent=2, ensure_ascii=False),
            "sent": list(fields(sent, document)),
            "note": sent.get("description", ""),
            "given": list(fields(given, document)),
            "create_answers": sorted(create["responses"].items()),
            "show_answers": sorted(show["responses"].items()),
            "kinds": KINDS,
        }
        return HTMLResponse(page("reference.html", **values))

    return routes


def fields(schema: dict[str, Any], document: dict[str, Any], prefix: str = "") -> Iterator[Field]:
    """Every field of an object's schema with its dotted path, those of inner objects after their own line."""
    schema = _resolved(schema, document)
    for name, given in schema.get("properties", {}).items():
        part = _resolved(given, document)
        path = f"{prefix}{name}"
        is_list = part.get("type") == "array"
        inner = _resolved(part["items"], document) if is_list else part
        yield Field(
            path=path,
            type=_type(part, inner),
            is_needed=name in schema.get("required", []),
            limit=part.get("maxItems") if is_list else inner.get("maxLength"),
            description=part.get("description", "").replace("`", ""),
        )
        yield from fields(inner, document, f"{path}.0." if is_list else f"{path}.")


def _resolved(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    """The schema itself: references followed, and what may also be null taken as what it is otherwise."""
    for option in schema.get("anyOf", []):
        if option.get("type") != "null":
            rest = {name: value for name, value in schema.items() if name != "anyOf"}
            return _resolved(option, document) | rest
    if "$ref" in schema:
        found = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
        return _resolved(found, document) | {name: value for name, value in schema.items() if name != "$ref"}
    return schema


def _type(part: dict[str, Any], inner: dict[str, Any]) -> str:
    if "enum" in inner:
        return " | ".join(inner["enum"])
    names = {"string": "text", "object": "object", "integer": "number"}
    name = "time" if inner.get("format") == "date-time" else names.get(inner.get("type", ""), "")
    return f"list of {name}" if part.get("type") == "array" else name
