"""What all routes of the double share."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.doubles._signin import SignIn

from .records import Records


@dataclass
class Site:
    """`instance` is the host that token answers name, `identity` the host of their `id`."""

    sign_in: SignIn
    records: Records = field(default_factory=Records)
    organisation: str = "00D000000000001EAA"
    instance: str = ""
    identity: str = "https://login.salesforce.com"
