"""How CRMs are found and offered, and what each must bring so that the contract can hold it to its word."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

from bot.crm._base import ClientApp
from bot.crm._registry import every_crm, offered

from .world import World

HERE = Path(__file__).parent
DOCS = HERE.parent.parent / "docs" / "crm"
KEYS = list(every_crm())


def test_crms_stand_in_the_order_of_their_names() -> None:
    """The menu reads from A to Z."""
    names = [crm.name for crm in every_crm().values()]
    assert names == sorted(names, key=str.casefold)
    assert {"Demo CRM", "JobAdder"} <= set(names)


def test_keys_are_those_of_the_settings() -> None:
    """A key is unique, upper case and fit for the name of an environment variable."""
    assert len(KEYS) == len(set(KEYS))
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", key) for key in KEYS)


def test_a_crm_is_offered_once_its_client_is_known() -> None:
    """OAuth CRMs without a client id stay out of the menu."""
    crms = every_crm()
    apps = {key: ClientApp() for key in crms} | {"JOBADDER": ClientApp("an-id", "a-secret")}
    keys = [crm.key for crm in offered(crms, apps)]
    assert "JOBADDER" in keys
    assert "DEMO" not in keys


@pytest.mark.parametrize("key", KEYS)
def test_every_crm_has_a_world(key: str) -> None:
    """The contract runs over each of them: a CRM without a world of its own fails here by name."""
    module = importlib.import_module(f"tests.crm.worlds.{key.lower()}")
    assert issubclass(module.World, World)
    assert module.World.key == key


@pytest.mark.parametrize("key", [key for key in KEYS if key != "DEMO"])
def test_every_crm_has_its_page(key: str) -> None:
    """What to register with the vendor, and what nobody verified, is written down."""
    page = (DOCS / f"{key.lower()}.md").read_text("utf-8")
    assert every_crm()[key].name in page
    assert "/crm/callback" in page or every_crm()[key].oauth is None
    assert "## Not verified" in page


@pytest.mark.parametrize("key", KEYS)
def test_secrets_do_not_show_in_representations(key: str) -> None:
    """A logged client or connector tells no secret."""
    assert "hush" not in repr(ClientApp(key, "hush"))
