"""What has happened to users. No event holds a password, its hash, a token or a key."""

from typing import Any, ClassVar
from uuid import UUID

from services.contexts.accounts.values import Provider
from services.kernel.events import Event


class UserRegistered(Event):
    """A user exists from now on."""

    TYPE: ClassVar[str] = "User.Registered"

    user_id: UUID
    username: str
    email: str
    is_admin: bool = False


class UserLoggedIn(Event):
    """A login succeeded. `session_id` is in every token that it leads to; `ip` is where it came from."""

    TYPE: ClassVar[str] = "User.LoggedIn"

    user_id: UUID
    session_id: UUID
    ip: str


class UserLoggedOut(Event):
    """A session was ended by its user."""

    TYPE: ClassVar[str] = "User.LoggedOut"

    user_id: UUID
    session_id: UUID


class UserProfileUpdated(Event):
    """`changed` holds the new values of `username` and `avatar_url`, as far as they are new."""

    TYPE: ClassVar[str] = "User.ProfileUpdated"

    user_id: UUID
    changed: dict[str, Any]


class UserPasswordChanged(Event):
    """The password is another one, and every session but the one that did it has ended."""

    TYPE: ClassVar[str] = "User.PasswordChanged"

    user_id: UUID
    by_admin: bool


class UserApiKeysChanged(Event):
    """Keys of the user's own for providers: which were changed, and of each whether there is one now."""

    TYPE: ClassVar[str] = "User.ApiKeysChanged"

    user_id: UUID
    changed: list[Provider]
    present: dict[Provider, bool]


class UserDeactivated(Event):
    """The user can't log in, and every session has ended."""

    TYPE: ClassVar[str] = "User.Deactivated"

    user_id: UUID
    reason: str | None = None


class UserReactivated(Event):
    """The user can log in again."""

    TYPE: ClassVar[str] = "User.Reactivated"

    user_id: UUID


AccountEvent = (
    UserRegistered
    | UserLoggedIn
    | UserLoggedOut
    | UserProfileUpdated
    | UserPasswordChanged
    | UserApiKeysChanged
    | UserDeactivated
    | UserReactivated
)
EVENTS = (
    UserRegistered,
    UserLoggedIn,
    UserLoggedOut,
    UserProfileUpdated,
    UserPasswordChanged,
    UserApiKeysChanged,
    UserDeactivated,
    UserReactivated,
)
