"""The page of the signed webhook: its examples are what the product sends and what verifies it."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.crm.webhook import signed
from tests.doubles.webhook import SECRET

from .test_contract_push import PARCEL
from .worlds.webhook import World

PAGE = Path(__file__).parents[2] / "docs" / "crm" / "webhook.md"
over_it = pytest.mark.parametrize("world", ["WEBHOOK"], indirect=True)


def test_the_example_for_python_verifies(python_example: Callable[..., Any]) -> None:
    """What receivers copy believes our signature and nothing else."""
    now, raw = int(time.time()), json.dumps({"id": "é"}, ensure_ascii=False).encode()
    headers = signed(SECRET, "an-id", now, raw)
    assert python_example(headers, raw, SECRET)
    assert not python_example(headers, raw + b" ", SECRET)
    assert not python_example(headers, raw, "another-secret-of-ours")
    assert not python_example(headers | {"Handoff-Timestamp": str(now + 1)}, raw, SECRET)
    assert not python_example(signed(SECRET, "an-id", now - 301, raw), raw, SECRET)
    for header in ("Handoff-Timestamp", "Handoff-Signature"):
        assert not python_example({**headers, header: "nonsense"}, raw, SECRET)


@over_it
def test_the_example_of_a_delivery_is_one(world: World) -> None:
    """What the page shows has the names, in the order, of what is sent."""
    shown = json.loads(re.findall(r"```json\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)[0])
    with world.session() as api:
        world.push_crm.push(api, replace(PARCEL, follows="01KA.crm"))
    (sent,) = world.double.arrived
    assert _names(shown) == _names(sent)


@pytest.fixture
def python_example() -> Callable[..., Any]:
    """The function in the page's block of Python."""
    (block,) = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    known: dict[str, Any] = {}
    exec(block, known)  # noqa: S102  the page's own example is what is tested
    found: Callable[..., Any] = known["is_genuine"]
    return found


def _names(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _names(inside) for name, inside in value.items()}
    return [_names(value[0])] if isinstance(value, list) and value else None
