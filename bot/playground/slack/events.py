"""The Events API: what happened in the workspace, told to the bot once, and again when it didn't answer."""

from __future__ import annotations

from .dispatch import Dispatcher
from .model import Json, NotPossibleError, Outcome
from .payloads import event
from .people import DEFAULT_SUBSCRIPTIONS
from .state import Delivery, State

MOST_RETRIES = 3


class Events:
    """Deliveries to the bot. With `retry_events` an unanswered one is sent again, the waits left out."""

    def __init__(self, state: State, dispatcher: Dispatcher) -> None:
        self._state = state
        self._dispatcher = dispatcher
        self.subscriptions: set[str] = set(DEFAULT_SUBSCRIPTIONS)
        self.retry_events = False

    def send(
        self, inner: Json, *, team: str, retry_num: int | None = None, event_id: str | None = None
    ) -> Outcome:
        """Deliver one event, subscribed to or not; the same `event_id` makes it the same event again."""
        with self._state.lock:
            workspace = self._state.workspace(team)
            event_id = event_id or self._state.new_id("Ev")
            payload = event(workspace, inner, event_id, self._state.clock())
            self._state.deliveries[event_id] = Delivery(payload)
        outcome = self._dispatcher.event(payload, retry_num)
        return self._retried(event_id, outcome) if self.retry_events else outcome

    def happened(self, name: str, inner: Json, *, team: str) -> Outcome:
        """Deliver an event if the bot has subscribed to `name`."""
        if name not in self.subscriptions:
            return Outcome()
        return self.send(inner, team=team)

    def redeliver(self, event_id: str) -> Outcome:
        """Send an event again as Slack's next retry."""
        with self._state.lock:
            delivery = self._state.deliveries.get(event_id)
            if delivery is None:
                raise NotPossibleError(f"No event {event_id} was ever sent.")
            delivery.retries += 1
            number, reason, payload = delivery.retries, delivery.reason, delivery.payload
        return self._dispatcher.event(payload, number, reason)

    def _retried(self, event_id: str, outcome: Outcome) -> Outcome:
        for _ in range(MOST_RETRIES):
            if outcome.error is None or outcome.no_retry:
                break
            with self._state.lock:
                self._state.deliveries[event_id].reason = outcome.error
            outcome = self.redeliver(event_id)
        return outcome
