"""The `handoff` command as an operator uses it: real processes, sentences instead of tracebacks, exit
statuses.
"""

from __future__ import annotations

import socket
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.playground.slack import LocalSlack
from bot.usecases import install

from .processes import Finished, Settings, run, run_here, settings_for
from .support import HOST


@pytest.fixture(scope="module")
def slack() -> Iterator[LocalSlack]:
    """A Slack for all of these."""
    with LocalSlack() as slack:
        yield slack


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database that is not there yet."""
    return f"sqlite:///{tmp_path / 'handoff.db'}"


Here = Callable[..., Finished]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Here:
    """Runs the command in this process, with the settings given."""

    def run_with(settings: Settings, *words: str) -> Finished:
        return run_here(monkeypatch, tmp_path, settings, *words)

    return run_with


def _is_calm(done: Finished) -> bool:
    return "Traceback" not in done.out + done.err


def test_serve_tells_every_fault_at_once(tmp_path: Path) -> None:
    """All that is wrong or missing, a line each with what to do, and exit status 2."""
    faulty = {
        "UNDO_SECONDS": "soon",
        "DATABASE_URL": "mysql://x",
        "PUBLIC_URL": "here",
        "SECRET_KEYS": "short",
    }
    done = run(tmp_path, faulty, "serve")
    assert done.status == 2
    for name in (*faulty, "SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN"):
        assert name in done.err
    assert len([line for line in done.err.splitlines() if line.startswith("  - ")]) == 6
    assert "short" not in done.err
    assert _is_calm(done)


def test_a_refused_token_stops_the_start_with_a_sentence(slack: LocalSlack, tmp_path: Path, url: str) -> None:
    """A wrong SLACK_BOT_TOKEN is a faulty setting, not a bot that runs in vain."""
    done = run(tmp_path, settings_for(slack, url, SLACK_BOT_TOKEN="xoxb-wrong"), "serve", "--port", "0")
    assert done.status == 2
    assert "SLACK_BOT_TOKEN is refused by Slack (invalid_auth)" in done.err
    assert "xoxb-wrong" not in done.err
    assert _is_calm(done)


def test_a_busy_port_is_told_in_a_sentence(slack: LocalSlack, tmp_path: Path, url: str) -> None:
    """Somebody else listens there."""
    with socket.create_server((HOST, 0)) as taken:
        port = taken.getsockname()[1]
        done = run(tmp_path, settings_for(slack, url), "serve", "--port", str(port))
    assert (done.status, f"Port {port} is in use. Choose another one with --port." in done.err) == (1, True)
    assert _is_calm(done)


def test_a_database_that_is_away_is_told_in_a_sentence(slack: LocalSlack, tmp_path: Path, here: Here) -> None:
    """Nobody answers at DATABASE_URL, or no file can be made there."""
    away = settings_for(slack, "postgresql+psycopg://nobody@127.0.0.1:1/none")
    served = run(tmp_path, away, "serve", "--port", "0")
    for done in (served, here(away, "migrate"), here(away, "token", "list")):
        assert (done.status, "DATABASE_URL" in done.err, _is_calm(done)) == (1, True, True), done
    done = here(settings_for(slack, f"sqlite:///{tmp_path}/no/x.db", SECRET_KEYS=""), "token", "list")
    assert (done.status, "DATABASE_URL" in done.err) == (2, True)


def test_migrate_brings_an_empty_database_up(slack: LocalSlack, tmp_path: Path, url: str) -> None:
    """Once and again: the second run changes nothing."""
    for _ in range(2):
        done = run(tmp_path, settings_for(slack, url), "migrate")
        assert (done.status, done.out) == (0, "The database is up to date.\n")


def test_serve_and_doctor_refuse_a_database_of_another_version(
    slack: LocalSlack, tmp_path: Path, url: str, here: Here
) -> None:
    """Both name `handoff migrate`, and neither touches it."""
    settings = settings_for(slack, url)
    here(settings, "migrate")
    with sqlite3.connect(tmp_path / "handoff.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = 'other'")
    connection.close()
    served = run(tmp_path, settings, "serve", "--port", "0")
    assert (served.status, "handoff migrate" in served.err, _is_calm(served)) == (2, True, True)
    checked = here(settings, "doctor")
    assert (checked.status, "of another version" in checked.out) == (1, True)


def test_doctor_is_content_with_a_good_set_up(
    slack: LocalSlack, tmp_path: Path, url: str, here: Here
) -> None:
    """One line each, all good, exit status 0; and it does not say a secret."""
    settings = settings_for(slack, url)
    here(settings, "migrate")
    done = run(tmp_path, settings, "doctor")
    assert done.status == 0, done.out
    lines = done.out.splitlines()
    assert all(line.startswith("ok ") for line in lines)
    for subject in ("settings", "database", "Slack TDEMO", "CRM TDEMO"):
        assert any(subject in line for line in lines)
    assert settings["SLACK_BOT_TOKEN"] not in done.out


def test_doctor_says_what_is_wrong_and_what_to_do(slack: LocalSlack, url: str, here: Here) -> None:
    """Settings, an empty database, a refused token, no channel, a wrong key, Slack away: a line each,
    status 1.
    """
    settings = settings_for(slack, url)
    empty = here(settings, "doctor")
    assert (empty.status, "run `handoff migrate`" in empty.out) == (1, True)
    here(settings, "migrate")
    assert here(settings, "doctor").status == 0
    other_key = Fernet.generate_key().decode()
    wrong = {
        "SLACK_SIGNING_SECRET is missing": {"SLACK_SIGNING_SECRET": ""},
        "no channel; choose one": {"SLACK_CHANNEL": ""},
        "can't be used (channel_not_found)": {"SLACK_CHANNEL": "CNOWHERE"},
        "SLACK_BOT_TOKEN is refused": {"SLACK_BOT_TOKEN": "xoxb-wrong"},
        "Slack: not reached": {"SLACK_API_URL": "http://127.0.0.1:1/api/"},
        "SECRET_KEYS holds no key": {"SECRET_KEYS": other_key},
    }
    for sentence, change in wrong.items():
        done = here(settings | change, "doctor")
        assert done.status == 1, (sentence, done)
        assert any(line.startswith("FAULTY") and sentence in line for line in done.out.splitlines()), done


def test_doctor_names_missing_scopes(slack: LocalSlack, url: str, here: Here) -> None:
    """The scopes that the workspace has not granted, by name."""
    settings = settings_for(slack, url)
    here(settings, "migrate")
    granted = slack.scopes
    slack.scopes = set(install.SCOPES) - {"files:write", "users:read"}
    try:
        done = here(settings, "doctor")
    finally:
        slack.scopes = granted
    assert done.status == 1
    assert "scopes are missing: files:write, users:read" in done.out


def test_tokens_are_shown_once_and_stored_hashed(
    slack: LocalSlack, tmp_path: Path, url: str, here: Here
) -> None:
    """Create shows it, list and the database never do, revoke ends it; each mistake gets a sentence."""
    settings = settings_for(slack, url)
    made = run(tmp_path, settings, "token", "create", "website")
    assert made.status == 0, made.err
    token = made.out.strip()
    assert len(token) > 40
    assert "not shown again" in made.err
    assert token.encode() not in (tmp_path / "handoff.db").read_bytes()
    listed = here(settings, "token", "list")
    assert "website  TDEMO" in listed.out
    assert token not in listed.out
    twice = here(settings, "token", "create", "website")
    assert (twice.status, "choose another name" in twice.err) == (1, True)
    assert here(settings, "token", "revoke", "website").status == 0
    assert "revoked" in here(settings, "token", "list").out
    unknown = here(settings, "token", "revoke", "website")
    assert (unknown.status, "no live token named website" in unknown.err) == (1, True)


def test_a_token_needs_a_workspace(slack: LocalSlack, url: str, here: Here) -> None:
    """Before any workspace has installed the bot, and with Slack away, a sentence says what to do."""
    oauth = settings_for(slack, url, SLACK_BOT_TOKEN="", SLACK_CLIENT_ID="1", SLACK_CLIENT_SECRET="2")
    nobody = here(oauth, "token", "create", "website")
    assert (nobody.status, "No workspace has installed Handoff yet" in nobody.err) == (1, True)
    away = settings_for(slack, url, SLACK_API_URL="http://127.0.0.1:1/api/")
    unreached = here(away, "token", "create", "website")
    assert (unreached.status, "--team" in unreached.err) == (1, True)
    assert here(oauth, "token", "create", "website", "--team", "T1").status == 0


def test_the_tour_of_the_demo_holds(tmp_path: Path) -> None:
    """`handoff demo --tour` plays the story on embedded parts and exits 0."""
    done = run(tmp_path, {}, "demo", "--tour")
    assert done.status == 0, done.out + done.err
    assert "All of it held." in done.out


def test_python_m_bot_is_the_same_command(tmp_path: Path) -> None:
    """`python -m bot` and `handoff` know the same commands."""
    by_module = run(tmp_path, {}, "--help", command=(sys.executable, "-m", "bot"))
    by_name = run(tmp_path, {}, "--help")
    commands = by_module.out.partition("Commands:")[2]
    assert by_module.status == by_name.status == 0
    assert commands == by_name.out.partition("Commands:")[2]
    assert all(name in commands for name in ("demo", "doctor", "migrate", "serve", "token"))
