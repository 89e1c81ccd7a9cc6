"""What is counted and timed for Prometheus, in a registry of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Slack wants its answer within 3 s; ours is meant to take milliseconds.
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)
_UNKNOWN = "(unknown)"


class Metrics:
    """The counters of one running bot."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Histogram(
            "handoff_http_request_seconds",
            "Time to answer a request, by route and status; /slack/events is what Slack waits for.",
            ["method", "route", "status"],
            buckets=_BUCKETS,
            registry=self._registry,
        )
        self.received = Counter(
            "handoff_applications_received",
            "Applications sent to the intake API: new ones, and replays of known ones.",
            ["outcome"],
            registry=self._registry,
        )
        self.cv_refusals = Counter(
            "handoff_cv_refusals",
            "Applications refused for their CV, by the field at fault.",
            ["field"],
            registry=self._registry,
        )

    def exposition(self, outbox: Mapping[tuple[str, str], int]) -> bytes:
        """Everything in Prometheus' text format; `outbox` is how many rows there are by kind and state."""
        depth = CollectorRegistry()
        depth.register(_Depth(outbox))
        return generate_latest(self._registry) + generate_latest(depth)


class _Depth(Collector):
    def __init__(self, outbox: Mapping[tuple[str, str], int]) -> None:
        self._outbox = outbox

    def collect(self) -> Iterable[GaugeMetricFamily]:
        family = GaugeMetricFamily(
            "handoff_outbox_jobs", "What still has to leave the house.", labels=["kind", "state"]
        )
        for (kind, state), count in sorted(self._outbox.items()):
            family.add_metric([kind, state], count)
        return [family]


class Timing:
    """Middleware that times every request; add it last, so that it is outermost and sees every answer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status = 500
        begun = perf_counter()

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            # The route's pattern, never the address itself: addresses hold ids, and have no end of values.
            route = getattr(scope.get("route"), "path", _UNKNOWN)
            method = scope["method"] if route != _UNKNOWN else _UNKNOWN
            self._metrics.requests.labels(method, route, str(status)).observe(perf_counter() - begun)
