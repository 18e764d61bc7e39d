"""Who is asking, and as what: signed access tokens, from a header or a cookie, and which of them no longer count.

Tokens are checked by every process on its own, without a query. What has been taken back before its time (a session
that was logged out, a user who was disabled) is a short list that each process keeps current: see `revocations`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4, uuid5

from starlette.types import Scope

STREAM_TOKEN_LIFETIME: Final = timedelta(seconds=60)
TOKEN_COOKIE: Final = "studio_token"  # noqa: S105  # the name of the cookie, not a token
ISSUER: Final = "genesis-studio"
AUDIENCE: Final = "genesis-studio-api"
LEEWAY: Final = timedelta(seconds=5)
"""How far the clocks of two machines may be apart."""

NAMED_TOKEN_LIFETIME: Final = timedelta(days=30)

AUTHENTICATION_FAILED, TOKEN_INVALID, TOKEN_EXPIRED, ACCOUNT_INACTIVE = 2000, 2001, 2002, 2004
"""Why somebody is not known."""

_ALGORITHM: Final = "HS256"
_NAMED_USERS: Final = UUID("6f1e4b1c-5a43-4a7e-9a57-2f0c1f6ad0f1")
"""Namespace of the ids of users that are known by name only."""
_CLAIMS: Final = ("iss", "aud", "sub", "sid", "jti", "iat", "nbf", "exp", "typ", "role", "username")
_TIMES: Final = ("iat", "nbf", "exp")
_SAFE_METHODS: Final = ("GET", "HEAD", "OPTIONS")

# Three parts in base64 without padding, none larger than we make them, and a signature of 32 bytes in its one spelling:
# a lenient decoder would give one token many texts.
_TOKEN: Final = re.compile(r"[\w-]{1,256}\.[\w-]{1,4096}\.[\w-]{42}[AEIMQUYcgkosw048]", re.ASCII)


class UserRole(StrEnum):
    """What a user may do beyond their own work: an admin also operates the studio."""

    USER = "user"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class User:
    """The caller of a request. `session_id`: of the login that the token came from, the same after each refresh."""

    id: UUID
    name: str
    role: UserRole = UserRole.USER
    session_id: UUID | None = None


class Unauthenticated(Exception):
    """No token, or one that does not count, or a login that failed. `number` says which, as the director counts."""

    def __init__(self, detail: str, number: int = TOKEN_INVALID) -> None:
        super().__init__(detail)
        self.number = number


class Forbidden(Exception):
    """The user's role does not allow it; the message says which would."""


class Verified(NamedTuple):
    """What a genuine token says, whether or not it still counts."""

    user: User
    token_id: UUID
    issued_at: datetime
    expires_at: datetime


def issue_access_token(secret: bytes, user: User, lifetime: timedelta) -> tuple[str, datetime]:
    """A bearer token, and when it ends."""
    return _sign(secret, user, "access", lifetime)


def issue_token(secret: bytes, user_name: str, role: UserRole = UserRole.USER) -> str:
    """A bearer token for a program of whoever holds the secret; the same name is always the same user."""
    user = User(uuid5(_NAMED_USERS, user_name), user_name, role)
    return issue_access_token(secret, user, NAMED_TOKEN_LIFETIME)[0]


def issue_stream_token(secret: bytes, user: User) -> tuple[str, datetime]:
    """A token that opens one event stream within a minute, and when it ends."""
    return _sign(secret, user, "sse", STREAM_TOKEN_LIFETIME)


def verify(secret: bytes, token: str, token_type: str) -> Verified:
    """What a token says, if it is ours, of this type and not expired. Raises Unauthenticated."""
    verified = _genuine(secret, token, token_type)
    now = datetime.now(UTC)
    if verified.expires_at <= now:
        raise Unauthenticated("The token has expired.", TOKEN_EXPIRED)
    if verified.issued_at > now + LEEWAY:
        raise Unauthenticated("The token is not valid yet.")
    return verified


def bearer(authorization: str | None) -> str:
    """The token of an Authorization header. Raises Unauthenticated."""
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated("Send the header Authorization: Bearer <token>.")
    return token.strip()


class Revocations:
    """The tokens that were taken back before their time, by user or by session: empty until `replace` is told."""

    def __init__(self) -> None:
        self.changed: Callable[[], None] = lambda: None
        """Called when more is revoked."""
        self._by_subject: Mapping[UUID, tuple[datetime, int]] = {}

    def replace(self, revoked: Mapping[UUID, tuple[datetime, int]]) -> None:
        """By subject (user or session): tokens issued up to when do not count, and why (a number)."""
        if revoked != self._by_subject:
            self._by_subject = revoked
            self.changed()

    def check(self, verified: Verified) -> None:
        """Raises Unauthenticated when the token was taken back."""
        if not self._by_subject:
            return
        for subject in (verified.user.id, verified.user.session_id):
            found = self._by_subject.get(subject) if subject is not None else None
            if found is not None and verified.issued_at <= found[0]:
                raise Unauthenticated(_WHY[found[1]], found[1])


