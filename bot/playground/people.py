"""The people who apply in the playground, read from `people.toml`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

BOOK = Path(__file__).with_name("people.toml")


@dataclass(frozen=True)
class Applicant:
    """One application's worth of a person; what is empty they left out."""

    last_name: str
    vacancy: str
    source: str
    first_name: str = ""
    email: str = ""
    phone: str = ""
    location: str = ""
    headline: str = ""
    skills: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    cover_letter: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    profile: str = ""
    jobs: tuple[str, ...] = ()
    education: str = ""
    cv: str = "pdf"
    cv_name: str = ""
    odd: bool = False

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def file_name(self) -> str:
        return self.cv_name or f"{self.name} CV"

    def candidate(self) -> dict[str, Any]:
        """The `candidate` part of an application, without what is empty."""
        names = ("first_name", "last_name", "email", "phone", "location", "headline")
        fields: dict[str, Any] = {name: getattr(self, name) for name in names}
        fields |= {"skills": list(self.skills), "links": list(self.links)}
        return {name: value for name, value in fields.items() if value}


def everybody() -> list[Applicant]:
    """All of them, in the book's order."""
    book = tomllib.loads(BOOK.read_text(encoding="utf-8"))
    return [Applicant(**{name: _fixed(value) for name, value in entry.items()}) for entry in book["people"]]


def _fixed(value: Any) -> Any:
    return tuple(_fixed(part) for part in value) if isinstance(value, list) else value
