"""A double of Recruit CRM with state, as strict as its published reference.

Where that is silent it does what hurts most: a search that finds nothing answers a bare empty list, one by
phone compares what was typed, a second candidate with one e-mail is taken, a second application refused.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.doubles._double import CrmDouble

from .api import TOKEN, Site, build
from .records import Records

__all__ = ["TOKEN", "RecruitCrmDouble"]


class RecruitCrmDouble(CrmDouble):
    """Recruit CRM on a port."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.site = Site()
        super().__init__(build(self.site), clock)

    def reset(self) -> None:
        """Back to the first day."""
        self.site.records = Records()
        self.site.is_revoked = False
        super().reset()
