"""Users and their logins. One model a table: the same names, types and nullability as in the database."""

from datetime import datetime
from typing import ClassVar
from uuid import UUID

from shared_types.table import Table


class User(Table):
    """A user; written with the command's events, because it guards that names are unique."""

    TABLE: ClassVar[str] = "users"

    id: UUID
    username: str
    email: str
    password_hash: str
    avatar_url: str | None
    is_active: bool
    is_admin: bool
    created_at: datetime
    updated_at: datetime


class RefreshToken(Table):
    """A refresh token, as its hash; `family_id` is the login."""

    TABLE: ClassVar[str] = "refresh_tokens"

    id: UUID
    user_id: UUID
    token_hash: str
    family_id: UUID
    expires_at: datetime
    rotated_at: datetime | None
    revoked_at: datetime | None
    created_at: datetime


class AccessRevocation(Table):
    """Access tokens of a user or a session that were taken back."""

    TABLE: ClassVar[str] = "access_revocations"

    subject: UUID
    revoked_at: datetime
    reason: int
    expires_at: datetime


class FailedLogin(Table):
    """How often logins failed for an address, as its hash."""

    TABLE: ClassVar[str] = "failed_logins"

    subject: str
    failures: int
    last_at: datetime


class UserApiKey(Table):
    """A user's own key for a provider, sealed."""

    TABLE: ClassVar[str] = "user_api_keys"

    user_id: UUID
    name: str
    ciphertext: bytes
    updated_at: datetime
