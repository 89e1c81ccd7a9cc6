"""Finds the CRMs: every module beside this one that does not begin with an underscore offers one as `CRM`."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path

from bot.crm._base import ClientApp, Crm


def every_crm() -> dict[str, Crm]:
    """All CRMs this version knows, by key, in the order of their menu names."""
    names = [module.name for module in pkgutil.iter_modules([str(Path(__file__).parent)])]
    crms: list[Crm] = [
        importlib.import_module(f"bot.crm.{name}").CRM for name in names if not name.startswith("_")
    ]
    return {crm.key: crm for crm in sorted(crms, key=lambda crm: crm.name.casefold())}


def offered(crms: Mapping[str, Crm], apps: Mapping[str, ClientApp]) -> list[Crm]:
    """The CRMs this bot can sign in to with the settings it has."""
    return [crm for crm in crms.values() if crm.is_offered(apps[crm.key])]
