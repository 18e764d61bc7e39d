"""Decisions about users. What guards that names are unique is the table `users`, written in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, assert_never

from services.contexts.accounts.bodies import user_body
from services.contexts.accounts.commands import (
    AccountCommand,
    ChangeApiKeys,
    ChangePassword,
    DeactivateUser,
    LogIn,
    LogOut,
    ReactivateUser,
    RegisterUser,
    UpdateProfile,
)
from services.contexts.accounts.events import (
    AccountEvent,
    UserApiKeysChanged,
    UserDeactivated,
    UserLoggedIn,
    UserLoggedOut,
    UserPasswordChanged,
    UserProfileUpdated,
    UserReactivated,
    UserRegistered,
)
from services.contexts.accounts.values import USER, Provider, user_key
from services.kernel.decider import Answer, Decision, Emitted, Given, Rejected, TableWrite
from services.kernel.events import Event
from services.kernel.scope import Aggregate, Scope

ACCOUNT_INACTIVE: Final = 2004


@dataclass(frozen=True, slots=True)
class User:
    """A user as decisions need it."""

    username: str
    email: str
    avatar_url: str | None
    is_active: bool
    is_admin: bool
    created_at: datetime
    updated_at: datetime
    keys: frozenset[Provider]


def register(command: RegisterUser, given: Given, scope: Scope) -> Decision:
    """A new user; the constraints of `users` refuse a name or an address that is taken."""
    if scope.find(User, user_key(command.user_id)) is not None:
        # The id follows from an Idempotency-Key that was forgotten since.
        raise Rejected("IDEMPOTENCY_MISMATCH", "This Idempotency-Key was used before.")
    event = UserRegistered(
        user_id=command.user_id, username=command.username, email=command.email, is_admin=command.is_admin
    )
    row = {
        "id": command.user_id,
        "username": command.username,
        "email": command.email,
        "password_hash": command.password_hash.get_secret_value(),
        "is_admin": command.is_admin,
        "at": given.now,
    }
    return _decision(command, event, _write("insert_user", row))


def log_in(command: LogIn, given: Given, scope: Scope) -> Decision:
    """Recorded for the audit; the tokens are made by whoever asked."""
    if not _user(command, scope).is_active:
        raise Rejected("UNAUTHENTICATED", "The account is inactive.", error={"code": ACCOUNT_INACTIVE})
    return _decision(command, UserLoggedIn(user_id=command.user_id, session_id=command.session_id, ip=command.ip))


def log_out(command: LogOut, given: Given, scope: Scope) -> Decision:
    """Ends the session at once, its access tokens too."""
    _user(command, scope)
    ended = _write("end_session", {"session_id": command.session_id, "user_id": command.user_id, "at": given.now})
    return _decision(command, UserLoggedOut(user_id=command.user_id, session_id=command.session_id), ended)


def update_profile(command: UpdateProfile, given: Given, scope: Scope) -> Decision:
    """Only what is new; saying the same again changes nothing."""
    user = _user(command, scope)
    asked = {"username": command.username, "avatar_url": command.avatar_url}
    changed = {name: value for name, value in asked.items() if value is not None and value != getattr(user, name)}
    if not changed:
        return _decision(command)
    row = {"id": command.user_id, "username": None, "avatar_url": None, "at": given.now} | changed
    return _decision(command, UserProfileUpdated(user_id=command.user_id, changed=changed), _write("update_user", row))


def change_password(command: ChangePassword, given: Given, scope: Scope) -> Decision:
    """Whoever knew the old one is out: every other session ends."""
    _user(command, scope)
    password_hash = command.password_hash.get_secret_value()
    return _decision(
        command,
        UserPasswordChanged(user_id=command.user_id, by_admin=command.session_id is None),
        _write("set_password", {"id": command.user_id, "password_hash": password_hash, "at": given.now}),
        _write("end_sessions", {"user_id": command.user_id, "but": command.session_id, "at": given.now}),
    )


def change_api_keys(command: ChangeApiKeys, given: Given, scope: Scope) -> Decision:
    """Stored encrypted; the event tells which there are, never what they are."""
    keys = _user(command, scope).keys
    writes = []
    for provider, ciphertext in command.ciphertexts.items():
        row: dict[str, Any] = {"user_id": command.user_id, "name": provider.value}
        if ciphertext is None:
            keys = keys - {provider}
            writes.append(_write("remove_api_key", row))
        else:
            keys = keys | {provider}
            writes.append(_write("put_api_key", row | {"ciphertext": ciphertext.get_secret_value(), "at": given.now}))
    event = UserApiKeysChanged(
        user_id=command.user_id,
        changed=list(command.ciphertexts),
        present={provider: provider in keys for provider in Provider},
    )
    return _decision(command, event, *writes, body=_keys_body)


def deactivate(command: DeactivateUser, given: Given, scope: Scope) -> Decision:
    """Locks the user out, whatever tokens they hold."""
    if not _user(command, scope).is_active:
        return _decision(command)
    return _decision(
        command,
        UserDeactivated(user_id=command.user_id, reason=command.reason),
        _write("set_active", {"id": command.user_id, "is_active": False, "at": given.now}),
        _write("lock_out", {"user_id": command.user_id, "at": given.now}),
    )


def reactivate(command: ReactivateUser, given: Given, scope: Scope) -> Decision:
    """Old tokens stay worthless: the user logs in anew."""
    if _user(command, scope).is_active:
        return _decision(command)
    return _decision(
        command,
        UserReactivated(user_id=command.user_id),
        _write("set_active", {"id": command.user_id, "is_active": True, "at": given.now}),
        _write("let_in", {"user_id": command.user_id, "at": given.now}),
    )


def evolve(user: User | None, event: AccountEvent, at: datetime) -> User:
    """The user after one more event."""
    if isinstance(event, UserRegistered):
        return User(
            username=event.username,
            email=event.email,
            avatar_url=None,
            is_active=True,
            is_admin=event.is_admin,
            created_at=at,
            updated_at=at,
            keys=frozenset(),
        )
    assert user is not None, "a user's first event is the registration"
    match event:
        case UserLoggedIn() | UserLoggedOut() | UserPasswordChanged():
            return user
        case UserProfileUpdated():
            return replace(user, **event.changed, updated_at=at)
        case UserApiKeysChanged():
            return replace(user, keys=frozenset(name for name, is_there in event.present.items() if is_there))
        case UserDeactivated():
            return replace(user, is_active=False, updated_at=at)
        case UserReactivated():
            return replace(user, is_active=True, updated_at=at)
        case _:
            assert_never(event)


AGGREGATE: Final = Aggregate(USER, User, evolve)


def _user(command: AccountCommand, scope: Scope) -> User:
    user = scope.find(User, user_key(command.user_id))
    if user is None:
        raise Rejected("USER_NOT_FOUND", "User not found")
    return user


def _user_body(command: AccountCommand, user: User) -> dict[str, Any]:
    return user_body(
        command.user_id,
        username=user.username,
        email=user.email,
        avatar_url=user.avatar_url,
        is_active=user.is_active,
        is_admin=user.is_admin,
        created_at=user.created_at,
        updated_at=user.updated_at,
    )


def _keys_body(command: AccountCommand, user: User) -> dict[str, Any]:
    return {f"has_{provider}_api_key": provider in user.keys for provider in Provider}


def _decision(
    command: AccountCommand,
    event: Event | None = None,
    *writes: TableWrite,
    body: Callable[[AccountCommand, User], dict[str, Any]] = _user_body,
) -> Decision:
    def answer(scope: Scope) -> Answer:
        return Answer(200, body(command, _user(command, scope)))

    events = (Emitted(user_key(command.user_id), event),) if event is not None else ()
    return Decision(events=events, answer=answer, writes=writes)


def _write(block: str, parameters: dict[str, Any]) -> TableWrite:
    return TableWrite("services.contexts.accounts", "users.sql", block, parameters)
