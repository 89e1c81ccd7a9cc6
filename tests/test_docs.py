"""What the pages say in tables, examples and links is so: held to the code they speak of."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from itertools import chain
from pathlib import Path
from textwrap import dedent
from typing import Any

import click
import pytest
import yaml  # type: ignore[import-untyped]  # its annotations are a package of their own
from fastapi.routing import iter_route_contexts

from bot.__main__ import main
from bot.app import Handoff, build_house
from bot.blocks.settings import settings_modal
from bot.config import Config, CrmApp
from bot.crm._base import Capability
from bot.crm._registry import every_crm
from bot.handlers import routing
from bot.rules.statuses import DEFAULT_STATUSES
from bot.usecases.install import SCOPES
from bot.usecases.readings import Readings
from bot.web.metrics import Metrics
from bot.web.submission import parse
from tests.support import a_config

from .blocks import samples

ROOT = Path(__file__).parents[1]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"`([^`]+)`")
_MACHINE_PATH = re.compile(r"(?<![\w.:/>])/(?:work|root|home|tmp|Users|opt|mnt|var)/")
_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.DOTALL | re.MULTILINE)
"""A block of code: its indentation, its language, and what it holds."""


@cache
def text(name: str) -> str:
    """A page of the repository."""
    return (ROOT / name).read_text("utf-8")


def table(name: str, first_heading: str) -> list[list[str]]:
    """The rows below the heading row that begins with these words, in cells."""
    lines = iter(text(name).splitlines())
    for line in lines:
        if line.startswith(f"| {first_heading} |"):
            break
    next(lines, None)
    rows: list[list[str]] = []
    for line in lines:
        if not line.startswith("|"):
            break
        rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]])
    assert rows, f"{name} has no table that begins with {first_heading}"
    return rows


def codes(cell: str) -> list[str]:
    """What a cell sets as code."""
    return _CODE.findall(cell)


def fences(name: str, language: str) -> list[str]:
    """The page's blocks of code in one language."""
    return [dedent(content) for _, known, content in _FENCE.findall(text(name)) if known == language]


def anchor(heading: str) -> str:
    """The address of a heading within its page."""
    kept = re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower())
    return kept.strip().replace(" ", "-")


def anchors(page: Path) -> set[str]:
    """The addresses of all headings of a page."""
    prose = _FENCE.sub("", page.read_text("utf-8"))
    return {anchor(heading) for heading in re.findall(r"^#+ (.+)$", prose, re.MULTILINE)}


def test_every_setting_is_in_the_table_and_no_other() -> None:
    """The README names exactly the settings that are read, with the defaults they have."""
    rows = table("README.md", "name")
    documented = [name for row in rows for name in codes(row[0])]
    fields = {name.upper() for name in Config.model_fields if name != "crm"}
    of_crms = {f"CRM__<KEY>__{name.upper()}" for name in CrmApp.model_fields}
    assert sorted(documented) == sorted(fields | of_crms)
    defaults = {codes(row[0])[0]: codes(row[2]) for row in rows}
    for name in ("SLACK_API_URL", "DATABASE_URL", "UNDO_SECONDS", "LOG_FORMAT"):
        assert defaults[name] == [str(Config.model_fields[name.lower()].default)]


def test_the_table_of_crms_is_the_registry() -> None:
    """Every CRM with its key, and a tick for what it says it can do."""
    columns = (
        Capability.CV,
        Capability.NOTES,
        Capability.TEAM_NOTES,
        Capability.VACANCIES,
        Capability.OWNER,
    )
    documented = {}
    for row in table("README.md", "CRM"):
        name = re.sub(r"\[(.+)\]\(.+\)", r"\1", row[0])
        able = {capability for capability, cell in zip(columns, row[2:7], strict=True) if cell == "✓"}
        documented[codes(row[1])[0]] = (name, able)
    assert documented == {key: (crm.name, set(crm.capabilities)) for key, crm in every_crm().items()}


def test_the_page_of_crms_lists_them_all() -> None:
    """Their own list has the same names and keys."""
    documented = {codes(row[1])[0]: row[0] for row in table("docs/crm/README.md", "CRM")}
    assert documented == {key: crm.name for key, crm in every_crm().items()}


def test_scopes_are_the_same_everywhere() -> None:
    """The security page, the manifest and the OAuth install ask for the same, each for a reason."""
    rows = table("docs/security.md", "scope")
    assert all(row[1] for row in rows)
    assert [codes(row[0])[0] for row in rows] == list(SCOPES)
    assert manifest()["oauth_config"]["scopes"]["bot"] == list(SCOPES)


def test_the_manifest_is_what_the_bot_answers(tmp_path: Path) -> None:
    """Command, events and addresses of the manifest all lead to something."""
    app = manifest()
    features, settings = app["features"], app["settings"]
    assert [command["command"] for command in features["slash_commands"]] == [routing.COMMAND]
    assert sorted(settings["event_subscriptions"]["bot_events"]) == sorted(routing.EVENTS)
    addresses = [
        *(command["url"] for command in features["slash_commands"]),
        settings["event_subscriptions"]["request_url"],
        settings["interactivity"]["request_url"],
        *app["oauth_config"]["redirect_urls"],
    ]
    paths = {route.split()[1] for route in routes(tmp_path)}
    assert {address.removeprefix("https://handoff.example.com") for address in addresses} <= paths


