"""What clients send about users: either spelling of a field's name, and nothing else."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator
from pydantic.alias_generators import to_camel

from services.contexts.accounts.values import Email, Provider, Username

PASSWORD_LENGTH_MIN, PASSWORD_BYTES_MAX = 6, 72


def _long_enough(password: SecretStr) -> SecretStr:
    text = password.get_secret_value()
    if len(text) < PASSWORD_LENGTH_MIN or len(text.encode()) > PASSWORD_BYTES_MAX:
        raise ValueError(
            f"a password has at least {PASSWORD_LENGTH_MIN} characters and at most {PASSWORD_BYTES_MAX} bytes"
        )
    return password


def _is_web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("this is no http or https address")
    return url


def _a_text(value: Any) -> Any:
    if not isinstance(value, str):
        raise ValueError("this must be a text")  # noqa: TRY004  # pydantic turns only a ValueError into a refusal
    return value


Password = Annotated[SecretStr, AfterValidator(_long_enough)]
ApiKey = Annotated[SecretStr, BeforeValidator(_a_text), Field(max_length=500)]


class Body(BaseModel):
    """A body in camelCase or snake_case."""

    model_config = ConfigDict(frozen=True, extra="forbid", alias_generator=to_camel, populate_by_name=True)


class Registration(Body):
    """A new user's own words."""

    username: Username
    email: Email
    password: Password


class NewUser(Body):
    """A user that an admin makes; without a password, one is made up and told once."""

    username: Username
    email: Email
    password: Password | None = None
    is_admin: bool = False


class Login(Body):
    """An address and a password, neither of which is told to be well-formed."""

    email: Annotated[str, Field(min_length=1, max_length=255)]
    password: Annotated[SecretStr, Field(min_length=1, max_length=1000)]


class LoginForm(BaseModel):
    """The same as the form of OAuth2's password flow, whose other fields say nothing here."""

    model_config = ConfigDict(frozen=True)

    username: Annotated[str, Field(min_length=1, max_length=255, description="the e-mail address")]
    password: Annotated[SecretStr, Field(min_length=1, max_length=1000)]

    def as_login(self) -> Login:
        """What it says, by our names."""
        return Login(email=self.username, password=self.password)


class Refresh(Body):
    """A refresh token; a browser has it in a cookie instead."""

    refresh_token: Annotated[str | None, Field(max_length=200)] = None


class PasswordChange(Body):
    """The password so far, and the one from now on."""

    current_password: Annotated[SecretStr, Field(min_length=1, max_length=1000)]
    new_password: Password


class PasswordReset(Body):
    """Another user's password; without one, it is made up and told once."""

    new_password: Password | None = None


class Profile(Body):
    """What a user may say of themselves; at least one."""

    username: Username | None = None
    avatar_url: Annotated[str, Field(max_length=2000), AfterValidator(_is_web_address)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Profile":
        if self.username is None and self.avatar_url is None:
            raise ValueError("give a username, an avatarUrl, or both")
        return self


class ApiKeys(Body):
    """Keys for providers; an empty text removes one, and what is left out stays as it is."""

    glm_api_key: ApiKey | None = None
    tuzi_api_key: ApiKey | None = None
    gemini_api_key: ApiKey | None = None
    doubao_api_key: ApiKey | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "ApiKeys":
        if not self.by_provider():
            raise ValueError("give at least one key")
        return self

    def by_provider(self) -> dict[Provider, str]:
        """The keys that were given."""
        keys = {provider: getattr(self, f"{provider}_api_key") for provider in Provider}
        return {provider: key.get_secret_value() for provider, key in keys.items() if key is not None}


class Deactivation(Body):
    """Why; for whoever reads the audit."""

    reason: Annotated[str, Field(max_length=500)] | None = None
