"""Logins that last: families of refresh tokens, each used once, and the logins that failed.

A refresh token is 256 random bits, kept as its SHA-256. A login is a family of them; one that comes a second time was
copied, and ends its family with all access tokens that came of it.
"""

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from hmac import digest
from typing import Any, Final
from uuid import UUID, uuid4

from services.kernel.decider import Rejected
from services.runtime.access import (
    ACCOUNT_INACTIVE,
    TOKEN_EXPIRED,
    TOKEN_INVALID,
    Unauthenticated,
    User,
    UserRole,
    issue_access_token,
)
from services.runtime.database import Pool
from services.runtime.sql_files import read_sql

FREE_FAILURES: Final = 5
WAIT_SECONDS_MAX: Final = 900

_SQL = read_sql("services.command_api", "sessions.sql")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a login or a refresh is answered with."""

    user: User
    access_token: str
    expires_at: datetime
    refresh_token: str
    refresh_expires_at: datetime


@dataclass(frozen=True, slots=True)
class Sessions:
    """Opens, renews and counts logins."""

    pool: Pool
    secret: bytes
    access_lifetime: timedelta
    refresh_lifetime: timedelta

    async def open(self, user_id: UUID, name: str, role: UserRole, session_id: UUID) -> Credentials:
        """The first credentials of a login."""
        refresh_token, row = self._new_refresh_token(user_id, session_id)
        async with self.pool.connection() as connection:
            await connection.execute(_SQL["insert_refresh_token"], row)
        return self._credentials(User(user_id, name, role, session_id), refresh_token, row["expires_at"])

    async def renew(self, refresh_token: str) -> Credentials:
        """The next credentials for the newest refresh token of a login. Raises Unauthenticated."""
        async with self.pool.connection() as connection, connection.transaction():
            found = await connection.execute(_SQL["find_refresh_token"], {"token_hash": _hashed(refresh_token)})
            old = await found.fetchone()
            refusal = _refusal(old)
            if refusal is None:
                assert old is not None, "what is not there is refused"
                new_token, row = self._new_refresh_token(old["user_id"], old["family_id"])
                await connection.execute(_SQL["rotate_refresh_token"], {"id": old["id"]})
                await connection.execute(_SQL["insert_refresh_token"], row)
            elif old is not None and old["rotated_at"] is not None and old["revoked_at"] is None:
                await connection.execute(_SQL["end_family"], {"family_id": old["family_id"]})
        if refusal is not None:
            raise refusal
        assert old is not None, "what is not there is refused"
        role = UserRole.ADMIN if old["is_admin"] else UserRole.USER
        user = User(old["user_id"], old["username"], role, old["family_id"])
        return self._credentials(user, new_token, row["expires_at"])

    async def session_of(self, refresh_token: str) -> tuple[UUID, UUID]:
        """User and session of a refresh token, of whatever age. Raises Unauthenticated."""
        async with self.pool.connection() as connection:
            found = await connection.execute(_SQL["find_refresh_token"], {"token_hash": _hashed(refresh_token)})
            row = await found.fetchone()
        if row is None:
            raise Unauthenticated("The refresh token is not valid.")
        return row["user_id"], row["family_id"]

    async def count_attempt(self, email: str) -> None:
        """Before a password is checked, so that guesses sent at once all count.

        Raises Rejected RATE_LIMITED while an address has to wait after failures, whether or not anybody has it.
        """
        parameters = {"subject": self._subject(email), "free": FREE_FAILURES, "wait_max": WAIT_SECONDS_MAX}
        async with self.pool.connection() as connection:
            row = await (await connection.execute(_SQL["count_attempt"], parameters)).fetchone()
        assert row is not None, "a query without FROM has one row"
        if row["wait_seconds"] is not None:
            seconds = max(1, round(row["wait_seconds"]))
            raise Rejected(
                "RATE_LIMITED", "Too many logins failed; try again later.", retry_after=seconds,
                error={"code": 4290, "data": {"retryAfter": seconds}},
            )  # fmt: skip

    async def forget_failures(self, email: str) -> None:
        """After a login that succeeded."""
        async with self.pool.connection() as connection:
            await connection.execute(_SQL["forget_failures"], {"subject": self._subject(email)})

    def _subject(self, email: str) -> str:
        return digest(self.secret, b"login " + email.encode(), "sha256").hex()

    def _new_refresh_token(self, user_id: UUID, session_id: UUID) -> tuple[str, dict[str, Any]]:
        token = secrets.token_urlsafe(32)
        return token, {
            "id": uuid4(),
            "user_id": user_id,
            "token_hash": _hashed(token),
            "family_id": session_id,
            "expires_at": datetime.now(UTC) + self.refresh_lifetime,
        }

    def _credentials(self, user: User, refresh_token: str, refresh_expires_at: datetime) -> Credentials:
        access_token, expires_at = issue_access_token(self.secret, user, self.access_lifetime)
        return Credentials(user, access_token, expires_at, refresh_token, refresh_expires_at)


def _refusal(row: dict[str, Any] | None) -> Unauthenticated | None:
    if row is None:
        return Unauthenticated("The refresh token is not valid.", TOKEN_INVALID)
    if not row["is_active"]:
        return Unauthenticated("The account is inactive.", ACCOUNT_INACTIVE)
    if row["rotated_at"] is not None or row["revoked_at"] is not None:
        return Unauthenticated("The refresh token was used or taken back: log in again.", TOKEN_INVALID)
    if row["expires_at"] <= datetime.now(UTC):
        return Unauthenticated("The refresh token has expired.", TOKEN_EXPIRED)
    return None


def _hashed(token: str) -> str:
    return sha256(token.encode()).hexdigest()
