"""A local Slack: Web API, signed deliveries, people acting, and a page; honest enough to test against."""

from .faults import Fault, Faults
from .local import LocalSlack
from .model import Call, File, LocalSlackError, NotPossibleError, Outcome, Ping, User
from .person import Person
from .suggestions import NoOptionsError

__all__ = [
    "Call",
    "Fault",
    "Faults",
    "File",
    "LocalSlack",
    "LocalSlackError",
    "NoOptionsError",
    "NotPossibleError",
    "Outcome",
    "Person",
    "Ping",
    "User",
]
