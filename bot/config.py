"""The settings, read once from the environment or a `.env` file, with every fault told at once."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import SettingsFaulty

_FAULT_ADVICE = {
    "undo_seconds": "UNDO_SECONDS must be a whole number from 0 to 3600; 10 is a good start.",
    "log_format": "LOG_FORMAT must be text or json.",
    "crm": "CRM is no setting by itself: write CRM__<KEY>__CLIENT_ID and the like, or remove it.",
}


class CrmApp(BaseModel):
    """The OAuth app registered with one CRM, and other hosts for a sandbox or a test double."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    client_id: str | None = None
    client_secret: SecretStr | None = None
    authorize_url: str | None = None
    token_url: str | None = None
    api_url: str | None = None

    @field_validator("authorize_url", "token_url", "api_url")
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value is not None and not _is_web_address(value):
            raise ValueError("must be a whole address such as https://id.example.com/connect/token")
        return value


class Config(BaseSettings):
    """The settings by the names of the environment, lower-cased. Secrets don't show in `repr`."""

    model_config = SettingsConfigDict(
        env_file=".env",
        env_nested_delimiter="__",
        env_nested_max_split=2,
        extra="ignore",
        env_ignore_empty=True,
        str_strip_whitespace=True,
    )

    slack_signing_secret: SecretStr | None = None
    slack_bot_token: SecretStr | None = None
    slack_client_id: str | None = None
    slack_client_secret: SecretStr | None = None
    slack_app_token: SecretStr | None = None
    slack_channel: str | None = None
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = Field(default="sqlite:///handoff.db", repr=False)  # it may hold a password
    public_url: str = ""
    secret_keys: SecretStr | None = None
    intake_token: SecretStr | None = None
    undo_seconds: int = Field(default=10, ge=0, le=3600)
    crm: dict[str, CrmApp] = Field(default_factory=dict)
    smtp_url: SecretStr | None = None
    smtp_from: str | None = None
    log_format: Literal["text", "json"] = "text"

    @field_validator("database_url")
    @classmethod
    def _names_a_driver_we_have(cls, value: str) -> str:
        for plain in ("postgres://", "postgresql://"):
            if value.startswith(plain):
                value = "postgresql+psycopg://" + value.removeprefix(plain)
        if not value.startswith(("sqlite://", "postgresql+psycopg://")):
            raise ValueError("must begin with sqlite:/// or postgresql+psycopg://")
        if not _names_a_database(value):
            raise ValueError(
                "must name a file or a server: sqlite:///handoff.db or postgresql+psycopg://host/name"
            )
        return value

    @field_validator("secret_keys")
    @classmethod
    def _are_fernet_keys(cls, value: SecretStr | None) -> SecretStr | None:
        for number, key in enumerate(_listed(value), start=1):
            try:
                Fernet(key)
            except ValueError:
                raise ValueError(
                    f"is wrong: key {number} is no Fernet key (44 characters of URL-safe base64)"
                ) from None
        return value

    @field_validator("smtp_url")
    @classmethod
    def _is_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _is_web_address(value.get_secret_value(), ("smtp", "smtps")):
            raise ValueError("must be a whole address such as smtp://user:password@mail.example.com:587")
        return value

    @field_validator("smtp_from")
    @classmethod
    def _is_sender(cls, value: str | None) -> str | None:
        name, at, domain = parseaddr(value or "")[1].partition("@")
        if value is not None and not (name and at and domain and value.isprintable() and domain.isascii()):
            raise ValueError(
                "must be an e-mail address, with or without a name: Handoff <handoff@example.com>"
            )
        return value

    @field_validator("slack_api_url", "public_url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if value and not _is_web_address(value):
            raise ValueError("must be a whole address such as https://handoff.example.com")
        return value

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_slash(cls, value: str) -> str:
        return value if value.endswith("/") else value + "/"

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file (or memory) of this machine."""
        return self.database_url.startswith("sqlite")

    def crm_app(self, key: str) -> CrmApp:
        """The settings of one CRM; `key` as in the table of CRMs, any case."""
        return self.crm.get(key.lower(), CrmApp())

    def keys(self) -> list[str]:
        """The keys of SECRET_KEYS, none if it is not set."""
        return _listed(self.secret_keys)


class _WithoutCrms(Config):
    """The settings but for those of CRMs, which are merged from many variables and can't be overridden."""

    crm: Any = None


def load(env_file: Path | None = Path(".env"), *, port: int = 3000, for_serving: bool = False) -> Config:
    """Read the settings. Raises `SettingsFaulty` with a sentence for every fault.

    `for_serving` also tells what `handoff serve` lacks.
    """
    faults: list[str] = []
    try:
        config = Config(_env_file=env_file)  # type: ignore[call-arg]  # pydantic-settings' own argument
    except SettingsError:  # the one setting with parts of its own can't even be read
        raise SettingsFaulty([_FAULT_ADVICE["crm"]]) from None
    except ValidationError as error:
        faults = [_sentence(fault["loc"], fault["msg"]) for fault in error.errors()]
        config = _without_faulty(env_file, error)
    if for_serving:
        faults += faults_for_serving(config)
    if faults:
        raise SettingsFaulty(faults)
    public_url = (config.public_url or f"http://127.0.0.1:{port}").rstrip("/")
    return config.model_copy(update={"public_url": public_url})


def _without_faulty(env_file: Path | None, error: ValidationError) -> Config:
    # What is wrong elsewhere has to be told at once too: the faulty settings stand aside for that.
    names = {str(fault["loc"][0]) for fault in error.errors()} - {"crm"}
    defaults = {name: Config.model_fields[name].get_default(call_default_factory=True) for name in names}
    return _WithoutCrms(_env_file=env_file, **defaults)  # type: ignore[call-arg]  # pydantic-settings' own argument


def faults_for_serving(config: Config) -> list[str]:
    """What `handoff serve` lacks, a sentence each."""
    faults = []
    if not config.slack_signing_secret and not config.slack_app_token:
        faults.append(
            "SLACK_SIGNING_SECRET is missing: copy it from your Slack app's page, "
            "Basic Information > App Credentials."
        )
    has_oauth = config.slack_client_id and config.slack_client_secret
    if bool(config.slack_client_id) != bool(config.slack_client_secret):
        faults.append("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: set both, or neither.")
    elif not config.slack_bot_token and not has_oauth:
        faults.append(
            "SLACK_BOT_TOKEN is missing: copy it from OAuth & Permissions after installing the app, "
            "or set SLACK_CLIENT_ID and SLACK_CLIENT_SECRET to let workspaces install it."
        )
    if bool(config.smtp_url) != bool(config.smtp_from):
        faults.append("SMTP_URL and SMTP_FROM belong together: set both, or neither.")
    if not config.is_sqlite and not config.keys():
        faults.append(
            "SECRET_KEYS is missing; PostgreSQL needs it. Make one with: "
            'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'
        )
    return faults


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    name = "__".join(str(part) for part in location).upper()
    if len(location) == 2:  # a CRM's key without the setting's name
        return f"{name} is no setting by itself: write {name}__CLIENT_ID and the like, or remove it."
    if "Extra inputs" in message:
        return f"{name} is no setting; there are {', '.join(CrmApp.model_fields).upper()}. Correct its name."
    advice = _FAULT_ADVICE.get(name.lower())
    return advice or f"{name} {message.removeprefix('Value error, ')}."


def _names_a_database(url: str) -> bool:
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        return False
    return bool(parsed.database) and parsed.database != ":memory:"


def _listed(value: SecretStr | None) -> list[str]:
    given = value.get_secret_value() if value else ""
    return [part.strip() for part in given.split(",") if part.strip()]


def _is_web_address(value: str, schemes: tuple[str, ...] = ("http", "https")) -> bool:
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  reading it finds a faulty one
    except ValueError:
        return False
    return parts.scheme in schemes and bool(parts.hostname)
