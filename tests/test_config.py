"""The settings: read from the environment or a file, every fault told at once, no secret shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.config import Config, load
from bot.errors import SettingsFaulty

from .support import VAULT_KEY, forget_environment

Environment = pytest.MonkeyPatch

SERVING = {"SLACK_SIGNING_SECRET": "signing", "SLACK_BOT_TOKEN": "xoxb-1"}
POSTGRESQL = "postgresql+psycopg://handoff:very-secret@db.example.com/handoff"


@pytest.fixture(autouse=True)
def environment(monkeypatch: Environment, tmp_path: Path) -> Environment:
    """Without any setting of whoever runs the tests, in a directory without a file of settings."""
    forget_environment(monkeypatch)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def _set(environment: Environment, values: dict[str, str]) -> None:
    for name, value in values.items():
        environment.setenv(name, value)


def _faults(*, for_serving: bool = False) -> tuple[str, ...]:
    with pytest.raises(SettingsFaulty) as caught:
        load(for_serving=for_serving)
    return caught.value.faults


@pytest.mark.parametrize(
    ("name", "default"),
    [
        ("slack_api_url", "https://slack.com/api/"),
        ("database_url", "sqlite:///handoff.db"),
        ("public_url", "http://127.0.0.1:3000"),
        ("undo_seconds", 10),
        ("log_format", "text"),
        ("slack_signing_secret", None),
        ("slack_bot_token", None),
        ("slack_client_id", None),
        ("slack_client_secret", None),
        ("slack_app_token", None),
        ("slack_channel", None),
        ("secret_keys", None),
        ("intake_token", None),
        ("crm", {}),
        ("smtp_url", None),
        ("smtp_from", None),
    ],
)
def test_default(name: str, default: object) -> None:
    """What holds when nothing is set."""
    assert getattr(load(), name) == default


def test_every_setting_has_its_default_tested() -> None:
    """A setting that is added is told of here too."""
    (mark,) = test_default.pytestmark  # type: ignore[attr-defined]  # put there by pytest
    assert {name for name, _ in mark.args[1]} == set(Config.model_fields)


def test_public_url_follows_the_port() -> None:
    """Without one, the bot is reached where it listens."""
    assert load(port=8080).public_url == "http://127.0.0.1:8080"


@pytest.mark.parametrize("given", ["https://handoff.example.com", "https://handoff.example.com/"])
def test_public_url_is_used_without_a_slash(environment: Environment, given: str) -> None:
    """So that links are put together the same way always."""
    environment.setenv("PUBLIC_URL", given)
    assert load().public_url == "https://handoff.example.com"


@pytest.mark.parametrize("given", ["https://slack.example.com/api", "https://slack.example.com/api/"])
def test_api_url_ends_in_a_slash(environment: Environment, given: str) -> None:
    """Method names follow it directly."""
    environment.setenv("SLACK_API_URL", given)
    assert load().slack_api_url == "https://slack.example.com/api/"


@pytest.mark.parametrize(
    "given", ["postgres://u:p@host/db", "postgresql://u:p@host/db", "postgresql+psycopg://u:p@host/db"]
)
def test_postgresql_by_its_usual_addresses(environment: Environment, given: str) -> None:
    """What hosters hand out works as it is."""
    environment.setenv("DATABASE_URL", given)
    assert load().database_url == "postgresql+psycopg://u:p@host/db"


@pytest.mark.parametrize("key", ["DEMO", "ZOHO_RECRUIT", "TRACKERRMS"])
def test_settings_of_a_crm(environment: Environment, key: str) -> None:
    """By the CRM's key, which may hold an underscore; all five of them."""
    _set(
        environment,
        {
            f"CRM__{key}__CLIENT_ID": "an id",
            f"CRM__{key}__CLIENT_SECRET": "a secret",
            f"CRM__{key}__AUTHORIZE_URL": "https://id.example.com/authorize",
            f"CRM__{key}__TOKEN_URL": "https://id.example.com/token",
            f"CRM__{key}__API_URL": "https://api.example.com/v2",
        },
    )
    app = load().crm_app(key)
    assert app.client_secret is not None
    assert (app.client_id, app.client_secret.get_secret_value()) == ("an id", "a secret")
    assert app.authorize_url == "https://id.example.com/authorize"
    assert app.token_url == "https://id.example.com/token"
    assert app.api_url == "https://api.example.com/v2"


def test_a_crm_without_settings_has_none() -> None:
    """Asking for it is no fault."""
    assert load().crm_app("BULLHORN").client_id is None


def test_settings_from_a_file(tmp_path: Path) -> None:
    """A file named .env where the bot is started, with CRMs too."""
    (tmp_path / ".env").write_text("UNDO_SECONDS=0\nCRM__ZOHO_RECRUIT__CLIENT_ID=an id\nSOMETHING_ELSE=1\n")
    assert load().undo_seconds == 0
    assert load().crm_app("zoho_recruit").client_id == "an id"


