"""Which CRMs a scene runs over: all, or all that say they can do a thing. Nobody opts out."""

from __future__ import annotations

import pytest

from bot.crm._base import Capability
from bot.crm._registry import every_crm

_CRMS = every_crm()


def over_all() -> pytest.MarkDecorator:
    """The scene runs over every CRM."""
    return _over(list(_CRMS))


def over_oauth() -> pytest.MarkDecorator:
    """The scene runs over every CRM that one signs in to by OAuth 2."""
    return _over([key for key, crm in _CRMS.items() if crm.oauth is not None])


def over_capable(*capabilities: Capability) -> pytest.MarkDecorator:
    """The scene runs over every CRM with these capabilities."""
    return _over([key for key, crm in _CRMS.items() if crm.capabilities.issuperset(capabilities)])


def over_all_without(field: str) -> pytest.MarkDecorator:
    """The scene runs over every CRM that takes people of whom that field is unknown."""
    return _over([key for key, crm in _CRMS.items() if field not in crm.needs])


def _over(keys: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("world", keys, indirect=True)
