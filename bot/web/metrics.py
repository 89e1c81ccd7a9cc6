"""What is counted and timed for Prometheus, in a registry of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.usecases.readings import Readings
from bot.watch import Watch

# Slack wants its answer within 3 s; ours is meant to take milliseconds.
_BUCKETS = (0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 3.0, 10.0)
_DELIVERY_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_UNKNOWN = "(unknown)"


class Metrics(Watch):
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
        self.received = self._counter(
            "handoff_applications_received",
            "Applications sent to the intake API: new ones, and replays of known ones.",
            "outcome",
        )
        self.cv_refusals = self._counter(
            "handoff_cv_refusals", "Applications refused for their CV, by the field at fault.", "field"
        )
        self._count_deliveries()

    def _count_deliveries(self) -> None:
        self._deliveries = self._counter(
            "handoff_deliveries",
            "Tries of the outbox's jobs, by what came of them.",
            "kind",
            "crm",
            "outcome",
        )
        self._seconds = Histogram(
            "handoff_delivery_seconds",
            "Time that a try of a job took.",
            ["kind"],
            buckets=_DELIVERY_BUCKETS,
            registry=self._registry,
        )
        self._waits = self._counter(
            "handoff_rate_limit_waits",
            "Times that Slack or a CRM asked for a pause, by what was being sent.",
            "remote",
            "crm",
        )
        self._handoffs = self._counter(
            "handoff_handoffs", "Tries of handoffs, by what came of them.", "crm", "outcome"
        )
        self._renewals = self._counter(
            "handoff_token_refreshes", "Access tokens that were to be renewed.", "crm", "outcome"
        )

    def delivered(self, kind: str, pace: str | None, outcome: str, seconds: float) -> None:
        """Count a try and its time."""
        self._deliveries.labels(kind, _parts(pace)[1], outcome).inc()
        self._seconds.labels(kind).observe(seconds)

    def held(self, pace: str) -> None:
        """Count a pause that was asked for."""
        self._waits.labels(*_parts(pace)).inc()

    def handed(self, crm: str, outcome: str) -> None:
        """Count a try of a handoff."""
        self._handoffs.labels(crm, outcome).inc()

    def renewed(self, crm: str, outcome: str) -> None:
        """Count a renewal of a token."""
        self._renewals.labels(crm, outcome).inc()

    def exposition(self, readings: Readings | None = None) -> bytes:
        """Everything in Prometheus' text format; without `readings` the database's part is left out."""
        if readings is None:
            return generate_latest(self._registry)
        database = CollectorRegistry()
        database.register(_Database(readings))
        return generate_latest(self._registry) + generate_latest(database)

    def _counter(self, name: str, what: str, *labels: str) -> Counter:
        return Counter(name, what, labels, registry=self._registry)


def _parts(pace: str | None) -> tuple[str, str]:
    """What is sent in a pace, and to which CRM; a pace's key also names its workspace, which is no label."""
    remote, _, rest = (pace or "").partition(":")
    return remote, rest.rpartition(":")[2] if remote == "crm" else ""


class _Database(Collector):
    def __init__(self, readings: Readings) -> None:
        self._readings = readings

    def collect(self) -> Iterable[GaugeMetricFamily]:
        readings = self._readings
        jobs = GaugeMetricFamily(
            "handoff_outbox_jobs", "What still has to leave the house.", labels=["kind", "state"]
        )
        for (kind, state), count in sorted(readings.jobs.items()):
            jobs.add_metric([kind, state], count)
        yield jobs
        oldest = "Age of the oldest job that should have left."
        yield _gauge("handoff_outbox_oldest_seconds", oldest, "kind", readings.oldest)
        unknown = "Jobs of a kind that this version does not deliver."
        yield GaugeMetricFamily("handoff_outbox_unknown_jobs", unknown, readings.unknown)
        is_open = "Handoffs that wait, are being sent, or failed."
        yield _gauge("handoff_handoffs_open", is_open, "state", readings.handoffs)
        breaks = "Remotes that are left alone after failures in a row."
        yield _gauge("handoff_breaks", breaks, "remote", readings.breaks)
        broken = "Sign-ins that their CRM refuses."
        yield GaugeMetricFamily("handoff_broken_sign_ins", broken, readings.broken_sign_ins)


def _gauge(name: str, what: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, what, labels=[label])
    for value, count in sorted(values.items()):
        family.add_metric([value], count)
    return family


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