def test_the_environment_comes_first(environment: Environment, tmp_path: Path) -> None:
    """What is set outside wins over the file."""
    (tmp_path / ".env").write_text("UNDO_SECONDS=1\n")
    environment.setenv("UNDO_SECONDS", "2")
    assert load().undo_seconds == 2


def test_empty_is_as_if_not_set(environment: Environment) -> None:
    """As compose files and templates leave them."""
    _set(environment, dict.fromkeys(("UNDO_SECONDS", "SLACK_BOT_TOKEN", "DATABASE_URL"), ""))
    assert load() == load(None)
    assert load().undo_seconds == 10


def test_spaces_around_are_not_meant(environment: Environment) -> None:
    """They come with copying, and no secret begins or ends with one."""
    _set(environment, {"SLACK_CHANNEL": " C1 ", "SLACK_BOT_TOKEN": "xoxb-1\n", "CRM__DEMO__CLIENT_ID": " id"})
    config = load()
    assert config.slack_bot_token is not None
    assert config.slack_bot_token.get_secret_value() == "xoxb-1"
    assert (config.slack_channel, config.crm_app("DEMO").client_id) == ("C1", "id")


@pytest.mark.parametrize(
    ("name", "value", "advice"),
    [
        ("UNDO_SECONDS", "ten", "whole number from 0 to 3600"),
        ("UNDO_SECONDS", "-1", "whole number from 0 to 3600"),
        ("UNDO_SECONDS", "3601", "whole number from 0 to 3600"),
        ("LOG_FORMAT", "xml", "must be text or json"),
        ("PUBLIC_URL", "handoff.example.com", "must be a whole address such as https://"),
        ("PUBLIC_URL", "https://[::1", "must be a whole address such as https://"),
        ("SLACK_API_URL", "ftp://slack.com", "must be a whole address such as https://"),
        ("DATABASE_URL", "mysql://host/db", "must begin with sqlite:/// or postgresql+psycopg://"),
        ("DATABASE_URL", "handoff.db", "must begin with sqlite:/// or postgresql+psycopg://"),
        ("DATABASE_URL", "sqlite://", "must name a file or a server"),
        ("DATABASE_URL", "sqlite:///:memory:", "must name a file or a server"),
        ("DATABASE_URL", "postgresql://host:port/db", "must name a file or a server"),
        ("SECRET_KEYS", "abc", "key 1 is no Fernet key"),
        ("SECRET_KEYS", f"{VAULT_KEY}, abc", "key 2 is no Fernet key"),
        ("CRM__DEMO__TOKEN_URL", "id.example.com", "must be a whole address such as https://"),
        ("CRM__ZOHO_RECRUIT__CLIENTID", "an id", "is no setting; there are CLIENT_ID, CLIENT_SECRET"),
        ("CRM__DEMO", "an id", "write CRM__DEMO__CLIENT_ID"),
        ("CRM", "salesforce", "write CRM__<KEY>__CLIENT_ID"),
    ],
)
def test_fault_names_the_setting_and_what_to_do(
    environment: Environment, name: str, value: str, advice: str
) -> None:
    """One sentence for one fault, which begins with the setting and does not quote what was set."""
    environment.setenv(name, value)
    (fault,) = _faults()
    assert fault.startswith(f"{name} ")
    assert advice in fault
    assert fault.endswith(".")


def test_every_fault_is_told_at_once(environment: Environment) -> None:
    """Wrong ones and, for serving, missing ones: nobody starts seven times to hear of seven faults."""
    _set(
        environment,
        {
            "UNDO_SECONDS": "ten",
            "LOG_FORMAT": "xml",
            "DATABASE_URL": POSTGRESQL,
            "CRM__DEMO__TOKEN_URL": "nowhere",
            "CRM__JOBADDER__API_URL": "nowhere",
        },
    )
    begin = [fault.split()[0] for fault in _faults(for_serving=True)]
    assert sorted(begin) == [
        "CRM__DEMO__TOKEN_URL",
        "CRM__JOBADDER__API_URL",
        "LOG_FORMAT",
        "SECRET_KEYS",
        "SLACK_BOT_TOKEN",
        "SLACK_SIGNING_SECRET",
        "UNDO_SECONDS",
    ]


