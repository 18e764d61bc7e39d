"""Settings of the processes, read from the environment once at start; every wrong one is listed at once."""

import re
import sys
from pathlib import Path
from typing import Final, Literal, TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict
from pydantic import Field, ValidationError, field_validator
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime.client_address import Network, parse_networks
from services.runtime.crash_points import arm, parse_crash_point

SECRET_BYTES_MIN: Final = 32
"""As many as the signature has: a shorter one could be tried out."""

_ORIGIN = re.compile(r"https?://([a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?")


class ProcessSettings(BaseSettings):
    """What every process needs. Names in the environment are `STUDIO_` and the field's name in capitals."""

    model_config = SettingsConfigDict(env_prefix="STUDIO_", frozen=True)

    database_url: str = Field(min_length=1, description="PostgreSQL, as a libpq URL")
    host: str = Field("127.0.0.1", description="address that the process's HTTP server listens on")
    port: int = Field(ge=0, le=65535, description="port of the process's HTTP server")
    connections_max: int = Field(
        12_000, ge=1, description="connections that it serves; further ones are told to come again"
    )
    instance: str = Field("1", min_length=1, description="name of this copy in logs, leases and metrics")
    log_format: Literal["json", "console"] = "json"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    crash_point: str = Field("", description="where the process is to kill itself, for `studio chaos`; empty: nowhere")

    @field_validator("database_url")
    @classmethod
    def _is_readable(cls, setting: str) -> str:
        try:
            conninfo_to_dict(setting)
        except psycopg.ProgrammingError:
            # What libpq says of a URL that it cannot read has all of it in it, with the password.
            raise ValueError("is no URL or connection string of libpq") from None
        return setting

    @field_validator("crash_point")
    @classmethod
    def _is_known(cls, setting: str) -> str:
        parse_crash_point(setting)
        return setting


class KafkaSettings(ProcessSettings):
    """A process that also talks to the broker."""

    kafka_bootstrap: str = Field(min_length=1, description="broker addresses, host:port, comma-separated")


class AccessSettings(ProcessSettings):
    """A process that serves the API: who may come, from where, how often, how many at once."""

    secret_file: Path = Field(description="file with the installation's secret")
    allowed_origins: str = Field(
        "", description="origins that browsers may come from, comma-separated; empty: any port of this machine"
    )
    trusted_proxies: str = Field(
        "", description="addresses and networks, comma-separated, that say truly whom they ask for; empty: none"
    )
    rate_limit_enabled: bool = True
    rate_limit_window: int = Field(60, ge=1, le=86_400, description="seconds in which so many requests are taken")
    rate_limit_user_requests: int = Field(60, ge=1, description="requests of a user in a window")
    rate_limit_requests: int = Field(100, ge=1, description="requests from an address, of nobody known, in a window")
    rate_limit_password_requests: int = Field(10, ge=1, description="logins and registrations from an address")
    requests_max: int = Field(1_000, ge=1, description="requests in hand at once, besides streams")

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, setting: str) -> str:
        for origin in _listed(setting):
            if origin == "*":
                raise ValueError("'*' is refused: a browser sends the studio's cookie along, so list the origins")
            if not _ORIGIN.fullmatch(origin):
                raise ValueError(f"{origin!r} is no origin, like https://studio.example or http://localhost:5173")
        return setting

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, setting: str) -> str:
        parse_networks(setting)
        return setting

    def trusted_networks(self) -> tuple[Network, ...]:
        """Where our proxies are."""
        return parse_networks(self.trusted_proxies)

    @field_validator("secret_file")
    @classmethod
    def _holds_a_secret(cls, setting: Path) -> Path:
        try:
            length = len(setting.read_text().strip().encode())
        except (OSError, ValueError) as error:
            raise ValueError(f"can't be read: {type(error).__name__}") from None
        if length < SECRET_BYTES_MIN:
            raise ValueError(f"holds a secret of {length} bytes; it takes {SECRET_BYTES_MIN} or more")
        return setting

    def listed_origins(self) -> tuple[str, ...]:
        """The origins that are listed, none: see `allowed_origins`."""
        return _listed(self.allowed_origins)

    def secret(self) -> bytes:
        """The installation's secret."""
        return self.secret_file.read_text().strip().encode()


class LoginSettings(AccessSettings):
    """A process that users log in to."""

    access_token_expire_minutes: int = Field(60, ge=1, le=720, description="how long an access token counts")
    refresh_token_expire_days: int = Field(7, ge=1, le=365, description="how long a login lasts without being used")


def _listed(setting: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in setting.split(",") if part.strip())


SettingsType = TypeVar("SettingsType", bound=ProcessSettings)


def read_settings(kind: type[SettingsType]) -> SettingsType:
    """The settings from the environment; ends the process with a list of all wrong ones."""
    try:
        settings = kind()
    except ValidationError as error:
        sys.exit("These settings are wrong:\n" + "\n".join(map(_line, error.errors())))
    arm(parse_crash_point(settings.crash_point))
    return settings


def _line(error: ErrorDetails) -> str:
    """One wrong setting; what does not fit together names its settings itself."""
    name = "_".join(map(str, error["loc"])).upper()
    return f"  STUDIO_{name}: {error['msg']}" if name else f"  {error['msg']}"