_WHY: Final = {
    ACCOUNT_INACTIVE: "The account is inactive.",
    AUTHENTICATION_FAILED: "There is no such user any more.",
    TOKEN_INVALID: "The token was taken back: log in again.",
}


@dataclass(frozen=True, slots=True)
class Access:
    """How a process knows its callers."""

    secret: bytes
    revocations: Revocations
    is_own_origin: "OriginCheck"

    def user_of(self, scope: Scope) -> User:
        """The user of a request, by bearer token or cookie. Raises Unauthenticated."""
        return self.verified(scope).user

    def verified(self, scope: Scope) -> Verified:
        """What the request's access token says. Raises Unauthenticated when there is none that counts."""
        verified = verify(self.secret, self.token_of(scope), "access")
        self.revocations.check(verified)
        return verified

    def check_stream_token(self, token: str) -> Verified:
        """What a stream token says; the caller must see to it that an id is used once. Raises Unauthenticated."""
        verified = verify(self.secret, token, "sse")
        self.revocations.check(verified)
        return verified

    def token_of(self, scope: Scope) -> str:
        """The request's access token. Raises Unauthenticated.

        A cookie is sent by the browser whoever made it ask: for what changes something, the page must be one of ours.
        """
        headers = _picked(scope)
        if "authorization" in headers or "cookie" not in headers:
            return bearer(headers.get("authorization"))
        token = cookie_token(headers["cookie"])
        if token is None:
            return bearer(None)
        if scope["method"] not in _SAFE_METHODS and not self.is_own_origin(headers.get("origin")):
            raise Unauthenticated("A cookie counts only for requests from the studio's own pages.")
        return token


class OriginCheck:
    """Whether a page of this origin may act with the user's cookie."""

    def __init__(self, listed: tuple[str, ...], pattern: Any | None) -> None:
        self._listed = frozenset(listed)
        self._pattern = pattern

    def __call__(self, origin: str | None) -> bool:
        """False for none: every browser says where a write comes from."""
        if origin is None:
            return False
        return origin in self._listed or (self._pattern is not None and self._pattern.fullmatch(origin) is not None)


def cookie_token(header: str) -> str | None:
    """The access token in a Cookie header, None without one."""
    try:
        found = SimpleCookie(header).get(TOKEN_COOKIE)
    except CookieError:
        return None
    return found.value if found is not None else None


def _picked(scope: Scope) -> dict[str, str]:
    wanted = (b"authorization", b"cookie", b"origin")
    found = [(name.decode(), value.decode("latin-1")) for name, value in scope["headers"] if name in wanted]
    picked = dict(found)
    if len(picked) < len(found):
        # Whoever stands before us may have looked at the other one.
        raise Unauthenticated("Authorization, Cookie and Origin may each be there once.")
    return picked


# The library is imported by whoever signs or checks first: it brings 10 MB, and most processes only have probes.
def _sign(secret: bytes, user: User, token_type: str, lifetime: timedelta) -> tuple[str, datetime]:
    now = datetime.now(UTC)
    expires_at = now + lifetime
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": str(user.id),
        "sid": str(user.session_id or uuid4()),
        "jti": str(uuid4()),
        "iat": now.timestamp(),
        "nbf": now.timestamp(),
        "exp": int(expires_at.timestamp()),
        "typ": token_type,
        "role": user.role.value,
        "username": user.name,
    }
    import jwt  # noqa: PLC0415

    return jwt.encode(claims, secret, algorithm=_ALGORITHM), expires_at


# Verifying costs more than the rest of a request's checks; times are compared afresh by the callers.
@lru_cache(maxsize=4096)
def _genuine(secret: bytes, token: str, token_type: str) -> Verified:
    if _TOKEN.fullmatch(token) is None:
        raise Unauthenticated("The token is not valid.")
    import jwt  # noqa: PLC0415

    options: Any = {"require": list(_CLAIMS), "verify_exp": False, "verify_nbf": False, "verify_iat": False}
    try:
        claims = jwt.decode(token, secret, algorithms=[_ALGORITHM], audience=AUDIENCE, issuer=ISSUER, options=options)
        _check_types(claims)
        user = User(UUID(claims["sub"]), claims["username"], UserRole(claims["role"]), UUID(claims["sid"]))
        issued_at, expires_at = (datetime.fromtimestamp(claims[name], UTC) for name in ("nbf", "exp"))
        verified = Verified(user, UUID(claims["jti"]), issued_at, expires_at)
    except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError) as error:
        raise Unauthenticated("The token is not valid.") from error
    if claims["typ"] != token_type:
        raise Unauthenticated(f"This needs a token of the type {token_type}.")
    return verified


def _check_types(claims: Mapping[str, Any]) -> None:
    for name in _CLAIMS:
        wanted = (int, float) if name in _TIMES else (str,)
        if type(claims[name]) not in wanted:
            raise TypeError(f"{name} is a {type(claims[name]).__name__}")
