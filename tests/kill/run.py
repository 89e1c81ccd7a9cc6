"""A hundred rounds by hand: `python -m tests.kill.run --seeds 1-100 --database postgresql --replicas 3`."""

from __future__ import annotations

import shutil
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from tests.databases import PostgresqlTemplate

from .replicas import ROLES
from .rounds import Report, a_scene, play, seeds


@click.command()
@click.option("--seeds", "wanted", default="1-100", show_default=True, help="Rounds, such as 7 or 1-100.")
@click.option(
    "--database", default="sqlite", show_default=True, help="sqlite, postgresql, or the URL of an empty one."
)
@click.option("--shape", type=click.Choice(list(ROLES)), help="A process a replica (all), or web and worker.")
@click.option("--replicas", default=1, show_default=True)
def main(wanted: str, database: str, shape: str | None, replicas: int) -> None:
    """Play the rounds one after the other and say what came of them; exit status 1 if a promise broke."""
    shape = shape or ("all" if database.startswith("sqlite") else "split")
    folder = Path(tempfile.mkdtemp(prefix="handoff-kill-"))
    reports: list[Report] = []
    with _database(folder, database) as url, a_scene(folder, url, shape, replicas) as scene:
        for seed in seeds(wanted):
            reports.append(play(scene, seed))
            _say(reports[-1])
        tracebacks = scene.replicas.log.count("Traceback")
    _sum_up(reports, tracebacks)
    if any(report.broken for report in reports):
        click.echo(f"The logs are in {folder}.")
        sys.exit(1)
    shutil.rmtree(folder)


@contextmanager
def _database(folder: Path, wanted: str) -> Iterator[str]:
    if wanted == "sqlite":
        yield f"sqlite:///{folder / 'handoff.db'}"
        return
    if wanted != "postgresql":
        yield wanted
        return
    data = Path(tempfile.mkdtemp(prefix="handoff-kill-pg-"))
    server = PostgresqlTemplate(data, folder / "postgresql.lock")
    try:
        yield server.clone("killed")
    finally:
        server.close()


def _say(report: Report) -> None:
    click.echo(
        f"seed {report.seed:4}: {report.kills} kills, {report.seconds:5.1f} s, "
        f"settled in {report.settled:4.1f} s, {'held' if not report.broken else 'BROKEN'}"
    )
    for sentence in report.broken:
        click.echo(f"    {sentence}")


def _sum_up(reports: list[Report], tracebacks: int) -> None:
    failed = [report.seed for report in reports if report.broken]
    settled = [report.settled for report in reports]
    click.echo(
        f"{len(reports)} rounds, {sum(report.kills for report in reports)} kills, "
        f"{len(failed)} broken {failed}; settled in "
        f"{statistics.median(settled):.1f} s (median), {max(settled):.1f} s (longest); "
        f"{tracebacks} tracebacks logged."
    )


if __name__ == "__main__":
    main()
