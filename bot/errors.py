"""The errors that cross rooms. Every message is a sentence for whoever can act on it, next step included."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class HandoffError(Exception):
    """The root of everything this product raises on purpose; `str()` of it may be shown to people."""


class SettingsFaulty(HandoffError):
    """One or more settings are missing or wrong; `faults` holds a sentence for each."""

    def __init__(self, faults: Sequence[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(self.faults))


@dataclass(frozen=True)
class FieldFault:
    """What is wrong with one field of something a person or program sent. `field` is a dotted path."""

    field: str
    message: str


class Invalid(HandoffError):
    """Input was understood but not acceptable; nothing of it was stored."""

    def __init__(self, faults: Sequence[FieldFault]) -> None:
        self.faults = tuple(faults)
        super().__init__(" ".join(f"{fault.field}: {fault.message}" for fault in self.faults))


class Refused(HandoffError):
    """The person may not do this, or it can no longer be done; the message is shown to them privately."""


class NotFound(HandoffError):
    """There is no such thing in this workspace."""
