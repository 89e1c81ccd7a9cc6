"""The applicants that arrive in the playground, and the documents they bring."""

import base64
import io
import itertools
import json
import zipfile
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pypdf
import pytest
from email_validator import validate_email

from bot.playground import documents
from bot.playground.applicants import sample_applicants
from bot.playground.democrm.sample import CLOSED, VACANCIES

ROUND = 25


def first(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """The first applications of a row."""
    return list(itertools.islice(sample_applicants(seed), count))


def cv_bytes(body: dict[str, Any]) -> bytes:
    """The document of an application."""
    return base64.b64decode(body["cv"]["content"], validate=True)


def test_a_seed_gives_one_row() -> None:
    """The same again for the same seed, another order for another, the same opening for all."""
    assert first(60) == first(60)
    assert first(ROUND, seed=2)[3:] != first(ROUND)[3:]
    headlines = [[body["candidate"]["headline"] for body in first(3, seed)] for seed in (1, 2)]
    assert headlines[0] == headlines[1]


def test_every_application_has_what_is_needed() -> None:
    """Required fields, own external ids, real e-mail addresses, vacancies that are in the CRM."""
    bodies = first(4 * ROUND)
    known = {(v[0], v[1]) for v in VACANCIES}
    for body in bodies:
        person = body["candidate"]
        assert body["source"]
        assert (body["vacancy"]["reference"], body["vacancy"]["title"]) in known
        assert person["last_name"]
        assert person.get("email") or person.get("phone")
        if "email" in person:
            validate_email(person["email"], check_deliverability=False)
        assert json.loads(json.dumps(body)) == body
    assert len({body["external_id"] for body in bodies}) == len(bodies)


def test_the_first_round_has_everybody() -> None:
    """24 people for all vacancies; one is in the CRM, one comes twice, one late, some are hard to show."""
    bodies = first(ROUND)
    people = [body["candidate"] for body in bodies]
    contacts = [person.get("email", person.get("phone")) for person in people]
    assert len(set(contacts)) == 24
    twice = {c for c in contacts if contacts.count(c) == 2}
    assert len({b["vacancy"]["reference"] for b in bodies if b["candidate"].get("email") in twice}) == 2
    assert "ana.novak@example.com" in {str(contact).lower() for contact in contacts}
    wanted = [body["vacancy"]["reference"] for body in bodies]
    assert set(wanted) == {v[0] for v in VACANCIES}
    assert wanted.count(CLOSED) == 1
    assert any("<!channel>" in person.get("first_name", "") for person in people)
    assert any("🌻" in person.get("first_name", "") for person in people)
    assert any(person["last_name"] == "العلي" for person in people)
    assert any(len(body.get("cover_letter", "")) > 3000 for body in bodies)
    assert any(set(body) == {"external_id", "source", "vacancy", "candidate"} for body in bodies)


def test_later_rounds_bring_new_people() -> None:
    """The contacts of ordinary people never come back."""
    emails = [body["candidate"].get("email") for body in first(6 * ROUND)]
    assert len(set(emails)) > 5 * 19


def test_cvs_are_real_documents() -> None:
    """Each reads as its type and holds the person's name."""
    seen = set()
    for body in first(3 * ROUND):
        if "cv" not in body:
            continue
        ending = body["cv"]["filename"].rpartition(".")[2]
        seen.add(ending)
        wanted = body["candidate"]["last_name"].split()[0]
        if ending == "rtf":
            assert cv_bytes(body).startswith(b"{\\rtf1")
        else:
            assert wanted in READERS[ending](cv_bytes(body)).replace("-\n", "-")
    assert seen == {"pdf", "docx", "rtf", "txt"}


def pdf_text(content: bytes) -> str:
    """What a strict reader gets out of a PDF."""
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content), strict=True).pages)


def docx_text(content: bytes) -> str:
    """The text of a Word file."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {"[Content_Types].xml", "_rels/.rels"} <= set(archive.namelist())
        root = ElementTree.fromstring(archive.read("word/document.xml"))  # noqa: S314  our own file
    return "".join(root.itertext())


READERS: dict[str, Callable[[bytes], str]] = {"pdf": pdf_text, "docx": docx_text, "txt": bytes.decode}


def test_a_long_pdf_has_pages_and_loses_nothing() -> None:
    """Every line comes back, special characters and all, and the table of offsets is right."""
    lines = [("title", "Ana Novák (née \\ O'Neill)"), *(("text", f"Line {n} – €{n}") for n in range(150))]
    content = documents.pdf(lines)
    reader = pypdf.PdfReader(io.BytesIO(content), strict=True)
    assert len(reader.pages) == 4
    assert pdf_text(content).splitlines() == [text for _style, text in lines]
    start = int(content.rpartition(b"startxref\n")[2].split()[0])
    assert content[start:].startswith(b"xref\n")


@pytest.mark.parametrize(
    ("text", "rtf"), [("é", r"\u233?"), ("{\\}", r"\{\\\}"), ("🌻", r"\u-10180?\u-8389?")]
)
def test_rtf_escapes_what_it_must(text: str, rtf: str) -> None:
    """Any letter survives in seven bits."""
    assert rtf.encode() in documents.rtf([("text", text)])