def test_faults_are_a_line_each(environment: Environment) -> None:
    """As the command prints them."""
    _set(environment, {"UNDO_SECONDS": "ten", "LOG_FORMAT": "xml"})
    with pytest.raises(SettingsFaulty) as caught:
        load()
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize(
    ("values", "missing"),
    [
        (SERVING, []),
        ({"SLACK_APP_TOKEN": "xapp-1", "SLACK_BOT_TOKEN": "xoxb-1"}, []),
        ({"SLACK_SIGNING_SECRET": "s", "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "2"}, []),
        ({**SERVING, "DATABASE_URL": POSTGRESQL, "SECRET_KEYS": VAULT_KEY}, []),
        ({}, ["SLACK_SIGNING_SECRET", "SLACK_BOT_TOKEN"]),
        ({"SLACK_SIGNING_SECRET": "s"}, ["SLACK_BOT_TOKEN"]),
        ({"SLACK_BOT_TOKEN": "xoxb-1"}, ["SLACK_SIGNING_SECRET"]),
        ({**SERVING, "SLACK_CLIENT_ID": "1"}, ["SLACK_CLIENT_ID"]),
        ({**SERVING, "SLACK_CLIENT_SECRET": "2"}, ["SLACK_CLIENT_ID"]),
        ({**SERVING, "DATABASE_URL": POSTGRESQL}, ["SECRET_KEYS"]),
        ({**SERVING, "DATABASE_URL": POSTGRESQL, "SECRET_KEYS": ","}, ["SECRET_KEYS"]),
    ],
)
def test_what_serving_needs(environment: Environment, values: dict[str, str], missing: list[str]) -> None:
    """One workspace by its token, many by OAuth, HTTP or Socket Mode, and keys with PostgreSQL."""
    _set(environment, values)
    if not missing:
        assert load(for_serving=True)
        return
    assert [fault.split()[0] for fault in _faults(for_serving=True)] == missing


def test_what_serving_needs_is_not_asked_of_others() -> None:
    """`handoff migrate` and `handoff demo` need no Slack settings."""
    assert load().slack_signing_secret is None


def test_no_secret_shows(environment: Environment) -> None:
    """Neither in what is printed of the settings, nor of a fault in them."""
    names = (
        "SLACK_SIGNING_SECRET",
        "SLACK_BOT_TOKEN",
        "SLACK_CLIENT_SECRET",
        "SLACK_APP_TOKEN",
        "INTAKE_TOKEN",
    )
    _set(environment, dict.fromkeys((*names, "CRM__DEMO__CLIENT_SECRET"), "very-secret"))
    _set(environment, {"DATABASE_URL": POSTGRESQL, "SECRET_KEYS": VAULT_KEY})
    shown = repr(load()) + str(load())
    assert "very-secret" not in shown
    assert VAULT_KEY not in shown


@pytest.mark.parametrize("name", ["SECRET_KEYS", "DATABASE_URL"])
def test_no_secret_shows_in_a_fault(environment: Environment, name: str) -> None:
    """A mistyped secret is a secret still."""
    environment.setenv(name, "very-secret-but-mistyped")
    with pytest.raises(SettingsFaulty) as caught:
        load()
    assert "very-secret" not in f"{caught.value} {caught.value!r} {caught.value.__context__}"


def test_keys_in_their_order(environment: Environment) -> None:
    """The first one encrypts; spaces and a comma at the end do not matter."""
    environment.setenv("SECRET_KEYS", f" {VAULT_KEY} ,{VAULT_KEY[::-1][1:]}=, ")
    assert load().keys()[0] == VAULT_KEY
    assert len(load().keys()) == 2


@pytest.mark.parametrize(("url", "is_sqlite"), [("sqlite:///a.db", True), (POSTGRESQL, False)])
def test_kind_of_database(environment: Environment, url: str, is_sqlite: bool) -> None:
    """A file of this machine, or a server."""
    environment.setenv("DATABASE_URL", url)
    assert load().is_sqlite is is_sqlite


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_URL", "mail.example.com"),
        ("SMTP_URL", "https://mail.example.com"),
        ("SMTP_URL", "smtp://user:hush@"),
        ("SMTP_URL", "smtp://user:hush@mail.example.com:port"),
        ("SMTP_FROM", "Handoff"),
        ("SMTP_FROM", "handoff@"),
        ("SMTP_FROM", "Handoff <a@b.example>\nBcc: c@d.example"),
    ],
)
def test_faulty_mail_settings(environment: Environment, name: str, value: str) -> None:
    """Each is told with an example of a right one, without its password."""
    environment.setenv(name, value)
    (fault,) = _faults()
    assert fault.startswith(f"{name} must be")
    assert "hush" not in fault


def test_mail_settings_belong_together(environment: Environment) -> None:
    """A server without a sender, or the other way round, is told when it is to serve."""
    _set(environment, SERVING | {"SMTP_URL": "smtp://user:hush@mail.example.com:587"})
    assert [fault for fault in _faults(for_serving=True) if "SMTP_FROM" in fault]
    environment.setenv("SMTP_FROM", "Handoff <handoff@example.com>")
    assert "hush" not in repr(load(for_serving=True))
