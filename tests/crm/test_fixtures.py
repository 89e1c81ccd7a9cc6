"""The doubles held to what the vendors document: each fixture is an exchange that names its source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import requests

from .worlds.jobadder import World

FIXTURES = Path(__file__).parent / "fixtures"
EVERY_FIXTURE = sorted(FIXTURES.glob("*/*.json"))


def documented(folder: str) -> list[Any]:
    """The documented exchanges of one vendor."""
    return [pytest.param(read(path), id=path.stem) for path in EVERY_FIXTURE if path.parent.name == folder]


def read(path: Path) -> dict[str, Any]:
    """One of them."""
    fixture: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return fixture


def missing_in(found: Any, shape: Any, where: str = "body") -> list[str]:
    """The places where what was found lacks a documented name or is of another type."""
    if isinstance(shape, dict) and isinstance(found, dict):
        lacking = [f"{where}.{name}" for name in shape if name not in found]
        inside = [missing_in(found[name], shape[name], f"{where}.{name}") for name in shape if name in found]
        return lacking + [place for places in inside for place in places]
    if isinstance(shape, list) and isinstance(found, list):
        return missing_in(found[0], shape[0], f"{where}[0]") if shape and found else []
    return [] if type(found) is type(shape) else [where]


@pytest.mark.parametrize("path", EVERY_FIXTURE, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_every_fixture_names_its_source(path: Path) -> None:
    """Whoever doubts a shape can look it up."""
    assert "https://" in read(path)["source"]


def test_shapes_are_compared_in_depth() -> None:
    """A missing name and another type are both noticed, however deep."""
    shape = {"items": [{"id": 1, "name": "x"}]}
    assert missing_in({"items": [{"id": 2, "name": "y", "more": True}]}, shape) == []
    assert missing_in({"items": [{"id": "2"}]}, shape) == ["body.items[0].name", "body.items[0].id"]


@pytest.mark.parametrize("world", ["JOBADDER"], indirect=True)
@pytest.mark.parametrize("exchange", documented("jobadder"))
def test_the_double_of_jobadder_answers_as_documented(world: World, exchange: dict[str, Any]) -> None:
    """It takes the documented request, and its answer has the documented status, names and types."""
    ana = world.add_person(
        first_name="Ana",
        last_name="Novák",
        email="ana@example.com",
        phone="+44 7700 900123",
        headline="Site Engineer",
        skills=["SQL"],
    )
    asked = exchange["request"]
    answer = requests.request(
        asked["method"],
        world.double.api_url + asked["path"].format(candidate=ana),
        params=asked.get("query"),
        json=asked.get("json"),
        files={asked["file"]: ("ana.pdf", b"%PDF-1.7")} if "file" in asked else None,
        headers={"Authorization": f"Bearer {world.sign_in().access_token}"},
        timeout=30,
    )
    assert answer.status_code == exchange["status"]
    assert missing_in(answer.json(), exchange["body"]) == []
