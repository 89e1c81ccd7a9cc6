"""Whatever is sent, it is taken or refused; it never breaks anything."""

from __future__ import annotations

import base64
import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .client import Api, full

SETTINGS = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)
# Every character there is, with those that trip databases and parsers more often.
TEXT = st.text(max_size=60) | st.text(
    alphabet="\x00\x07\n\t \u2028\u202e<>@&:/.é\U0001f600\ufeff\x85", max_size=12
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | TEXT
ANYTHING = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
STARTS = [b"", b"%PDF-1.7", b"PK\x03\x04", b"PK\x05\x06", b"{\\rtf1", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
FILENAMES = st.sampled_from(["a.pdf", "a.doc", "a.docx", "a.odt", "a.rtf", "a.txt", "../a.txt", "a"]) | TEXT


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where every value of a document is."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(deeper for key, part in inner for deeper in paths(part, (*path, key)))]


PLACES = [path for path in paths(full()) if path]


def answered_well(api: Api, body: bytes) -> int:
    """The status, once it is known to be one of those described."""
    response = api.send_body(body)
    assert response.status_code in (200, 201, 400, 422), response.text
    if response.status_code == 422:
        assert response.json()["errors"]
    if response.status_code in (200, 201):
        assert api.state(response.json()["id"]).status_code == 200
    return response.status_code


@SETTINGS
@given(body=st.binary(max_size=300))
def test_any_bytes(api: Api, body: bytes) -> None:
    """Bytes that are mostly no JSON."""
    answered_well(api, body)


@SETTINGS
@given(document=ANYTHING)
def test_any_json(api: Api, document: Any) -> None:
    """JSON of any shape, NaN and infinities included."""
    assert answered_well(api, json.dumps(document).encode()) in (400, 422)


@SETTINGS
@given(changes=st.lists(st.tuples(st.sampled_from(PLACES), ANYTHING), min_size=1, max_size=3))
def test_any_value_anywhere(api: Api, changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """A good document with something else in up to three places."""
    document = full()
    for path, value in changes:
        part: Any = document
        try:
            for step in path[:-1]:
                part = part[step]
            part[path[-1]] = value
        except (TypeError, KeyError, IndexError):
            continue  # an earlier change took that place away
    answered_well(api, json.dumps(document).encode())


@SETTINGS
@given(
    filename=FILENAMES,
    content_type=st.none() | TEXT | st.just("application/octet-stream"),
    start=st.sampled_from(STARTS),
    rest=st.binary(max_size=200),
)
def test_any_cv(api: Api, filename: str, content_type: str | None, start: bytes, rest: bytes) -> None:
    """Files of every kind and of none."""
    cv = {
        "filename": filename,
        "content_type": content_type,
        "content": base64.b64encode(start + rest).decode(),
    }
    answered_well(api, json.dumps(full(external_id=filename or "x", cv=cv)).encode())
