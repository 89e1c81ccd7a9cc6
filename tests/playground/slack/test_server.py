"""Starting, stopping, restarting, and many callers at once."""

from __future__ import annotations

import socket
import threading

import pytest
import requests
from slack_sdk import WebClient

from bot.playground.slack import LocalSlack


def test_it_is_up_when_start_returns_and_gone_after_stop() -> None:
    """Also with a page's stream and a hanging call open."""
    slack = LocalSlack()
    with pytest.raises(RuntimeError, match="call start"):
        _ = slack.base_url
    slack.start()
    url = slack.base_url
    slack.faults.add("api.test", "hang", seconds=60)
    hanging = threading.Thread(target=lambda: requests.post(f"{url}/api/api.test", timeout=30).close())
    hanging.start()
    assert slack.wait_until(lambda: bool(slack.calls))
    with requests.get(f"{url}/page/events?user=UANA", stream=True, timeout=30) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith(b"data: ")
        slack.stop()
        assert list(lines) == [b""]
    hanging.join(30)
    assert not hanging.is_alive()
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=30)


def test_a_restart_keeps_port_and_memory() -> None:
    """Slack was away for a moment; nothing is forgotten."""
    slack = LocalSlack()
    slack.start()
    client = WebClient(token="xoxb-local", base_url=slack.api_url)
    client.chat_postMessage(channel="CAPPLICANTS", text="kept")
    slack.stop()
    slack.start()
    assert client.auth_test()["ok"]
    assert slack.messages("CAPPLICANTS")[0]["text"] == "kept"
    slack.stop()


def test_a_taken_port_is_reported() -> None:
    """By the system's own error, at once."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            LocalSlack(port=taken.getsockname()[1]).start()


def test_many_threads_post_at_once(slack: LocalSlack) -> None:
    """Nothing is lost and no ts is given twice."""

    def work() -> None:
        client = WebClient(token="xoxb-local", base_url=slack.api_url)
        for _ in range(5):
            client.chat_postMessage(channel="CAPPLICANTS", text="x")

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({message["ts"] for message in slack.messages("CAPPLICANTS")}) == 40


def test_waiting_ends_with_the_change(slack: LocalSlack) -> None:
    """True as soon as it holds, False when the time is over."""
    client = WebClient(token="xoxb-local", base_url=slack.api_url)
    poster = threading.Thread(target=lambda: client.chat_postMessage(channel="CAPPLICANTS", text="x"))
    poster.start()
    assert slack.wait_until(lambda: bool(slack.messages("CAPPLICANTS")))
    poster.join()
    assert not slack.wait_until(lambda: False, seconds=0.01)
