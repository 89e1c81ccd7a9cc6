"""The intake API described: for programs as OpenAPI, for people as a page that needs no other host."""

from __future__ import annotations

import re
from typing import Any

import jsonschema

from bot.web.openapi import EXAMPLE

from .client import PATH, Api, least


def create_operation(api: Api) -> dict[str, Any]:
    """The description of sending an application."""
    operation: dict[str, Any] = api.get("/openapi.json").json()["paths"][PATH]["post"]
    return operation


def test_the_described_body_is_the_one_taken(api: Api) -> None:
    """The example fits the schema and is accepted; a document that lacks something needed fits neither."""
    schema = create_operation(api)["requestBody"]["content"]["application/json"]["schema"]
    for document in (EXAMPLE, least()):
        jsonschema.validate(document, schema)
        assert api.send(document).status_code in (200, 201)
    for path in ("external_id", "source", "vacancy__reference", "vacancy__title", "candidate__last_name"):
        faulty = least(**{path: ""})
        assert not jsonschema.Draft202012Validator(schema).is_valid(faulty), path
        assert api.send(faulty).status_code == 422


def test_the_described_answers_are_those_given(api: Api) -> None:
    """What comes back fits the schemas under its status."""
    document = api.get("/openapi.json").json()
    created = api.send(least())
    answers = create_operation(api)["responses"]
    for response in (created, api.send({}), api.send([]), api.send({}, token=None)):
        described = answers[str(response.status_code)]["content"]
        (schema,) = [content["schema"] for content in described.values()]
        jsonschema.validate(response.json(), schema | {"components": document["components"]})
    state = document["components"]["schemas"]["ApplicationState"]
    inner = {"components": document["components"]}
    jsonschema.validate(api.state(created.json()["id"]).json(), state | inner)


def test_both_operations_need_the_token(api: Api) -> None:
    """The bearer scheme is declared and asked for, so that tools offer a field for it."""
    document = api.get("/openapi.json").json()
    assert document["components"]["securitySchemes"]["intakeToken"]["scheme"] == "bearer"
    for path in document["paths"].values():
        for operation in path.values():
            assert operation["security"] == [{"intakeToken": []}]


def test_only_the_intake_is_described(api: Api) -> None:
    """Nothing that Slack, CRMs or watchers use."""
    assert set(api.get("/openapi.json").json()["paths"]) == {PATH, PATH + "/{application_id}"}


def test_the_page_needs_no_other_host(api: Api) -> None:
    """No script, style, font or picture from elsewhere: it works in a closed network."""
    page = api.get("/docs").text
    assert not re.findall(r"<(?:script|link|img|iframe)\b", page)
    assert "url(" not in page
    assert "@import" not in page


def test_the_page_names_every_field_and_answer(api: Api) -> None:
    """Each field by its dotted path, needed or not, and each status."""
    page = api.get("/docs").text
    for path in (
        "vacancy.crm_id",
        "candidate.last_name",
        "answers.0.question",
        "cv.content",
        "handoff.state",
    ):
        assert f"<code>{path}</code>" in page
    for status in create_operation(api)["responses"]:
        assert status == "default" or f"<code>{status}</code>" in page
