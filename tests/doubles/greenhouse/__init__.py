"""A double of Greenhouse with state: its token endpoint and Harvest v3, as strict as the documents.

Where they are silent it does what hurts most: a second candidate with one e-mail is taken, a note for nobody,
too; pages are small, a user's e-mail is compared letter by letter, and each token ends the one before.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.doubles._double import CrmDouble

from .api import CLIENT_ID, CLIENT_SECRET, Site, build
from .records import ACTING_USER, Records

__all__ = ["ACTING_USER", "CLIENT_ID", "CLIENT_SECRET", "GreenhouseDouble"]


class GreenhouseDouble(CrmDouble):
    """Greenhouse on a port."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.site = Site(clock)
        super().__init__(build(self.site), clock)

    @property
    def token_url(self) -> str:
        return f"{self.base_url}/token"

    def reset(self) -> None:
        """Back to the first day."""
        self.site.records = Records(self.base_url)
        self.site.tokens.clear()
        self.site.expires_at = self.site.is_revoked = False
        self.site.page = 2
        super().reset()
