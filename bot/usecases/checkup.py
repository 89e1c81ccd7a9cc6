"""`handoff doctor`: what is right, what is wrong, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from slack_sdk.errors import SlackApiError

from bot import config
from bot.crm._errors import CrmError
from bot.errors import HandoffError, SettingsFaulty
from bot.store import connections, installations, job_counts
from bot.store import settings as settings_store
from bot.store.migrate import is_empty, is_migrated
from bot.usecases import housekeeping, install, readings, sessions, slack
from bot.usecases.house import House
from bot.workspace import Installation

_CHANNEL_UNUSABLE = frozenset({"channel_not_found", "is_archived"})


@dataclass(frozen=True)
class Finding:
    """One line of the check-up."""

    is_good: bool
    text: str


def check_settings() -> list[Finding]:
    """A finding for each faulty setting; none when all are fine."""
    try:
        config.load(for_serving=True)
    except SettingsFaulty as faulty:
        return [Finding(False, fault) for fault in faulty.faults]
    return []


def check_up(house: House) -> list[Finding]:
    """Look at database, Slack and CRMs. The later ones are only looked at when the earlier ones are right."""
    findings = [Finding(True, "settings: complete"), _database(house)]
    if not findings[-1].is_good:
        return findings
    findings += [*_outbox(house), *_introduction(house), *_socket_mode(house)]
    try:
        with house.database.reading() as connection:
            known = installations.every(connection, house.vault)
    except SettingsFaulty as faulty:
        return [*findings, *(Finding(False, fault) for fault in faulty.faults)]
    for installation in known:
        findings += [_slack(house, installation), *_channel(house, installation), *_crm(house, installation)]
    if not known:
        findings.append(Finding(False, "Slack: no workspace has installed Handoff; open /slack/install."))
    return findings


def _database(house: House) -> Finding:
    if not house.database.is_reachable():
        return Finding(False, "database: not reached; check DATABASE_URL and that the server runs.")
    if is_empty(house.database):
        return Finding(False, "database: empty; run `handoff migrate`.")
    if not is_migrated(house.database):
        return Finding(False, "database: of another version; run `handoff migrate`.")
    return Finding(True, "database: reached and up to date")


def _outbox(house: House) -> list[Finding]:
    with house.database.reading() as connection:
        given_up = job_counts.given_up(connection)
    unknown = readings.read(house).unknown
    days = housekeeping.GIVEN_UP_IS_KEPT_FOR.days
    findings = [
        Finding(
            False,
            f"outbox: {count} × {kind} given up: {reason} Remove the cause; Retry on the card sends anew. "
            f"Forgotten after {days} days.",
        )
        for (kind, reason), count in given_up.items()
    ]
    if unknown:
        advice = "a newer version wrote them; run that one again."
        findings.append(
            Finding(False, f"outbox: {unknown} jobs of a kind this version does not know; {advice}")
        )
    return findings or [Finding(True, "outbox: nothing given up")]


def _introduction(house: House) -> list[Finding]:
    try:
        install.install_by_token(house)
    except SettingsFaulty as faulty:
        return [Finding(False, f"Slack: {fault}") for fault in faulty.faults]
    except slack.NETWORK_TROUBLE:
        return [Finding(False, "Slack: not reached; check the network and SLACK_API_URL.")]
    return []


def _socket_mode(house: House) -> list[Finding]:
    token = house.config.slack_app_token
    if token is None:
        return []
    try:
        slack.web_client(house, "", timeout=5).apps_connections_open(app_token=token.get_secret_value())
    except SlackApiError as error:
        code = slack.error_code(error)
        refused = code in slack.SOCKET_REFUSALS
        return [Finding(False, f"Socket Mode: {slack.SOCKET_ADVICE if refused else f'not opened ({code}).'}")]
    except slack.NETWORK_TROUBLE:
        return []  # the line on Slack says so
    return [Finding(True, "Socket Mode: app token accepted")]


def _slack(house: House, installation: Installation) -> Finding:
    where = f"Slack {installation.team_id}"
    try:
        answer = slack.web_client(house, installation.token, timeout=5).auth_test()
    except SlackApiError as error:
        return Finding(
            False, f"{where}: the token is refused ({slack.error_code(error)}); install the app again."
        )
    except slack.NETWORK_TROUBLE:
        return Finding(False, f"{where}: not reached; check the network and SLACK_API_URL.")
    granted = install.scopes_of(answer.headers) or installation.scopes
    lacking = sorted(set(install.SCOPES) - set(granted))
    if lacking:
        return Finding(
            False, f"{where}: scopes are missing: {', '.join(lacking)}; reinstall with manifest.yml."
        )
    return Finding(True, f"{where}: token accepted, all scopes granted")


def _channel(house: House, installation: Installation) -> list[Finding]:
    where = f"cards {installation.team_id}"
    with house.database.reading() as connection:
        channel = house.card_channel(settings_store.load(connection, installation.team_id))
    if channel is None:
        text = f"{where}: no channel; choose one in /handoff-settings or set SLACK_CHANNEL."
        return [Finding(False, text)]
    try:
        slack.web_client(house, installation.token, timeout=5).conversations_history(channel=channel, limit=1)
    except SlackApiError as error:
        code = slack.error_code(error)
        if code in _CHANNEL_UNUSABLE:
            advice = "invite Handoff to it, or choose another one in /handoff-settings."
            return [Finding(False, f"{where}: channel {channel} can't be used ({code}); {advice}")]
    except slack.NETWORK_TROUBLE:
        return []  # the line on Slack says so
    return [Finding(True, f"{where}: to channel {channel}")]


def _crm(house: House, installation: Installation) -> list[Finding]:
    team_id = installation.team_id
    with house.database.reading() as connection:
        key = settings_store.load(connection, team_id).crm
        sign_in = connections.find(connection, house.vault, team_id, key or "")
    if key is None or key not in house.crms:
        return [Finding(True, f"CRM {team_id}: none chosen yet (an admin does that in /handoff-settings)")]
    crm = house.crms[key]
    if sign_in is None:
        return [
            Finding(
                False, f"CRM {team_id}: {crm.name} is chosen but nobody signed in; use /handoff-settings."
            )
        ]
    try:
        with sessions.session(house, team_id, key) as api:
            account = crm.account(api)
    except (CrmError, HandoffError) as error:
        return [Finding(False, f"CRM {team_id}: {error}")]
    return [Finding(True, f"CRM {team_id}: {crm.name}, signed in as {account}")]
