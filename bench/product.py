"""The product as it is served, with applications to click on."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from bench.load import BOT_TOKEN, CHANNEL, SIGNING_SECRET
from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack

INTAKE_TOKEN = "bench-intake-token"  # noqa: S105  guards nothing but this run


def free_port() -> int:
    """A port nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def process(arguments: list[str], port: int, environment: dict[str, str] | None = None) -> Iterator[str]:
    """A Python process that serves on a port; its base URL once it answers."""
    running = subprocess.Popen(  # noqa: S603  our own modules
        [sys.executable, "-m", *arguments],
        env=os.environ | (environment or {}),
        stderr=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        time.sleep(0.5)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait(20)


@contextmanager
def served(database_url: str, folder: Path, slack: LocalSlack, crm: DemoCrm) -> Iterator[str]:
    """`handoff serve` between a local Slack and a demo CRM; its base URL."""
    port = free_port()
    settings = {
        "SLACK_SIGNING_SECRET": SIGNING_SECRET,
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_CHANNEL": CHANNEL,
        "SLACK_API_URL": slack.api_url,
        "DATABASE_URL": database_url,
        "SECRET_KEYS": "c2l4dGVlbiBieXRlcyBhbmQgc2l4dGVlbiBtb3JlISE=",
        "INTAKE_TOKEN": INTAKE_TOKEN,
        "CRM__DEMO__CLIENT_ID": crm.client_id,
        "CRM__DEMO__CLIENT_SECRET": crm.client_secret,
        "CRM__DEMO__AUTHORIZE_URL": crm.authorize_url,
        "CRM__DEMO__TOKEN_URL": crm.token_url,
        "CRM__DEMO__API_URL": crm.api_url,
        "PWD": str(folder),
    }
    with process(["bot", "serve", "--port", str(port)], port, settings) as base_url:
        yield base_url


def send(base_url: str, number: int, **changes: Any) -> str:
    """Send one application; its id."""
    body = {
        "external_id": f"bench-{number}",
        "source": "Bench",
        "vacancy": {"reference": "JOB-42", "title": "Site Engineer"},
        "candidate": {"last_name": f"Person {number}", "email": f"person{number}@example.com"},
    } | changes
    answer = requests.post(
        f"{base_url}/api/v1/applications",
        json=body,
        headers={"Authorization": f"Bearer {INTAKE_TOKEN}"},
        timeout=30,
    )
    answer.raise_for_status()
    return str(answer.json()["id"])
