"""A double of Nutshell's REST API, with state, as strict as its published description.

Where that is silent it does what hurts most: errors are pages of HTML, a search finds what merely resembles,
and a number is found only as it is written for people.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.doubles._double import CrmDouble

from .api import EMAIL, KEY, Site, build
from .records import Records

__all__ = ["EMAIL", "KEY", "NutshellDouble"]


class NutshellDouble(CrmDouble):
    """Nutshell on a port."""

    api_path = "/rest"

    def __init__(self, clock: Callable[[], float]) -> None:
        self.site = Site()
        super().__init__(build(self.site), clock)

    def reset(self) -> None:
        """Back to the first day; the key may impersonate users."""
        self.site.records = Records()
        self.site.may_impersonate = True
        self.site.is_revoked = False
        super().reset()
