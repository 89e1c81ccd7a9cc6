"""The part of SOQL that the bot may use, read strictly: SELECT … FROM … WHERE … ORDER BY … LIMIT …."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

_TOKEN = re.compile(r"\s*('(?:[^'\\\n]|\\.)*'|[A-Za-z][\w.]*|\d+|[(),=])")
_MEANT = {"n": "\n", "r": "\r", "t": "\t"}

Test = Callable[[Mapping[str, Any]], bool]


class MalformedError(Exception):
    """No SOQL."""


@dataclass
class Select:
    """A query; `fields` are all that it names."""

    columns: list[str]
    kind: str
    test: Test
    fields: list[str]
    newest: bool
    limit: int | None


class Reader:
    """Reads one query."""

    def __init__(self, soql: str) -> None:
        self._tokens = self._split(soql)
        self._at = 0
        self._fields: list[str] = []

    def read(self) -> Select:
        """The whole query; nothing may be left over."""
        self._word("SELECT")
        columns = [self._name()]
        while self._takes(","):
            columns.append(self._name())
        self._word("FROM")
        kind = self._name()
        test: Test = self._any() if self._takes("WHERE") else lambda _record: True
        newest = self._takes("ORDER")
        if newest:
            for word in ("BY", "CreatedDate", "DESC"):
                self._word(word)
            self._fields.append("CreatedDate")
        limit = int(self._next()) if self._takes("LIMIT") else None
        if self._at != len(self._tokens):
            raise MalformedError(f"unexpected token: {self._tokens[self._at]}")
        return Select(columns, kind, test, columns + self._fields, newest, limit)

    def _any(self) -> Test:
        tests = [self._all()]
        while self._takes("OR"):
            tests.append(self._all())
        return lambda record: any(test(record) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._takes("AND"):
            tests.append(self._one())
        return lambda record: all(test(record) for test in tests)

    def _one(self) -> Test:
        if self._takes("("):
            inside = self._any()
            self._word(")")
            return inside
        name = self._name()
        self._fields.append(name)
        if self._takes("LIKE"):
            pattern = _pattern(self._next())
            return lambda record: pattern.fullmatch(str(record.get(name) or "")) is not None
        self._word("=")
        wanted = _value(self._next())
        return lambda record: _folded(record.get(name)) == _folded(wanted)

    def _split(self, soql: str) -> list[str]:
        tokens, at = [], 0
        while at < len(soql.rstrip()):
            found = _TOKEN.match(soql, at)
            if found is None:
                raise MalformedError(f"unexpected token at {at}")
            tokens.append(found[1])
            at = found.end()
        return tokens

    def _next(self) -> str:
        if self._at >= len(self._tokens):
            raise MalformedError("unexpected end")
        self._at += 1
        return self._tokens[self._at - 1]

    def _takes(self, word: str) -> bool:
        there = self._at < len(self._tokens) and self._tokens[self._at] == word
        self._at += there
        return there

    def _word(self, word: str) -> None:
        if not self._takes(word):
            raise MalformedError(f"expecting {word}")

    def _name(self) -> str:
        name = self._next()
        if not name[0].isalpha():
            raise MalformedError(f"unexpected token: {name}")
        return name


def _letters(token: str) -> Iterator[tuple[str, bool]]:
    """The characters of a literal, and whether each was escaped."""
    if token[0] != "'":
        raise MalformedError("a text is needed")
    letters = iter(token[1:-1])
    for letter in letters:
        if letter == "\\":
            escaped = next(letters)
            yield _MEANT.get(escaped, escaped), True
        else:
            yield letter, False


def _pattern(token: str) -> re.Pattern[str]:
    wild = {"%": ".*", "_": "."}
    parts = [re.escape(one) if escaped else wild.get(one, re.escape(one)) for one, escaped in _letters(token)]
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def _value(token: str) -> str | bool:
    if token in ("true", "false"):
        return token == "true"
    return "".join(letter for letter, _ in _letters(token))


def _folded(value: Any) -> Any:
    return value.casefold() if isinstance(value, str) else value
