"""Measures clicks: the product, an empty listener on the same server, and Bolt's default app, in one run."""

from __future__ import annotations

import tempfile
from pathlib import Path

import click

from bench.load import BOT_TOKEN, SIGNING_SECRET, Times, send_clicks
from bench.product import free_port, process, send, served
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack

_EMPTY = (("same", "empty listener, same server"), ("stock", "empty listener, Bolt's default app"))


@click.command()
@click.option("--clicks", default=400, show_default=True, help="Clicks in each run.")
def main(clicks: int) -> None:
    """Print a table of milliseconds and ratios."""
    rows = [(f"product, SQLite, {n} at a time", n, times) for n, times in _product(clicks).items()]
    for kind, name in _EMPTY:
        port = free_port()
        with process(["bench.listeners", kind, str(port)], port) as base_url:
            send_clicks(base_url, ["x"] * 50, 1)
            for connections in (1, 16):
                times = send_clicks(base_url, [str(i) for i in range(clicks)], connections)
                rows.append((f"{name}, {connections} at a time", connections, times))
    empty = {n: times.median for name, n, times in rows if name.startswith("empty listener, same")}
    click.echo(f"{'':50} {'median ms':>10} {'p99 ms':>8} {'per s':>8} {'× empty':>8}")
    for name, connections, times in rows:
        ratio = times.median / empty[connections]
        click.echo(f"{name:50} {times.median:10.2f} {times.p99:8.2f} {times.per_second:8.0f} {ratio:8.1f}")


def _product(clicks: int) -> dict[int, Times]:
    measured = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        LocalSlack(signing_secret=SIGNING_SECRET, bot_token=BOT_TOKEN) as slack,
        DemoCrm() as crm,
        served(f"sqlite:///{folder}/bench.db", Path(folder), slack, crm) as base_url,
    ):
        warm = [send(base_url, number) for number in range(20)]
        send_clicks(base_url, warm, 1)
        for connections in (1, 16):
            ids = [send(base_url, connections * 100_000 + number) for number in range(clicks)]
            measured[connections] = send_clicks(base_url, ids, connections)
    return measured


if __name__ == "__main__":
    main()
