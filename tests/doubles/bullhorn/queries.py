"""Bullhorn's two query languages, as much of them as the documents show, and lists of fields."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from .records import CONFIDENTIAL, FIELDS, RELATED, Record, Records
from .site import RefusalError

Test = Callable[[Record], bool]
_LUCENE = re.compile(
    r'\s*(?:(?P<word>AND|OR|NOT)\b|(?P<bracket>[()])|(?P<field>\w+):(?:"(?P<phrase>(?:[^"\\]|\\.)*)"|(?P<term>\w+\*?)))'
)
_JPQL = re.compile(
    r"\s*(?:(?P<word>AND|OR|NOT)\b|(?P<bracket>[()])"
    r"|(?P<field>[\w.]+)\s*(?:=\s*(?P<value>'(?:[^']|'')*'|\w+)|IN\s*\((?P<values>(?:[^')]|'(?:[^']|'')*')*)\)))"
)


def lucene(entity: str, text: str) -> Test:
    """Whether a record is found. A phrase finds all that hold its words side by side: more than was meant."""

    def leaf(match: re.Match[str]) -> Test:
        name = match["field"]
        if name not in FIELDS[entity]:
            raise RefusalError(400, f"Unknown field in query: {name}", "errors.invalidQuery", name)
        if match["phrase"] is not None:
            words = _words(re.sub(r"\\(.)", r"\1", match["phrase"]))
            return lambda record: _side_by_side(words, _words(_indexed(record[name])))
        term = match["term"].casefold()
        if term.endswith("*"):
            return lambda record: any(one.startswith(term[:-1]) for one in _words(_indexed(record[name])))
        return lambda record: term in _words(_indexed(record[name]))

    return _Parser(_LUCENE, text, leaf).whole()


def jpql(records: Records, entity: str, text: str) -> Test:
    """Whether a record is found. Letter case counts, as nobody says that it does not."""

    def leaf(match: re.Match[str]) -> Test:
        path = match["field"].split(".")
        raw = match["values"] if match["values"] is not None else match["value"]
        wanted = [_value(part) for part in re.findall(r"'(?:[^']|'')*'|[^,\s]+", raw)]
        check_path(entity, path)
        return lambda record: _at(records, record, path) in wanted

    return _Parser(_JPQL, text, leaf).whole()


_FIELD = re.compile(r"(\w+|\*)(?:\(([\w,]+)\))?")
_FIELDS = re.compile(rf"{_FIELD.pattern}(?:,{_FIELD.pattern})*")


class _Parser:
    """AND binds closer than OR; brackets; NOT."""

    def __init__(self, tokens: re.Pattern[str], text: str, leaf: Callable[[re.Match[str]], Test]) -> None:
        self._leaf = leaf
        self._tokens: list[re.Match[str]] = []
        at = 0
        while at < len(text.rstrip()):
            match = tokens.match(text, at)
            if match is None:
                raise RefusalError(400, f"Could not parse the query at {at}.", "errors.invalidQuery")
            self._tokens.append(match)
            at = match.end()

    def whole(self) -> Test:
        test = self._any()
        if self._tokens:
            raise RefusalError(400, "Could not parse the whole query.", "errors.invalidQuery")
        return test

    def _any(self) -> Test:
        tests = [self._all()]
        while self._take("word", "OR"):
            tests.append(self._all())
        return lambda record: any(test(record) for test in tests)

    def _all(self) -> Test:
        tests = [self._one()]
        while self._take("word", "AND"):
            tests.append(self._one())
        return lambda record: all(test(record) for test in tests)

    def _one(self) -> Test:
        if self._take("word", "NOT"):
            test = self._one()
            return lambda record: not test(record)
        if self._take("bracket", "("):
            test = self._any()
            if self._take("bracket", ")"):
                return test
        elif self._tokens and self._tokens[0]["field"]:
            return self._leaf(self._tokens.pop(0))
        raise RefusalError(400, "Could not parse the query.", "errors.invalidQuery")

    def _take(self, group: str, text: str) -> bool:
        found = bool(self._tokens) and self._tokens[0][group] == text
        if found:
            self._tokens.pop(0)
        return found


# --- fields -------------------------------------------------------------------------------------------


def shown(records: Records, entity: str, record: Record, fields: str) -> Record:
    """The fields that were asked for, and the id. Raises `RefusalError` for one that the entity lacks."""
    answer: Record = {"id": record["id"]}
    for name, inside in check_fields(entity, fields):
        value = record[name]
        if name in RELATED and value is not None:
            related = records.tables[RELATED[name]][value["id"]]
            value = shown(records, RELATED[name], related, inside or "id")
        if entity == "Candidate" and name in records.confidential and value:
            value = CONFIDENTIAL
        answer[name] = value
    return answer


def check_fields(entity: str, fields: str) -> list[tuple[str, str]]:
    """The fields, each with what is wanted of whom it leads to. Raises `RefusalError` as `shown` does."""
    if not _FIELDS.fullmatch(fields):
        raise RefusalError(400, f"Could not parse the fields: {fields}", "errors.badParameters", "fields")
    found: list[tuple[str, str]] = _FIELD.findall(fields)
    for name, inside in found:
        check_path(entity, [name])
        for part in filter(None, inside.split(",")):
            check_path(RELATED.get(name, entity), [part])
    return found


def check_path(entity: str, path: list[str]) -> None:
    """Raises `RefusalError` for a field that the entity lacks, and for `*`, which some accounts refuse."""
    if path[0] == "*":
        raise RefusalError(400, "All fields can't be asked for.", "errors.allFieldsNotAllowed")
    if path[0] not in FIELDS[entity]:
        raise RefusalError(400, f"Unknown field: {path[0]}", "errors.unknownField", path[0])
    if path[1:]:
        check_path(RELATED[path[0]], path[1:])


def _at(records: Records, record: Record, path: list[str]) -> Any:
    value = record[path[0]]
    if not path[1:] or value is None:
        return value
    return _at(records, records.tables[RELATED[path[0]]][value["id"]], path[1:])


def _value(text: str) -> Any:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    return {"true": True, "false": False}[text] if text in ("true", "false") else int(text)


def _indexed(value: Any) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value or "")


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _side_by_side(words: list[str], among: list[str]) -> bool:
    size = len(words)
    return bool(size) and any(among[at : at + size] == words for at in range(len(among) - size + 1))
