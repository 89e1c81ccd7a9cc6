"""A double of TrackerRMS with state: its new API and the older one, as strict as what is known of them.

Where nothing is known it does what hurts most: searches find what merely resembles and tell no addresses, a
second resource with one e-mail is taken, pages hold ten, and each token bought ends the one before.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.doubles._double import CrmDouble

from .api import TOKEN, Site, build
from .records import Records

__all__ = ["TOKEN", "TrackerRmsDouble"]


class TrackerRmsDouble(CrmDouble):
    """TrackerRMS on a port."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.site = Site()
        super().__init__(build(self.site), clock)

    def reset(self) -> None:
        """Back to the first day."""
        self.site.records = Records()
        self.site.bought = None
        self.site.is_revoked = False
        self.site.is_active = self.site.knows_guesses = True
        super().reset()
