"""Whose application it is: the intake token of a request, and the workspace it opens."""

import hmac
from collections.abc import Callable
from typing import Annotated

from fastapi import Depends
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Connection

from bot.store import installations, intake_tokens
from bot.usecases.house import House
from bot.web.problems import NOT_READY, UNAUTHORIZED, ProblemError

_SCHEME = HTTPBearer(
    auto_error=False,
    scheme_name="intakeToken",
    description="An intake token, made by `handoff token create NAME` and shown once.",
)


def team_of_token(house: House) -> Callable[[HTTPAuthorizationCredentials | None], str]:
    """A dependency that gives the workspace of the request's intake token, or refuses with 401."""

    def team(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_SCHEME)]) -> str:
        token = credentials.credentials if credentials else ""
        if not token:
            raise _refused("The request carries no intake token.", "")
        with house.database.reading() as connection:
            if _is_configured(house, token):
                return _only_workspace(house, connection)
            team_id = intake_tokens.team_of(connection, token)
        if team_id is None:
            raise _refused("This intake token is unknown or revoked.", ', error="invalid_token"')
        return team_id

    return team


def _is_configured(house: House, token: str) -> bool:
    configured = house.config.intake_token
    return configured is not None and hmac.compare_digest(
        token.encode(), configured.get_secret_value().encode()
    )


def _only_workspace(house: House, connection: Connection) -> str:
    installed = installations.every(connection, house.vault)
    if len(installed) == 1:
        return installed[0].team_id
    if installed:
        detail = (
            "INTAKE_TOKEN serves a single workspace, but several are installed: "
            "make a token for each with “handoff token create NAME --team T…”."
        )
    else:
        detail = "No Slack workspace is installed yet; install the app, then send this again."
    raise ProblemError(NOT_READY, detail)


def _refused(sentence: str, error: str) -> ProblemError:
    detail = f"{sentence} {UNAUTHORIZED.advice}"
    return ProblemError(UNAUTHORIZED, detail, {"WWW-Authenticate": f'Bearer realm="handoff"{error}'})
