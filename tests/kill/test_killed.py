"""A few seeded rounds of each shape; `python -m tests.kill.run` plays a hundred."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from tests.databases import PostgresqlTemplate

from .rounds import a_scene, play


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("database", "shape", "replicas", "seed"),
    [("sqlite", "all", 1, 11), ("postgresql", "split", 1, 12), ("postgresql", "all", 3, 13)],
)
def test_killed_at_any_instant(
    request: pytest.FixtureRequest, tmp_path: Path, database: str, shape: str, replicas: int, seed: int
) -> None:
    """Processes die, answers get lost: each card, decision, person, CV, note and link is there once."""
    if database == "sqlite":
        with a_scene(tmp_path, f"sqlite:///{tmp_path / 'handoff.db'}", shape, replicas) as scene:
            report = play(scene, seed)
    else:
        server: PostgresqlTemplate = request.getfixturevalue("postgresql")
        name = f"killed_{uuid4().hex}"
        with a_scene(tmp_path, server.clone(name), shape, replicas) as scene:
            report = play(scene, seed)
        server.drop(name)
    assert report.broken == []
    assert report.kills > 0
