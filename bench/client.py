"""A process that sends requests over kept connections, as Slack or a job board would, and times each.

Reads what to send from standard input as JSON, and writes the times to standard output.
"""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

from bench.names import CHANNEL, CV_BYTES, INTAKE_TOKEN, SIGNING_SECRET, TEAM, USER

Sent = tuple[str, bytes, dict[str, str]]
"""A request: where to, its body, its headers."""


def click(item: str) -> Sent:
    """A signed click on Green of an application's card as it was first drawn."""
    payload = {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "bench"},
        "user": {"id": USER, "team_id": TEAM},
        "api_app_id": "AHANDOFF",
        "container": {"type": "message", "channel_id": CHANNEL, "message_ts": "1.1"},
        "channel": {"id": CHANNEL, "name": "applicants"},
        "trigger_id": f"1.{item}",
        "actions": [
            {
                "type": "button",
                "action_id": "decide_green",
                "block_id": f"card:decide:{item}:0",
                "value": "green",
                "action_ts": "1.1",
            }
        ],
    }
    body = urlencode({"payload": json.dumps(payload)})
    timestamp = str(int(time.time()))
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": timestamp,
        "X-Slack-Signature": str(
            SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=timestamp, body=body)
        ),
    }
    return "/slack/events", body.encode(), headers


def application(item: str) -> Sent:
    """An application with a CV; a different person for each item."""
    number = int(hashlib.sha256(item.encode()).hexdigest()[:8], 16)
    body = {
        "external_id": item,
        "source": "Bench",
        "vacancy": {"reference": "JOB-42", "title": "Site Engineer", "client": "Acme", "location": "Leeds"},
        "candidate": {
            "first_name": "Ines",
            "last_name": f"Marsh {item}",
            "email": f"{item}@example.com",
            "phone": f"+44 7700 9{number % 100_000:05d}",
            "skills": ["AutoCAD", "Surveying"],
        },
        "cover_letter": "I have built bridges for ten years.",
        "cv": {
            "filename": "ines.pdf",
            "content_type": "application/pdf",
            "content": base64.b64encode(_pdf(item)).decode(),
        },
    }
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {INTAKE_TOKEN}"}
    return "/api/v1/applications", json.dumps(body).encode(), headers


KINDS: dict[str, Callable[[str], Sent]] = {"click": click, "application": application}


def _pdf(item: str) -> bytes:
    noise = hashlib.shake_256(item.encode()).digest(CV_BYTES - 64)
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n" + noise + b"\n%%EOF\n"


class _Work:
    """The requests still to be sent, handed out to the connections."""

    def __init__(self, prepared: list[tuple[str, Sent]], gap: float) -> None:
        self._left: Iterator[tuple[str, Sent]] = iter(prepared)
        self._gap = gap
        self._next = time.monotonic()
        self._lock = threading.Lock()
        self.done: list[tuple[str, float, float]] = []
        self.faults: list[str] = []

    def take(self) -> tuple[str, Sent] | None:
        with self._lock:
            time.sleep(max(self._next - time.monotonic(), 0))
            self._next += self._gap
            return next(self._left, None)


def _send_all(base_url: str, work: _Work, tries: int) -> None:
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port or 80, timeout=60)
    while (taken := work.take()) is not None:
        item, sent = taken
        at, began = time.time(), time.perf_counter()
        outcome = next(filter(None, (_answer(connection, sent) for _ in range(tries))), "no answer")
        work.done.append((item, at, time.perf_counter() - began))
        if not outcome.startswith("2"):
            work.faults.append(outcome)
    connection.close()


def _answer(connection: http.client.HTTPConnection, sent: Sent) -> str | None:
    path, body, headers = sent
    try:
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
    except OSError:
        connection.close()
        return None
    return str(response.status)


def main() -> None:
    """Send what is asked for."""
    asked: dict[str, Any] = json.load(sys.stdin)
    work = _Work([(item, KINDS[asked["kind"]](item)) for item in asked["items"]], asked["gap"])
    threads = [
        threading.Thread(target=_send_all, args=(asked["base_url"], work, asked["tries"]))
        for _ in range(asked["connections"])
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    json.dump({"done": work.done, "faults": work.faults, "elapsed": elapsed}, sys.stdout)


if __name__ == "__main__":
    main()
