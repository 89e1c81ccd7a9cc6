"""Login links and OAuth states: they work once, for their purpose, for a quarter of an hour."""

from __future__ import annotations

import threading
from datetime import timedelta

from sqlalchemy import Connection, select

from bot.store import tickets
from bot.store.database import Database
from bot.store.tables import login_tickets
from bot.store.tickets import LIFETIME, Ticket
from bot.store.vault import Vault

from ..support import START, TEAM

TICKET = Ticket(TEAM, "UADMIN", "DEMO", {"answers": {"key": "secret-answer"}})


def _issue(connection: Connection, vault: Vault) -> str:
    return tickets.issue(connection, vault, "login_link", TICKET, START)


def test_opens_what_it_was_issued_for(connection: Connection, vault: Vault) -> None:
    """Who, which CRM, and what had to be remembered meanwhile."""
    secret = _issue(connection, vault)
    assert tickets.redeem(connection, vault, "login_link", secret, START) == TICKET


def test_works_once(connection: Connection, vault: Vault) -> None:
    """The second time it opens nothing."""
    secret = _issue(connection, vault)
    assert tickets.redeem(connection, vault, "login_link", secret, START)
    assert tickets.redeem(connection, vault, "login_link", secret, START) is None


def test_works_once_for_many_at_the_same_moment(database: Database, vault: Vault) -> None:
    """Of eight who use it at once, one gets in."""
    with database.transaction() as connection:
        secret = _issue(connection, vault)
    opened: list[Ticket | None] = []
    start = threading.Barrier(8)

    def use() -> None:
        start.wait()
        with database.transaction() as connection:
            opened.append(tickets.redeem(connection, vault, "login_link", secret, START))

    users = [threading.Thread(target=use) for _ in range(8)]
    for user in users:
        user.start()
    for user in users:
        user.join()
    assert [ticket for ticket in opened if ticket] == [TICKET]
    assert len(opened) == 8


def test_expires(connection: Connection, vault: Vault) -> None:
    """A moment before its end it works, at its end no more."""
    early, late = _issue(connection, vault), _issue(connection, vault)
    moment = timedelta(microseconds=1)
    assert tickets.redeem(connection, vault, "login_link", early, START + LIFETIME - moment)
    assert tickets.redeem(connection, vault, "login_link", late, START + LIFETIME) is None


def test_serves_one_purpose(connection: Connection, vault: Vault) -> None:
    """A Login link is no OAuth state; trying it as one does not use it up."""
    secret = _issue(connection, vault)
    assert tickets.redeem(connection, vault, "oauth_state", secret, START) is None
    assert tickets.redeem(connection, vault, "login_link", secret, START) == TICKET


def test_nobody_guesses_one(connection: Connection, vault: Vault) -> None:
    """Unknown secrets open nothing."""
    _issue(connection, vault)
    for guess in ("", "a", "%", "x" * 43):
        assert tickets.redeem(connection, vault, "login_link", guess, START) is None


def test_neither_secret_nor_answers_stand_in_the_row(connection: Connection, vault: Vault) -> None:
    """Only a hash and an encrypted text do."""
    secret = _issue(connection, vault)
    row = str(dict(connection.execute(select(login_tickets)).mappings().one()))
    assert secret not in row
    assert "secret-answer" not in row


def test_expired_ones_are_cleared_away(connection: Connection, vault: Vault) -> None:
    """Living ones stay."""
    _issue(connection, vault)
    living = tickets.issue(connection, vault, "login_link", TICKET, START + timedelta(hours=1))
    assert tickets.purge(connection, START + timedelta(minutes=30)) == 1
    assert tickets.redeem(connection, vault, "login_link", living, START + timedelta(hours=1))
