"""`python -m bench`: the parts that were asked for, a table each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import click

from bench import backlog, cards, clicks, first_call, growth, handoffs, intake, processor, start
from bench.figures import Figure, table
from bench.options import Options

PARTS: dict[str, tuple[str, Callable[[Options], Iterable[Figure]]]] = {
    "clicks": ("Clicks", clicks.measure),
    "processor": ("Processor time of a click", processor.measure),
    "hanging": ("Clicks whose handoffs leave at once", clicks.measure_hanging),
    "intake": ("Applications", intake.measure),
    "handoffs": ("Handoffs", handoffs.measure),
    "cards": ("Cards", cards.measure),
    "first-call": ("From a click to the first call of its delivery", first_call.measure),
    "backlog": ("A claim from the outbox", backlog.measure),
    "growth": ("Growth, on PostgreSQL", growth.measure),
    "start": ("Start and memory", start.measure),
}


@click.command()
@click.option("--only", default=",".join(PARTS), show_default=True, help="Some of the parts.")
@click.option("--rounds", default=3, show_default=True, help="How often each thing is measured.")
@click.option("--clicks", default=200, show_default=True, help="Clicks in each run.")
@click.option("--applications", default=200, show_default=True, help="Applications sent in each run.")
@click.option("--handoffs", default=100, show_default=True, help="Handoffs in each run.")
@click.option("--cards", default=60, show_default=True, help="Cards in each channel.")
@click.option("--rows", default=1_000_000, show_default=True, help="Applications in the large database.")
def main(only: str, **sizes: int) -> None:
    """Measure, and print a table for each part."""
    asked = [name.strip() for name in only.split(",")]
    unknown = [name for name in asked if name not in PARTS]
    if unknown:
        raise click.BadParameter(f"There is no part {', '.join(unknown)}; there are {', '.join(PARTS)}.")
    options = Options(**sizes)
    for name in asked:
        title, measure = PARTS[name]
        click.echo(f"\n{title}\n\n{table(_told(measure(options)))}")


def _told(figures: Iterable[Figure]) -> Iterator[Figure]:
    """The figures, each also told at once: a run takes long."""
    for figure in figures:
        click.echo(f"{figure.what}: {figure.figure}", err=True)
        yield figure


if __name__ == "__main__":
    main()