def test_routes_are_those_of_the_app(tmp_path: Path) -> None:
    """The architecture's table names every address that is served, and no other."""
    documented = {code for row in table("docs/architecture.md", "route") for code in codes(row[0])}
    assert documented == routes(tmp_path)


def test_commands_are_those_of_the_program() -> None:
    """The README names every command with its options."""
    documented = {codes(row[0])[0]: row[1] for row in table("README.md", "command")}
    known = dict(commands(main, "handoff"))
    assert documented.keys() == known.keys()
    for name, options in known.items():
        assert [option for option in options if option not in documented[name]] == []


def test_commands_in_examples_exist() -> None:
    """Whoever copies a line that starts the program meets a command it knows."""
    known = dict(commands(main, "handoff"))
    shown = [
        line
        for page in PAGES
        for block in fences(str(page.relative_to(ROOT)), "sh")
        for line in re.findall(r"(?:^|[ (/])(handoff (?!@)[a-z][a-z ]*)", block, re.MULTILINE)
    ]
    assert shown
    assert [line for line in shown if not any(line.startswith(name) for name in known)] == []


def test_metrics_are_those_exposed() -> None:
    """The table of metrics has exactly the names that Prometheus is given."""
    exposed = Metrics().exposition(Readings()).decode()
    names = {
        name for name in re.findall(r"^# TYPE (\S+)", exposed, re.MULTILINE) if not name.endswith("_created")
    }
    assert {codes(row[0])[0] for row in table("docs/operations.md", "metric")} == names


def test_layers_are_those_of_the_import_contract() -> None:
    """The architecture shows the order that the linter holds."""
    settings = tomllib.loads(text("pyproject.toml"))
    layers = settings["tool"]["importlinter"]["contracts"][0]["layers"]
    assert "\n".join(layers) + "\n" in fences("docs/architecture.md", "")


def test_boxes_are_named_as_in_the_modal() -> None:
    """Each phrase of the admin's table is on a box."""
    shown = str(settings_modal(samples.settings()))
    phrases = [codes(row[0])[0] for row in table("docs/admin.md", "the label contains")]
    assert len(phrases) == 4
    assert [phrase for phrase in phrases if phrase not in shown] == []


def test_statuses_are_those_a_workspace_starts_with() -> None:
    """Recruiters read their names in the menu's order."""
    assert ", ".join(status.name for status in DEFAULT_STATUSES) + "." in text("docs/using.md")


def test_examples_of_applications_are_taken() -> None:
    """The application in the API's page and the one in the README's curl are valid."""
    example = fences("docs/intake-api.md", "json")[0]
    curl = next(block for block in fences("README.md", "sh") if "--data" in block)
    sent = curl.split("--data '")[1].split("'")[0]
    assert parse(example.encode()).cv is not None
    assert parse(sent.encode()).vacancy.reference == "JOB-42"


def test_python_examples_compile() -> None:
    """No example has a slip that Python sees."""
    for page in PAGES:
        for block in fences(str(page.relative_to(ROOT)), "python"):
            compile(block, str(page), "exec")


def test_every_decision_is_in_its_list() -> None:
    """Numbered without a gap, each linked from the list under its own number."""
    folder = ROOT / "docs" / "decisions"
    numbers = [page.name[:4] for page in sorted(folder.glob("[0-9]*.md"))]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]
    listed = [row[0] for row in table("docs/decisions/README.md", "number")]
    assert [re.findall(r"^\[(\d+)\]\((\d+)-", cell)[0] for cell in listed] == [
        (each, each) for each in numbers
    ]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link and picture exists, and so does the heading it points to."""
    broken = []
    for link in _LINK.findall(_FENCE.sub("", page.read_text("utf-8"))):
        if link.startswith(("http://", "https://", "mailto:")):
            continue
        path, _, fragment = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if not target.exists() or (fragment and fragment not in anchors(target)):
            broken.append(link)
    assert broken == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_page_names_a_path_of_somebodys_machine(page: Path) -> None:
    """What is written holds on every machine."""
    assert _MACHINE_PATH.findall(page.read_text("utf-8")) == []


def test_pictures_are_small() -> None:
    """A page with its pictures loads quickly."""
    pictures = list((ROOT / "docs" / "images").iterdir())
    assert pictures
    assert [picture.name for picture in pictures if picture.stat().st_size > 200_000] == []


def manifest() -> dict[str, Any]:
    """The Slack app as it is created."""
    read: dict[str, Any] = yaml.safe_load(text("manifest.yml"))
    return read


def routes(folder: Path) -> set[str]:
    """Every method and path that the bot serves, installs by OAuth among them."""
    url = f"sqlite:///{folder / 'routes.db'}"
    house = build_house(a_config(database_url=url, slack_client_id="1.2", slack_client_secret="hush"))
    served = list(iter_route_contexts(Handoff(house).web.routes))
    house.database.close()
    pairs = chain.from_iterable(((method, route.path) for method in route.methods or ()) for route in served)
    return {f"{method} {path}" for method, path in pairs if method != "HEAD"}


def commands(group: click.Group, prefix: str) -> Iterator[tuple[str, list[str]]]:
    """Every command by its whole name, with its long options."""
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{prefix} {name}")
        else:
            options = [option for parameter in command.params for option in parameter.opts]
            yield f"{prefix} {name}", [option for option in options if option.startswith("--")]
