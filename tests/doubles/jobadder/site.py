"""What all routes of the double share."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.doubles._signin import SignIn

from .records import Records


class RefusalError(Exception):
    """An answer other than success; without a message it has no body."""

    def __init__(
        self,
        status: int,
        message: str | None = None,
        code: str = "",
        *fields: str,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.fields = fields
        self.headers = headers


@dataclass
class Site:
    """`api` is the base URL that token answers name, None for none. `user_id` is who consented last.

    `forced` counts forced duplicates.
    """

    sign_in: SignIn
    records: Records = field(default_factory=Records)
    api: str | None = None
    user_id: int = 5
    forced: int = 0
