"""What may be asked of users, once passwords are hashed and keys encrypted: a decider sees no secret."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, SecretBytes, SecretStr

from services.contexts.accounts.values import Email, Provider, Username


class AccountCommand(BaseModel):
    """A command about one user."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    user_id: UUID


class RegisterUser(AccountCommand):
    """A new user, who is an admin if an admin says so."""

    username: Username
    email: Email
    password_hash: SecretStr
    is_admin: bool = False


class LogIn(AccountCommand):
    """A login whose password was right."""

    session_id: UUID
    ip: str


class LogOut(AccountCommand):
    """The end of a session."""

    session_id: UUID


class UpdateProfile(AccountCommand):
    """New values; None leaves the old one."""

    username: Username | None = None
    avatar_url: str | None = None


class ChangePassword(AccountCommand):
    """Another password; `session_id` is the session that goes on, None when an admin does it."""

    password_hash: SecretStr
    session_id: UUID | None = None


class ChangeApiKeys(AccountCommand):
    """Encrypted keys by provider; None removes one."""

    ciphertexts: Annotated[dict[Provider, SecretBytes | None], Field(min_length=1)]


class DeactivateUser(AccountCommand):
    """No login and no session from now on."""

    reason: str | None = None


class ReactivateUser(AccountCommand):
    """Logins are possible again."""
