"""Requests to the bot, signed as Slack signs them, with Slack's three seconds for an answer."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from urllib.parse import urlencode

import requests
from slack_sdk.signature import SignatureVerifier

from .model import Json, Outcome

TROUBLE = "We had some trouble connecting. Try again?"
_FORM = "application/x-www-form-urlencoded"


class Dispatcher:
    """Sends to `{bot_url}/slack/events`. `ack_seconds` is how long the bot may take to answer."""

    def __init__(self, signing_secret: str, bot_url: str) -> None:
        self.signing_secret = signing_secret
        self.bot_url = bot_url
        self.ack_seconds = 3.0

    def command(self, fields: dict[str, str]) -> Outcome:
        """A slash command."""
        outcome = self._send(urlencode(fields), _FORM)
        if outcome.status is None or not 200 <= outcome.status < 300:
            reason = "operation_timeout" if outcome.error == "http_timeout" else "dispatch_failed"
            sentence = f'{fields["command"]} failed with the error "{reason}".'
            return replace(outcome, error=sentence)
        return outcome

    def interaction(self, payload: Json) -> Outcome:
        """A click, a submission, a closed view or a wish for options."""
        outcome = self._send(urlencode({"payload": json.dumps(payload)}), _FORM)
        if outcome.status is None or not 200 <= outcome.status < 300:
            return replace(outcome, error=TROUBLE)
        return outcome

    def event(self, payload: Json, retry_num: int | None = None, reason: str = "http_timeout") -> Outcome:
        """An Events API delivery; `error` is Slack's word for why it failed."""
        headers = {}
        if retry_num is not None:
            headers = {"X-Slack-Retry-Num": str(retry_num), "X-Slack-Retry-Reason": reason}
        outcome = self._send(json.dumps(payload), "application/json", headers)
        if outcome.status is not None and not 200 <= outcome.status < 300:
            return replace(outcome, error="http_error")
        return outcome

    def _send(self, body: str, content_type: str, extra: dict[str, str] | None = None) -> Outcome:
        # Real time, whatever clock the rest runs on: the bot compares the signature's with its own.
        timestamp = str(int(time.time()))
        verifier = SignatureVerifier(self.signing_secret)
        headers = {
            "Content-Type": content_type,
            "Accept": "application/json,*/*",
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": str(verifier.generate_signature(timestamp=timestamp, body=body)),
            **(extra or {}),
        }
        started = time.perf_counter()
        try:
            with requests.Session() as session:
                session.trust_env = False  # a proxy must not stand between two servers on one machine
                url = f"{self.bot_url.rstrip('/')}/slack/events"
                answer = session.post(url, data=body.encode(), headers=headers, timeout=self.ack_seconds)
        except requests.Timeout:
            return Outcome(elapsed=time.perf_counter() - started, error="http_timeout")
        except requests.RequestException:
            return Outcome(elapsed=time.perf_counter() - started, error="connection_failed")
        elapsed = time.perf_counter() - started
        no_retry = answer.headers.get("x-slack-no-retry") == "1"
        return Outcome(answer.status_code, answer.text, elapsed, no_retry=no_retry)
