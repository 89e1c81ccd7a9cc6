"""The signed webhook's world, on a receiver that verifies."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from bot.crm._base import ClientApp
from tests.crm.push_world import PushWorld, Taken, Trouble
from tests.crm.world import HANGS
from tests.doubles.webhook import PATH, SECRET, WebhookDouble
from tests.support import Clock

_FAULTS: Mapping[Trouble, Mapping[str, Any]] = {
    "busy": {"kind": "error", "status": 500},
    "refused": {"kind": "error", "status": 422},
    "reset_before": {"kind": "reset_before"},
    "reset_after": {"kind": "reset_after"},
    "hang": {"kind": "hang", "seconds": HANGS},
    "ended": {"kind": "error", "status": 410},
}


class World(PushWorld):
    """A receiver on this machine."""

    key = "WEBHOOK"

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.double = WebhookDouble(lambda: clock().timestamp())

    @property
    def answers(self) -> Mapping[str, str]:  # type: ignore[override]  # its port is known once it runs
        return {"url": self.double.url, "secret": SECRET, "cv": "include"}

    @property
    def app(self) -> ClientApp:
        return ClientApp()

    def start(self) -> None:
        self.double.start()

    def stop(self) -> None:
        self.double.stop()

    def reset(self) -> None:
        self.double.reset()

    def taken(self) -> list[Taken]:
        return [_taken(body) for body in self.double.arrived]

    def trouble(self, kind: Trouble) -> None:
        self.double.faults.add(path=PATH, **_FAULTS[kind])


def _taken(body: dict[str, Any]) -> Taken:
    cv = body["application"]["cv"]
    file = (cv["filename"], base64.b64decode(cv["content"])) if cv else None
    return Taken(body["id"], body["follows"], json.dumps(body, ensure_ascii=False), file)
