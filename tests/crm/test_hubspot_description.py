"""HubSpot's published description of CRM objects, version 3: what is sent is what it lets through."""

from __future__ import annotations

import re
from typing import Annotated, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from bot.crm._http import Session

from .deeds import readings, writings
from .worlds.hubspot import World

pytestmark = pytest.mark.parametrize("world", ["HUBSPOT"], indirect=True)


class Described(BaseModel):
    """Names in camel case, none that is unknown, JSON types as they are."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=to_camel)


class Kind(Described):
    """What an association is."""

    association_category: Literal["HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"]
    association_type_id: int


class Id(Described):
    """A record."""

    id: str


class Tie(Described):
    """An association of a new record."""

    to: Id
    types: list[Kind]


class New(Described):
    """A new record: every value is a text."""

    properties: dict[str, str]
    associations: list[Tie] = Field(default_factory=list)


class Changes(Described):
    """Properties to change."""

    properties: dict[str, str]


class Batch(Described):
    """Records to read: all but the property that they go by has to be there."""

    inputs: list[Id]
    properties: list[str]
    properties_with_history: list[str]
    id_property: str | None = None


class Filter(Described):
    """One condition."""

    property_name: str
    operator: Literal["EQ", "NEQ", "IN", "NOT_IN", "HAS_PROPERTY", "NOT_HAS_PROPERTY", "CONTAINS_TOKEN"]
    value: str | None = None
    values: list[str] | None = None


class Group(Described):
    """Conditions that must all hold."""

    filters: list[Filter]


class Search(Described):
    """A search: orders are texts."""

    filter_groups: Annotated[list[Group], Field(max_length=6)] = Field(default_factory=list)
    properties: list[str] = Field(default_factory=list)
    sorts: list[str] = Field(default_factory=list)
    query: Annotated[str, Field(max_length=3000)] = ""
    limit: Annotated[int, Field(le=200)] = 10
    after: str | None = None


OBJECT = r"/crm/v3/objects/[^/]+"
BODIES: dict[tuple[str, str], type[Described]] = {
    ("POST", OBJECT): New,
    ("PATCH", rf"{OBJECT}/\d+"): Changes,
    ("POST", rf"{OBJECT}/batch/read"): Batch,
    ("POST", rf"{OBJECT}/search"): Search,
}


def test_every_body_is_as_described(world: World, api: Session) -> None:
    """Everything that can be done is done once; each body about objects passes, and each kind was sent."""
    ana = world.add_person(last_name="Novák", email="ana@example.com", phone="+44 7700 900123")
    for deed in (*readings(world, api, ana), *writings(world, api, ana).values()):
        deed()
    world.crm.fill_person(api, ana, {"first_name": "Ana", "location": "Leeds"})
    sent = set()
    for call in world.calls:
        for (method, path), body in BODIES.items():
            if call.method == method and re.fullmatch(path, call.path):
                body.model_validate(call.body)
                sent.add((method, path))
    assert sent == set(BODIES)
