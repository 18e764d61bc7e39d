"""Who is asking, and as what: bearer tokens signed with the installation's secret.

The seam for accounts: they will issue the same tokens from a login; nothing else here or in a route changes.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from uuid import UUID, uuid4, uuid5

import jwt

TOKEN_LIFETIME = timedelta(days=30)
STREAM_TOKEN_LIFETIME = timedelta(seconds=60)

_ALGORITHM = "HS256"
_USERS = UUID("6f1e4b1c-5a43-4a7e-9a57-2f0c1f6ad0f1")
"""Namespace of the ids of users that are known by name only."""


class UserRole(StrEnum):
    """What a user may do beyond their own work: an admin also operates the studio."""

    USER = "user"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """The caller of a request."""

    id: UUID
    name: str
    role: UserRole = UserRole.USER


class Unauthenticated(Exception):
    """No token, or one that is wrong, expired or of another kind; the message says which."""


class Forbidden(Exception):
    """The user's role does not allow it; the message says which would."""


def issue_token(secret: bytes, user_name: str, role: UserRole = UserRole.USER) -> str:
    """A bearer token for a user of this installation; the same name is always the same user."""
    return _sign(secret, User(uuid5(_USERS, user_name), user_name, role), "access", TOKEN_LIFETIME)[0]


def issue_stream_token(secret: bytes, user: User) -> tuple[str, datetime]:
    """A token that opens one event stream within a minute, and when it ends."""
    return _sign(secret, user, "sse", STREAM_TOKEN_LIFETIME)


def check_token(secret: bytes, token: str) -> User:
    """The user of a bearer token. Raises Unauthenticated."""
    user, expires_at, _ = _verified(secret, token, "access")
    if expires_at <= datetime.now(UTC):
        raise Unauthenticated("The token has expired.")
    return user


def check_admin(secret: bytes, token: str) -> User:
    """The admin of a bearer token. Raises Unauthenticated or Forbidden."""
    user = check_token(secret, token)
    if user.role is not UserRole.ADMIN:
        raise Forbidden("Only an admin may do this.")
    return user


def check_stream_token(secret: bytes, token: str) -> tuple[User, UUID, datetime]:
    """User, id and end of a stream token; the caller must see to it that an id is used once."""
    user, expires_at, token_id = _verified(secret, token, "sse")
    if expires_at <= datetime.now(UTC):
        raise Unauthenticated("The stream token has expired.")
    return user, token_id, expires_at


def bearer(authorization: str | None) -> str:
    """The token of an Authorization header. Raises Unauthenticated."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send the header Authorization: Bearer <token>.")
    return token.strip()


def _sign(secret: bytes, user: User, token_type: str, lifetime: timedelta) -> tuple[str, datetime]:
    expires_at = datetime.now(UTC) + lifetime
    claims = {
        "sub": str(user.id),
        "name": user.name,
        "role": user.role.value,
        "token_type": token_type,
        "jti": str(uuid4()),
        "exp": int(expires_at.timestamp()),
    }
    return jwt.encode(claims, secret, algorithm=_ALGORITHM), expires_at


# Verifying costs more than the rest of a request's checks; the expiry is compared afresh by the callers.
@lru_cache(maxsize=4096)
def _verified(secret: bytes, token: str, token_type: str) -> tuple[User, datetime, UUID]:
    try:
        claims = jwt.decode(
            token, secret, algorithms=[_ALGORITHM], options={"require": ["exp", "sub", "jti"], "verify_exp": False}
        )
        # Tokens from before there were roles have none.
        user = User(UUID(claims["sub"]), str(claims.get("name", "")), UserRole(claims.get("role", UserRole.USER)))
        found = user, claims["exp"], UUID(claims["jti"])
    except (jwt.InvalidTokenError, ValueError) as error:
        raise Unauthenticated("The token is not valid.") from error
    if claims.get("token_type") != token_type:
        raise Unauthenticated(f"This needs a token of the type {token_type}.")
    return found[0], datetime.fromtimestamp(found[1], UTC), found[2]
