"""A double of Odoo: its Recruitment app behind JSON-2 (19) or JSON-RPC (18 and 19), with state.

Models, fields and what writing one field does to others follow a running Odoo 19 and the sources of 18.
"""

from __future__ import annotations

from collections.abc import Callable

from tests.doubles._double import CrmDouble

from .api import build
from .records import Records

DATABASE, LOGIN, KEY = "brightdesk", "handoff@brightdesk.example", "an-odoo-key"


class OdooDouble(CrmDouble):
    """Odoo on a port. `records` are its tables."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.records = Records()
        super().__init__(build(self), clock)
        self.keys = {KEY}

    def reset(self, version: int = 19) -> None:
        """Back to the first day, as that version."""
        self.records = Records(version)
        self.keys = {KEY}
        super().reset()
