"""Lists as JobAdder has them: what each may be asked for, and a page of it."""

from __future__ import annotations

from typing import Any

from fastapi import Depends, Request

from .records import Record
from .schemas import QUERY
from .site import RefusalError

Query = dict[str, str]
NUMBERS = ("offset", "limit", "candidateid", "jobid", "statusid", "userid", "owneruserid")
CHOICES = {"active": ("true", "false"), "sort": ("-createdAt", "createdAt", "-updatedAt", "updatedAt")}


def asked(path: str) -> Any:
    """Dependency: the query of a list, in lower case. Names that the list does not know are refused."""

    async def check(request: Request) -> dict[str, str]:
        pairs = [(name.lower(), value) for name, value in request.query_params.multi_items()]
        query = dict(pairs)
        wrong = set(query) - QUERY[path] - {"offset", "limit"}
        wrong |= {name for name in NUMBERS if not query.get(name, "0").isdecimal()}
        wrong |= {name for name, values in CHOICES.items() if query.get(name, values[0]) not in values}
        if wrong or len(query) != len(pairs):
            raise RefusalError(400, "Bad request", "Invalid", *sorted(wrong))
        return query

    return Depends(check)


def page(found: list[Record], query: Query) -> Record:
    """Part of a list, as `offset` and `limit` say."""
    offset = int(query.get("offset", 0))
    items = found[offset : offset + int(query.get("limit", 100))]
    return {"items": items, "totalCount": len(found), "links": {}}
