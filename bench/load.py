"""Signed clicks sent over kept connections, and what came of their times."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from slack_sdk.signature import SignatureVerifier

SIGNING_SECRET = "bench-signing-secret"  # noqa: S105  guards nothing but this run
BOT_TOKEN = "xoxb-bench"  # noqa: S105  likewise
TEAM, USER, CHANNEL = "TDEMO", "UANA", "CAPPLICANTS"


@dataclass(frozen=True)
class Times:
    """Milliseconds of one run."""

    median: float
    p99: float
    per_second: float


def click_body(application_id: str, number: int) -> str:
    """The form body of a click on Green of an application's card as it was first drawn."""
    payload = {
        "type": "block_actions",
        "team": {"id": TEAM, "domain": "bench"},
        "user": {"id": USER, "team_id": TEAM},
        "api_app_id": "AHANDOFF",
        "container": {"type": "message", "channel_id": CHANNEL, "message_ts": "1.1"},
        "channel": {"id": CHANNEL, "name": "applicants"},
        "trigger_id": f"1.{number}",
        "actions": [
            {
                "type": "button",
                "action_id": "decide_green",
                "block_id": f"card:decide:{application_id}:0",
                "value": "green",
                "action_ts": str(number),
            }
        ],
    }
    return urlencode({"payload": json.dumps(payload)})


def send_clicks(base_url: str, application_ids: Sequence[str], connections: int) -> Times:
    """Click once on each application, over so many connections at a time."""
    work = iter(list(enumerate(application_ids)))
    lock = threading.Lock()
    taken: list[float] = []
    began = time.perf_counter()
    threads = [
        threading.Thread(target=_client, args=(base_url, work, lock, taken)) for _ in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - began
    ordered = sorted(taken)
    p99 = ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)]
    return Times(statistics.median(ordered) * 1000, p99 * 1000, len(ordered) / elapsed)


def _client(base_url: str, work: Iterator[tuple[int, str]], lock: threading.Lock, taken: list[float]) -> None:
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port or 80, timeout=30)
    verifier = SignatureVerifier(SIGNING_SECRET)
    while True:
        with lock:
            number, application_id = next(work, (0, ""))
        if not application_id:
            connection.close()
            return
        body = click_body(application_id, number)
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": "application/x-www-form-urlencoded",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": str(verifier.generate_signature(timestamp=timestamp, body=body)),
        }
        began = time.perf_counter()
        connection.request("POST", "/slack/events", body, headers)
        response = connection.getresponse()
        response.read()
        taken.append(time.perf_counter() - began)
        if response.status != 200:
            raise RuntimeError(f"a click was answered with {response.status}")
