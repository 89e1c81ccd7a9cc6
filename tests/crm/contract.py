"""Which CRMs a scene runs over: all, or all that say they can do a thing. Nobody opts out."""

from __future__ import annotations

import pytest

from bot.crm._base import Capability
from bot.crm._push import PushCrm
from bot.crm._registry import every_crm

_CRMS = every_crm()
_WITH_RECORDS = {key: crm for key, crm in _CRMS.items() if not isinstance(crm, PushCrm)}


def over_all() -> pytest.MarkDecorator:
    """The scene runs over every CRM."""
    return _over(list(_CRMS))


def over_records() -> pytest.MarkDecorator:
    """The scene runs over every CRM that one can look into: all but those that only take."""
    return _over(list(_WITH_RECORDS))


def over_push() -> pytest.MarkDecorator:
    """The scene runs over every CRM that only takes."""
    return _over([key for key in _CRMS if key not in _WITH_RECORDS])


def over_oauth() -> pytest.MarkDecorator:
    """The scene runs over every CRM that one signs in to by OAuth 2."""
    return _over([key for key, crm in _CRMS.items() if crm.oauth is not None])


def over_capable(*capabilities: Capability) -> pytest.MarkDecorator:
    """The scene runs over every CRM that one can look into, with these capabilities."""
    return _over([key for key, crm in _WITH_RECORDS.items() if crm.capabilities.issuperset(capabilities)])


def over_all_without(field: str) -> pytest.MarkDecorator:
    """The scene runs over every CRM with records of people of whom that field may be unknown."""
    return _over([key for key, crm in _WITH_RECORDS.items() if field not in crm.needs])


def _over(keys: list[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("world", keys, indirect=True)
