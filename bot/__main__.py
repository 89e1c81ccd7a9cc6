"""The `handoff` command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from importlib import import_module
from typing import Any

import click

from bot import app, config, logs, serving
from bot.errors import HandoffError, SettingsFaulty
from bot.store.database import Database
from bot.store.migrate import migrate as migrate_database
from bot.usecases import checkup, reconcile, tokens


def _says_faults(command: Callable[..., Any]) -> Callable[..., Any]:
    """Print our own errors as sentences, with exit status 1 (2 for settings), instead of tracebacks."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> Any:
        try:
            return command(*args, **options)
        except SettingsFaulty as faulty:
            click.echo("Handoff can't start with these settings:", err=True)
            for fault in faulty.faults:
                click.echo(f"  - {fault}", err=True)
            sys.exit(2)
        except HandoffError as error:
            click.echo(str(error), err=True)
            sys.exit(1)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="handoff-bot")
def main() -> None:
    """Handoff: applicants arrive as cards in Slack, one click decides, and the CRM has them."""


@main.command()
@click.option("--port", default=3000, show_default=True, help="Where the page is shown.")
@click.option("--no-browser", is_flag=True, help="Don't open a browser.")
@click.option("--tour", is_flag=True, help="Play the story without a browser and say what was seen.")
@_says_faults
def demo(port: int, no_browser: bool, tour: bool) -> None:
    """The whole product on embedded parts: no Slack workspace, no CRM account."""
    # Imported here, as no other command needs the playground and each would start later for it.
    if tour:
        sys.exit(import_module("bot.playground.tour").run_tour())
    import_module("bot.playground.demo").run_demo(port, open_browser=not no_browser)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=3000, show_default=True)
@click.option("--role", type=click.Choice(["all", "web", "worker"]), default="all", show_default=True)
@_says_faults
def serve(host: str, port: int, role: app.Role) -> None:
    """The bot for a real workspace."""
    settings = config.load(port=port, for_serving=True)
    logs.set_up(settings.log_format)
    serving.serve(settings, host, port, role)


@main.command()
@_says_faults
def migrate() -> None:
    """Bring the database to this version."""
    database = Database(config.load().database_url)
    try:
        if not database.is_reachable():
            raise HandoffError(
                "The database does not answer. Check DATABASE_URL, and that it runs and lets Handoff in."
            )
        migrate_database(database)
    finally:
        database.close()
    click.echo("The database is up to date.")


@main.command()
@_says_faults
def doctor() -> None:
    """Check settings, database, Slack and CRMs; say what is wrong and what to do."""
    findings = checkup.check_settings() or _checked()
    for finding in findings:
        click.echo(f"{'ok     ' if finding.is_good else 'FAULTY '} {finding.text}")
    sys.exit(0 if all(finding.is_good for finding in findings) else 1)


def _checked() -> list[checkup.Finding]:
    try:
        house = app.build_house(config.load())
    except SettingsFaulty as faulty:
        return [checkup.Finding(False, fault) for fault in faulty.faults]
    try:
        return checkup.check_up(house)
    finally:
        house.database.close()


@main.command("reconcile")
@click.option("--days", default=reconcile.DAYS, show_default=True, type=click.IntRange(1, 366))
@click.option("--team", help="Only this workspace, by its id.")
@click.option("--dry-run", is_flag=True, help="Say what differs and change nothing.")
@_says_faults
def reconcile_command(days: int, team: str | None, dry_run: bool) -> None:
    """Compare what was sent lately with the CRM, and send again what is missing there."""
    settings = config.load()
    logs.set_up(settings.log_format, logs.ERROR)
    with app.opened(settings) as house:
        for line in reconcile.by_hand(house, days=days, team=team, dry_run=dry_run):
            click.echo(line)


@main.group()
def token() -> None:
    """Intake tokens: what sources of applications prove themselves with."""


@token.command("create")
@click.argument("name")
@click.option("--team", help="The workspace's id, where several have installed the bot.")
@_says_faults
def token_create(name: str, team: str | None) -> None:
    """Make a token and show it, this once."""
    with app.opened(config.load()) as house:
        click.echo(tokens.create(house, name, team))
    click.echo("Keep it now: it is not shown again.", err=True)


@token.command("list")
@_says_faults
def token_list() -> None:
    """Names, workspaces and dates; never the tokens."""
    with app.opened(config.load()) as house:
        for line in tokens.describe_all(house):
            click.echo(line)


@token.command("revoke")
@click.argument("name")
@_says_faults
def token_revoke(name: str) -> None:
    """End a token's life at once."""
    with app.opened(config.load()) as house:
        tokens.revoke(house, name)
    click.echo(f"Token {name} is revoked.")


if __name__ == "__main__":
    main()
