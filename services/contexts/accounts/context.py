"""Table of contents of accounts: who may use the studio.

Its writes are routes of the command API itself (`services.command_api.accounts`): a password must be hashed and a key
encrypted before there is a command that may be stored.
"""

from typing import Any, Final

from services.contexts.accounts import commands, decider
from services.contexts.accounts.events import EVENTS
from services.contexts.accounts.queries import QUERIES
from services.contexts.accounts.responses import ApiKeysResponse, UserResponse
from services.contexts.accounts.values import user_scope
from services.kernel.context import CommandRoute, Context, KnownScope, Target
from services.kernel.decider import FieldError, Given, Rejected

REGISTER: Final = "Command.User.Register"
LOG_IN: Final = "Command.User.LogIn"
LOG_OUT: Final = "Command.User.LogOut"
UPDATE_PROFILE: Final = "Command.User.UpdateProfile"
CHANGE_PASSWORD: Final = "Command.User.ChangePassword"  # noqa: S105  # a command's name, not a password
CHANGE_API_KEYS: Final = "Command.User.ChangeApiKeys"
DEACTIVATE: Final = "Command.User.Deactivate"
REACTIVATE: Final = "Command.User.Reactivate"


def email_taken() -> Rejected:
    """The address belongs to a user."""
    return _taken("email", "邮箱已被注册", "This e-mail address is registered already.")


def username_taken() -> Rejected:
    """The name belongs to a user."""
    return _taken("username", "用户名已被使用", "This username is taken.")


def _taken(field: str, chinese: str, english: str) -> Rejected:
    error = FieldError(f"/{field}", "taken", english)
    return Rejected("INVALID_PARAMETER", english, errors=(error,), error={"code": 1000, "field": field}, zh=chinese)


def _new_user(command: commands.RegisterUser, given: Given) -> Target:
    return KnownScope(user_scope(command.user_id), new=True)


def _of_user(command: commands.AccountCommand, given: Given) -> Target:
    return KnownScope(user_scope(command.user_id))


def _lock(command: commands.AccountCommand, given: Given) -> Any:
    return command.user_id


_USER: Final = {200: UserResponse}
_NAMES: Final = {"idx_users_email": email_taken, "idx_users_username": username_taken}

CONTEXT = Context(
    name="accounts",
    aggregates=(decider.AGGREGATE,),
    events=EVENTS,
    commands=(
        CommandRoute(
            REGISTER, commands.RegisterUser, _new_user, _lock, decider.register, constraints=_NAMES, responses=_USER
        ),
        CommandRoute(LOG_IN, commands.LogIn, _of_user, _lock, decider.log_in, responses=_USER),
        CommandRoute(LOG_OUT, commands.LogOut, _of_user, _lock, decider.log_out, responses=_USER),
        CommandRoute(
            UPDATE_PROFILE,
            commands.UpdateProfile,
            _of_user,
            _lock,
            decider.update_profile,
            constraints=_NAMES,
            responses=_USER,
        ),
        CommandRoute(
            CHANGE_PASSWORD, commands.ChangePassword, _of_user, _lock, decider.change_password, responses=_USER
        ),
        CommandRoute(
            CHANGE_API_KEYS,
            commands.ChangeApiKeys,
            _of_user,
            _lock,
            decider.change_api_keys,
            responses={200: ApiKeysResponse},
        ),
        CommandRoute(DEACTIVATE, commands.DeactivateUser, _of_user, _lock, decider.deactivate, responses=_USER),
        CommandRoute(REACTIVATE, commands.ReactivateUser, _of_user, _lock, decider.reactivate, responses=_USER),
    ),
    queries=QUERIES,
)
