"""Applications that can't be taken: each faulty field named by its dotted path, nothing stored."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.errors import Invalid
from bot.store.tables import applications
from bot.usecases.house import House
from bot.web.problems import MALFORMED, ProblemError
from bot.web.submission import parse

from .client import Api, full, least

PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(100)).decode()


def faults(document: Any) -> dict[str, str]:
    """The faulty fields of a document, with the sentences."""
    with pytest.raises(Invalid) as caught:
        parse(json.dumps(document).encode())
    return {fault.field: fault.message for fault in caught.value.faults}


def test_every_needed_field_is_named_at_once(house: House, api: Api) -> None:
    """An empty object is told all that is needed, and nothing is stored."""
    assert set(api.faults({})) == {
        *("external_id", "source", "vacancy.reference", "vacancy.title"),
        *("candidate.last_name", "candidate.email", "candidate.phone"),
    }
    with house.database.reading() as connection:
        assert connection.execute(select(func.count()).select_from(applications)).scalar_one() == 0


def test_faults_of_every_part_are_named_together(api: Api) -> None:
    """One answer names what is wrong in the vacancy, the candidate, the answers and the CV."""
    document = full(
        source=" ",
        applied_at="yesterday",
        vacancy={"reference": 42, "title": "x" * 301},
        candidate={
            "last_name": "Novák",
            "email": "ana@",
            "links": ["https://ok.example", "javascript:alert(1)"],
        },
        answers=[{"answer": "Yes"}, "No"],
        cv={"filename": "ana.png", "content_type": "image/png", "content": PNG},
    )
    assert set(api.faults(document)) == {
        *("source", "applied_at", "vacancy.reference", "vacancy.title", "candidate.email"),
        *("candidate.links.1", "answers.0.question", "answers.1", "cv.filename"),
    }


def test_one_way_to_reach_the_person_is_needed() -> None:
    """Without e-mail and phone both are named; a faulty e-mail is one fault, not two."""
    assert set(faults(least(candidate__email=None))) == {"candidate.email", "candidate.phone"}
    assert set(faults(least(candidate__email="nobody"))) == {"candidate.email"}
    assert parse(json.dumps(least(candidate__email=None, candidate__phone="07700 900123")).encode())


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("external_id", "x" * 201),
        ("external_id", 7),
        ("source", ""),
        ("source", ["Indeed"]),
        ("applied_at", "2026-11-21"),
        ("applied_at", "2026-11-21T09:30:00"),
        ("applied_at", 1_795_000_000),
        ("applied_at", "0001-01-01T00:00:00+14:00"),
        ("applied_at", "9999-12-31T23:59:59-14:00"),
        ("vacancy", "JOB-42"),
        ("vacancy.title", "\u0000\u0001"),
        ("vacancy.crm_id", 991),
        ("candidate.last_name", {"family": "Novák"}),
        ("candidate.last_name", "x" * 201),
        ("candidate.email", "ana@example.com, other@example.com"),
        ("candidate.email", "Ana <ana@example.com>"),
        ("candidate.email", "ana@[127.0.0.1]"),
        ("candidate.phone", "call me"),
        ("candidate.phone", "1" * 51),
        ("candidate.skills", "SQL"),
        ("candidate.skills", ["x"] * 101),
        ("candidate.skills", [1] * 500_000),
        ("candidate.skills.0", None),
        ("candidate.links", ["https://a.example"] * 21),
        ("candidate.links.0", "ftp://a.example"),
        ("candidate.links.0", "https://"),
        ("candidate.links.0", "http://[::1"),
        ("candidate.links.0", "https://a.example/x y"),
        ("cover_letter", "x" * 20_001),
        ("answers", [{"question": "Q", "answer": "A"}] * 51),
        ("answers.0.question", "x" * 2_001),
        ("answers.0.answer", "x" * 5_001),
        ("answers.0.answer", True),
        ("cv", "JVBERi0="),
        ("cv.content", "not base64!"),
        ("cv.content", ""),
        ("cv.content", "data:text/plain;base64,QW5h"),
        ("cv.content_type", "application/pdf"),
        ("cv.filename", "ana"),
        ("cv.filename", None),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_faulty_value_is_named(field: str, value: Any) -> None:
    """Exactly the faulty field is named, with a sentence that does not quote what was sent."""
    document: dict[str, Any] = full()
    document["answers"] = [{"question": "Q", "answer": "A"}]
    part: Any = document
    *parents, name = field.split(".")
    for parent in parents:
        part = part[int(parent) if parent.isdigit() else parent]
    part[int(name) if name.isdigit() else name] = value
    found = faults(document)
    assert list(found) == [field]
    assert found[field].endswith(".")
    assert "Novák" not in found[field]


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"nonsense", b"{", b"[]", b"null", b'"x"', b"1", b"\xff\xfe{\x00}\x00", b'{"source": "\xff"}'),
        *(b'{"source": "\\ud800"}', b"[" * 100_000, b'{"a":' * 50_000, b'{"n": ' + b"9" * 5_000 + b"}"),
    ],
    ids=lambda body: body[:12].decode("latin-1"),
)
def test_what_is_no_json_object_is_malformed(body: bytes) -> None:
    """Lone surrogates and endless nesting are no JSON either."""
    with pytest.raises(ProblemError) as caught:
        parse(body)
    assert caught.value.kind is MALFORMED


def test_a_malformed_body_is_a_bad_request(api: Api) -> None:
    """400 as a problem document that says where the JSON breaks."""
    response = api.send_body(b'{"source": nonsense}')
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["type"] == "/docs#malformed"
    assert "line 1 column" in response.json()["detail"]


def test_a_byte_order_mark_does_no_harm() -> None:
    """Some programs write one before the JSON."""
    assert parse(b"\xef\xbb\xbf" + json.dumps(least()).encode()).source == "Indeed"


def test_an_executable_named_pdf_is_refused(api: Api) -> None:
    """The bytes decide, not the name; the refusal is counted."""
    content = base64.b64encode(b"MZ\x90\x00" + bytes(500)).decode()
    cv = {"filename": "ana.pdf", "content_type": "application/pdf", "content": content}
    assert set(api.faults(full(cv=cv))) == {"cv.content"}
    assert 'handoff_cv_refusals_total{field="cv.content"} 1.0' in api.get("/metrics").text
