"""What happens to a round from outside, at seeded moments: kills, lost answers, refusals, pauses."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Literal, Self

from bot.playground.democrm import DemoCrm
from bot.playground.slack import LocalSlack

from .replicas import Replicas

SECONDS = 5.0
"""How long the weather of a round lasts."""
_SLACK_CALLS = (
    "chat.postMessage",
    "chat.update",
    "conversations.history",
    "conversations.replies",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "upload",
)
_CRM_CALLS = (
    ("GET", "/api/v1/people"),
    ("POST", "/api/v1/people"),
    ("POST", "/api/v1/people/*/files"),
    ("POST", "/api/v1/people/*/notes"),
    ("GET", "/api/v1/vacancies"),
    ("POST", "/api/v1/applications"),
)
_LOOK_AGAIN_SECONDS = 0.01
_AWAITS_CALL_SECONDS = 3.0

Trouble = Literal["reset_after", "reset_before", "ratelimited", "status"]
_TROUBLES: tuple[Trouble, ...] = ("reset_after", "reset_after", "reset_before", "ratelimited", "status")


class Weather:
    """The events of one round, carried out by a thread of its own; the same seed gives the same events."""

    def __init__(self, seed: int, slack: LocalSlack, crm: DemoCrm, replicas: Replicas) -> None:
        self._chance = random.Random(seed)  # noqa: S311  # chance that can be repeated, nothing secret
        self._slack, self._crm, self._replicas = slack, crm, replicas
        makers = [self._kill] * self._chance.randint(1, 2) + [self._kill_in_a_call]
        makers += [self._slack_trouble] * self._chance.randint(1, 4)
        makers += [self._crm_trouble] * self._chance.randint(1, 4)
        events = [(self._chance.uniform(0, SECONDS), make()) for make in makers]
        self._events = sorted(events, key=lambda event: event[0])
        self._thread = threading.Thread(target=self._pass, name="weather", daemon=True)
        self._is_over = threading.Event()
        self._error: BaseException | None = None

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, error: type[BaseException] | None, *_: object) -> None:
        if error is not None:
            self._is_over.set()
        self._thread.join(60)
        self._slack.faults.clear()
        self._crm.faults.clear()
        if self._error is not None and error is None:
            raise self._error

    def _pass(self) -> None:
        begun = time.monotonic()
        try:
            for at, happen in self._events:
                if self._is_over.wait(max(begun + at - time.monotonic(), 0)):
                    return
                happen()
        except BaseException as error:  # noqa: BLE001  # told by whoever waits for the end
            self._error = error

    def _kill(self) -> Callable[[], None]:
        numbers = self._victims(range(len(self._replicas.all)))
        return lambda: self._replicas.kill([self._replicas.all[number] for number in numbers])

    def _kill_in_a_call(self) -> Callable[[], None]:
        """Kill while a call has had its effect and its answer is under way."""
        numbers = self._victims(range(len(self._replicas.workers)))
        order = self._chance.choice([self._hang_in_slack, self._hang_in_crm])()

        def happen() -> None:
            is_met = order()
            deadline = time.monotonic() + _AWAITS_CALL_SECONDS
            while not is_met() and time.monotonic() < deadline and not self._is_over.is_set():
                time.sleep(_LOOK_AGAIN_SECONDS)
            self._replicas.kill([self._replicas.workers[number] for number in numbers])

        return happen

    def _victims(self, numbers: range) -> list[int]:
        # All at once as often as one alone: only the first is sure to hit who is at work.
        return list(numbers) if self._chance.random() < 0.5 else [self._chance.choice(numbers)]

    def _hang_in_slack(self) -> Callable[[], Callable[[], bool]]:
        method = self._chance.choice(_SLACK_CALLS)

        def order() -> Callable[[], bool]:
            fault = self._slack.faults.add(method, "hang", seconds=2)
            return lambda: fault.met > 0

        return order

    def _hang_in_crm(self) -> Callable[[], Callable[[], bool]]:
        method, path = self._chance.choice(_CRM_CALLS)

        def order() -> Callable[[], bool]:
            fault = self._crm.faults.add(kind="hang", method=method, path=path, seconds=2)
            return lambda: fault.hits > 0

        return order

    def _slack_trouble(self) -> Callable[[], None]:
        method, kind = self._chance.choice(_SLACK_CALLS), self._chance.choice(_TROUBLES)
        times, status = self._chance.randint(1, 2), self._chance.choice([500, 503])
        return lambda: self._order(lambda: self._slack.faults.add(method, kind, times, status=status))

    def _crm_trouble(self) -> Callable[[], None]:
        (method, path), kind = self._chance.choice(_CRM_CALLS), self._chance.choice(_TROUBLES)
        times, status = self._chance.randint(1, 2), self._chance.choice([500, 503])
        add = self._crm.faults.add
        return lambda: self._order(
            lambda: add(kind=kind, method=method, path=path, times=times, status=status, retry_after=1)
        )

    @staticmethod
    def _order(add: Callable[[], object]) -> None:
        add()
