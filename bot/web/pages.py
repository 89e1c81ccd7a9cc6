"""The few pages people see in a browser."""

from __future__ import annotations

from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader


@cache
def _environment() -> Environment:
    return Environment(loader=PackageLoader("bot.web", "templates"), autoescape=True)


def page(template: str, **values: Any) -> str:
    """A page as HTML; everything in `values` is escaped."""
    return _environment().get_template(template).render(**values)
