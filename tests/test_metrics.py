"""The alerts and the dashboard ask for what the bot counts, under its very names."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]  # its annotations are a package of their own
from prometheus_client.parser import text_string_to_metric_families

from bot.usecases.readings import Readings
from bot.web.metrics import Metrics

DOCS = Path(__file__).parents[1] / "docs"
_NAME = re.compile(r"\b(handoff_[a-z_]+)(?:\{([^}]*)\})?")
_GROUPED = re.compile(r"\bby \(([^)]*)\)")
_SUFFIX = re.compile(r"_(bucket|count|sum)$")


@pytest.mark.parametrize("file", ["alerts.rules.yml", "dashboard.json"])
def test_alerts_and_dashboard_ask_for_what_there_is(file: str) -> None:
    """Every name in a query is exposed, and has the labels that the query uses."""
    labels = exposed()
    asked = queries(file)
    assert asked
    for query in asked:
        named = _NAME.findall(query)
        known = [labels.get(_SUFFIX.sub("", name)) for name, _ in named]
        assert None not in known, query
        used = {part.split("=")[0].strip("!~ ") for _, chosen in named for part in chosen.split(",") if part}
        used |= {part.strip() for group in _GROUPED.findall(query) for part in group.split(",")}
        assert used - {"le"} <= set().union(*(found or set() for found in known)), query
        assert query.count("(") == query.count(")")


def test_the_dashboard_shows_every_number() -> None:
    """Nothing is counted that nobody looks at."""
    shown = {_SUFFIX.sub("", name) for query in queries("dashboard.json") for name, _ in _NAME.findall(query)}
    assert shown == exposed().keys()


def test_every_alert_is_explained() -> None:
    """The operator's page says of each what it means, and each says what to do."""
    rules = yaml.safe_load((DOCS / "alerts.rules.yml").read_text("utf-8"))["groups"][0]["rules"]
    page = (DOCS / "operations.md").read_text("utf-8")
    assert [rule["alert"] for rule in rules if f"`{rule['alert']}`" not in page] == []
    assert all(rule["annotations"].keys() == {"summary", "action"} for rule in rules)


def exposed() -> dict[str, set[str]]:
    """Every metric's name with its labels, by counting one of each."""
    metrics = Metrics()
    metrics.requests.labels("POST", "/slack/events", "200").observe(0.01)
    metrics.received.labels("new").inc()
    metrics.cv_refusals.labels("cv.content").inc()
    metrics.delivered("handoff", "crm:T0001:DEMO", "done", 0.1)
    metrics.held("crm:T0001:DEMO")
    metrics.handed("DEMO", "sent")
    metrics.renewed("DEMO", "renewed")
    one = Readings({("card", "dead"): 1}, {"card": 1.0}, 1, {"failed": 1}, {"crm": 1}, 1)
    labels: dict[str, set[str]] = defaultdict(set)
    for family in text_string_to_metric_families(metrics.exposition(one).decode()):
        for sample in family.samples:
            if not sample.name.endswith("_created"):
                labels[_SUFFIX.sub("", sample.name)] |= sample.labels.keys()
    return labels


def queries(file: str) -> list[str]:
    """What a file asks Prometheus, but for its own `up`."""
    text = (DOCS / file).read_text("utf-8")
    if file.endswith(".json"):
        found = [target["expr"] for panel in json.loads(text)["panels"] for target in panel["targets"]]
    else:
        found = [rule["expr"] for rule in yaml.safe_load(text)["groups"][0]["rules"]]
    return [
        re.sub(r'up\{job="handoff"\} == [01]|on \(instance\)', "", query)
        for query in found
        if "handoff_" in query
    ]
