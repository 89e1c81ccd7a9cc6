"""Applicants for the playground: an endless, repeatable row of applications as the intake API takes them."""

import base64
import itertools
import random
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from bot.playground import documents
from bot.playground.democrm.sample import VACANCIES
from bot.playground.people import Applicant, everybody

_CV_TYPES: dict[str, tuple[str, Callable[[Sequence[documents.Line]], bytes]]] = {
    "pdf": ("application/pdf", documents.pdf),
    "docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", documents.docx),
    "rtf": ("application/rtf", documents.rtf),
    "txt": ("text/plain", documents.txt),
}
_OPENING = 3


def sample_applicants(seed: int = 1) -> Iterator[dict[str, Any]]:
    """Bodies for `POST /api/v1/applications`, for ever; the same seed gives the same row.

    The first few are always the same, then everybody comes once, in an order that the seed decides. After
    that the ordinary people's life stories come under new names. Each body has an `external_id` of its own.
    """
    people = everybody()
    rest = people[_OPENING:]
    random.Random(seed).shuffle(rest)  # noqa: S311  an order, not a secret
    order = people[:_OPENING] + rest
    for number in itertools.count():
        turn, place = divmod(number, len(order))
        person = order[place] if turn == 0 else _renamed(order, turn, place)
        yield _application(person, f"{seed}-{number + 1:04d}")


def _renamed(order: Sequence[Applicant], turn: int, place: int) -> Applicant:
    person = order[place]
    ordinary = [other for other in order if not other.odd]
    if person.odd:
        return person
    last_name = ordinary[(ordinary.index(person) + turn * 7) % len(ordinary)].last_name
    letters = unicodedata.normalize("NFKD", f"{person.first_name}.{last_name}".lower())
    number = turn * len(order) + place
    return replace(
        person,
        last_name=last_name,
        email=f"{re.sub('[^a-z.]', '', letters)}.{number}@example.com",
        phone=f"+44 7700 900{200 + number % 800}",
        links=(),
        cv_name="",
    )


def _application(person: Applicant, number: str) -> dict[str, Any]:
    slug = re.sub("[^a-z]+", "-", person.source.lower())[:20].strip("-")
    vacancy = next(v for v in VACANCIES if v[0] == person.vacancy)
    body: dict[str, Any] = {
        "external_id": f"{slug}-{number}",
        "source": person.source,
        "vacancy": dict(zip(("reference", "title", "client", "location"), vacancy, strict=False)),
        "candidate": person.candidate(),
        "cover_letter": person.cover_letter,
        "answers": [{"question": question, "answer": answer} for question, answer in person.answers],
        "cv": _cv(person, vacancy[1]),
    }
    return {name: value for name, value in body.items() if value}


def _cv(person: Applicant, vacancy_title: str) -> dict[str, str] | None:
    if not person.cv:
        return None
    lines = _cv_lines(person, vacancy_title)
    ending = "docx" if person.cv == "pdf" and not documents.fits_pdf(lines) else person.cv
    content_type, make = _CV_TYPES[ending]
    content = make(lines)
    return {
        "filename": f"{person.file_name}.{ending}",
        "content_type": content_type,
        "content": base64.b64encode(content).decode(),
    }


def _cv_lines(person: Applicant, vacancy_title: str) -> list[documents.Line]:
    contact = " · ".join(filter(None, (person.email, person.phone, person.location)))
    lines = [("title", person.name), ("text", person.headline or vacancy_title), ("text", contact)]
    lines += [("heading", "Profile"), ("text", person.profile or f"Looking for work as {vacancy_title}.")]
    if person.jobs:
        lines.append(("heading", "Experience"))
        lines += [("text", job) for job in person.jobs]
    if person.skills:
        lines += [("heading", "Skills"), ("text", ", ".join(person.skills))]
    if person.education:
        lines += [("heading", "Education"), ("text", person.education)]
    return lines
