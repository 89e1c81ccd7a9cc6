"""What can come of a call to a CRM, sorted by what is to be done about it."""

from __future__ import annotations

from bot.crm._values import sentence
from bot.errors import HandoffError


class CrmError(HandoffError):
    """A CRM did not do what it was asked; the message is a sentence for the card."""


class SignInNeeded(CrmError):
    """The CRM no longer accepts this sign-in; an admin has to sign in again."""


class Unavailable(CrmError):
    """The CRM was slow, broken or out of reach, and whether it acted is unknown; to be tried again."""


class RateLimited(Unavailable):
    """The CRM asks for a pause. `seconds` is how long, None if it did not say."""

    def __init__(self, message: str, seconds: float | None = None) -> None:
        super().__init__(message)
        self.seconds = seconds


class Nonsense(Unavailable):
    """The CRM answered something its documentation does not know."""


class Declined(CrmError):
    """The CRM understood and said no; repeating it changes nothing before somebody corrects something."""


class Missing(Declined):
    """The CRM has no such record."""


class NoVacancy(Declined):
    """The CRM has no vacancy with that id or reference, or it is closed; another one can be chosen."""


class AlreadyExists(Declined):
    """The CRM has such a record already. `existing_id` is its id where the CRM said so."""

    def __init__(self, message: str, existing_id: str | None = None) -> None:
        super().__init__(message)
        self.existing_id = existing_id


def not_accepted(name: str, said: str) -> Declined:
    """The refusal of what was sent, with the CRM's own words for it if it had any."""
    why = sentence(said or "it did not say why")
    return Declined(f"{name} did not accept it: {why} Correct it there or at its source, then press Retry.")
