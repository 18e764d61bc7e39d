"""Registration, login and what users may change about themselves, over HTTP.

Here a password becomes a hash and a provider's key a sealed one, before there is a command: commands, events and the
inbox hold no secret. The hash of a body that the inbox keeps for repeats is keyed, so that it can't be guessed from.
"""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hmac import digest
from http.cookies import SimpleCookie
from typing import Any, Final, Literal, TypeVar
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import orjson
from pydantic import BaseModel, SecretBytes, SecretStr, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from services.command_api.sessions import Credentials, Sessions
from services.contexts.accounts import commands, context, requests, responses
from services.kernel.commands import Id
from services.kernel.context import ADMIN, CREDENTIALS, OWNER, AccessRule
from services.kernel.decider import FieldError, Given, Rejected
from services.kernel.responses import Envelope, enveloped
from services.runtime.access import (
    ACCOUNT_INACTIVE,
    AUTHENTICATION_FAILED,
    TOKEN_COOKIE,
    Forbidden,
    Unauthenticated,
    User,
    UserRole,
)
from services.runtime.admission import Counted, admission_of
from services.runtime.command_handling import Outcome, Submission
from services.runtime.envelopes import envelope, in_their_words
from services.runtime.event_store import StoreUnavailable
from services.runtime.group_commit import GroupCommit, Overloaded
from services.runtime.guarded_routes import GuardedRoute, access_of, caller
from services.runtime.http import (
    API_PREFIX,
    answer_headers,
    command_id_of,
    field_error,
    idempotency_key,
    not_taken,
)
from services.runtime.logs import get_logger
from services.runtime.metrics import LOGINS_TOTAL
from services.runtime.operations import FORM, REQUEST_HEADERS_OF_COMMANDS, RESPONSE_HEADERS_OF_COMMANDS, Operation
from services.runtime.passwords import Passwords
from services.runtime.problems import problem_response
from services.runtime.registry import Registry
from services.runtime.request_bodies import headers_of, read_body
from services.runtime.sealing import Seal
from services.runtime.sql_files import read_sql

REFRESH_COOKIE: Final = "studio_refresh"
MADE_UP_PASSWORD_BYTES: Final = 12
FORM_BYTES_MAX: Final = 8_192

_SQL = read_sql("services.command_api", "sessions.sql")

log = get_logger(__name__)

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Accounts:
    """What these routes need."""

    registry: Registry
    writer: GroupCommit
    sessions: Sessions
    passwords: Passwords
    seal: Seal
    epoch: Callable[[], UUID]


class UserPath(BaseModel):
    """The user of the path."""

    user_id: Id


class LoginResponse(Envelope):
    """Tokens of a login, once more by the names that OAuth2 tools look for."""

    data: responses.CredentialsResponse
    access_token: str
    token_type: Literal["bearer"]
    expires_in: int


def _operation(
    summary: str,
    data: Any,
    *,
    body: Any = None,
    form: type[BaseModel] | None = None,
    path: type[BaseModel] | None = None,
    problems: tuple[str, ...] = (),
) -> Operation:
    """A write that checks and changes its body before there is a command."""
    return Operation(
        summary=summary,
        responses={200: data},
        path=path,
        body=body,
        form=form,
        headers=REQUEST_HEADERS_OF_COMMANDS,
        response_headers=RESPONSE_HEADERS_OF_COMMANDS,
        problems=(
            "INVALID_PARAMETER", "INVALID_IDEMPOTENCY_KEY", "BODY_TOO_LARGE", "UNSUPPORTED_MEDIA_TYPE",
            "CONCURRENT_UPDATE", "IDEMPOTENCY_MISMATCH", "STORE_UNAVAILABLE", *problems,
        ),
    )  # fmt: skip


_WAITS: Final = ("RATE_LIMITED",)
_OF_A_USER: Final = ("USER_NOT_FOUND",)
_REGISTER: Final = _operation("Register.", LoginResponse, body=requests.Registration)
_LOG_IN: Final = _operation(
    "Log in by address and password, as JSON or as the form of OAuth2.",
    LoginResponse,
    body=requests.Login,
    form=requests.LoginForm,
    problems=_WAITS,
)
_REFRESH: Final = _operation(
    "Get new tokens for a refresh token, which counts once.", LoginResponse, body=requests.Refresh
)
_LOG_OUT: Final = _operation(
    "End a login, with all its tokens and streams.", enveloped(None), body=requests.Refresh, problems=_OF_A_USER
)
_CHANGE_PASSWORD: Final = _operation(
    "Change the password; every other login ends.",
    enveloped(None),
    body=requests.PasswordChange,
    problems=(*_WAITS, *_OF_A_USER),
)
_UPDATE_PROFILE: Final = _operation(
    "Change what a user says of themselves.",
    enveloped(responses.UserResponse),
    body=requests.Profile,
    path=UserPath,
    problems=(*_OF_A_USER, "FORBIDDEN"),
)
_CHANGE_API_KEYS: Final = _operation(
    "Store or remove keys of one's own for providers.",
    enveloped(responses.ApiKeysResponse),
    body=requests.ApiKeys,
    path=UserPath,
    problems=(*_OF_A_USER, "FORBIDDEN"),
)
_ADD_USER: Final = _operation("Add a user.", enveloped(responses.NewUserResponse), body=requests.NewUser)
_DISABLE: Final = _operation(
    "Lock a user out.",
    enveloped(responses.UserResponse),
    body=requests.Deactivation,
    path=UserPath,
    problems=_OF_A_USER,
)
_ENABLE: Final = _operation(
    "Let a user log in again.", enveloped(responses.UserResponse), path=UserPath, problems=_OF_A_USER
)
_RESET_PASSWORD: Final = _operation(
    "Give a user another password.",
    enveloped(responses.MadeUpPasswordResponse | None),
    body=requests.PasswordReset,
    path=UserPath,
    problems=_OF_A_USER,
)


Handler = Callable[[Accounts, Request], Awaitable[Response]]


def account_routes(accounts_of: Callable[[Request], Accounts]) -> list[GuardedRoute]:
    """The routes. `accounts_of` finds what the process has opened."""

    def route(
        method: str,
        path: str,
        rule: AccessRule,
        handler: Handler,
        operation: Operation,
        counted: Counted = Counted.CALLER,
    ) -> GuardedRoute:
        async def endpoint(request: Request) -> Response:
            with in_their_words():
                try:
                    return await handler(accounts_of(request), request)
                except Rejected as rejected:
                    raise _in_language(request, rejected) from rejected

        return GuardedRoute(API_PREFIX + path, endpoint, rule=rule, operation=operation, method=method, counted=counted)

    return [
        route("POST", "/auth/register", CREDENTIALS, _register, _REGISTER, Counted.PASSWORD),
        route("POST", "/auth/login", CREDENTIALS, _log_in, _LOG_IN, Counted.PASSWORD),
        route("POST", "/auth/refresh", CREDENTIALS, _refresh, _REFRESH),
        route("POST", "/auth/logout", CREDENTIALS, _log_out, _LOG_OUT),
        route("POST", "/auth/password", OWNER, _change_password, _CHANGE_PASSWORD),
        route("PUT", "/users/{user_id}", OWNER, _update_profile, _UPDATE_PROFILE),
        route("PUT", "/users/{user_id}/api-keys", OWNER, _change_api_keys, _CHANGE_API_KEYS),
        route("POST", "/users", ADMIN, _add_user, _ADD_USER),
        route("POST", "/users/{user_id}/disable", ADMIN, _disable, _DISABLE),
        route("POST", "/users/{user_id}/enable", ADMIN, _enable, _ENABLE),
        route("POST", "/users/{user_id}/reset-password", ADMIN, _reset_password, _RESET_PASSWORD),
    ]


async def _register(accounts: Accounts, request: Request) -> Response:
    body = await _body(requests.Registration, request)
    key = idempotency_key(headers_of(request.scope))
    await _refuse_taken(accounts, body.username, body.email, key)
    command = commands.RegisterUser(
        user_id=_new_user_id(accounts.sessions.secret, key),
        username=body.username,
        email=body.email,
        password_hash=SecretStr(await accounts.passwords.hash(body.password.get_secret_value())),
    )
    shown = {"username": body.username, "email": body.email}
    asking = _Asking(request, context.REGISTER, shown, secret_part=body.password.get_secret_value())
    outcome = await _submit(accounts, asking, command)
    if outcome.refusal is not None:
        return problem_response(outcome.body, answer_headers(headers_of(request.scope), outcome, accounts.epoch))
    user_id = UUID(str(outcome.body["id"]))
    credentials = await accounts.sessions.open(user_id, body.username, UserRole.USER, uuid4())
    return _logged_in(request, credentials, _say(request, "注册成功", "Registered."), _told(accounts, request, outcome))


async def _log_in(accounts: Accounts, request: Request) -> Response:
    body = await _login_body(request)
    email = body.email.strip().lower()
    await accounts.sessions.count_attempt(email)
    user = await _find(accounts, "find_by_email", email=email)
    password_hash = user["password_hash"] if user is not None else None
    if not await accounts.passwords.matches(body.password.get_secret_value(), password_hash) or user is None:
        _count(request, "failed")
        detail = _say(request, "邮箱或密码错误", "The e-mail address or the password is wrong.")
        raise Unauthenticated(detail, AUTHENTICATION_FAILED)
    await accounts.sessions.forget_failures(email)
    if not user["is_active"]:
        _count(request, "inactive")
        raise Unauthenticated(_say(request, "账号已停用", "The account is inactive."), ACCOUNT_INACTIVE)
    session_id = uuid4()
    command = commands.LogIn(user_id=user["id"], session_id=session_id, ip=_address(request))
    # Never a repeat: each login is a session of its own.
    asking = _Asking(request, context.LOG_IN, {"session_id": session_id, "ip": command.ip}, repeatable=False)
    outcome = await _submit(accounts, asking, command)
    if outcome.refusal is not None:
        raise Unauthenticated(_say(request, "账号已停用", "The account is inactive."), ACCOUNT_INACTIVE)
    _count(request, "succeeded")
    role = UserRole.ADMIN if user["is_admin"] else UserRole.USER
    credentials = await accounts.sessions.open(user["id"], user["username"], role, session_id)
    return _logged_in(request, credentials, _say(request, "登录成功", "Logged in."), _told(accounts, request, outcome))


async def _refresh(accounts: Accounts, request: Request) -> Response:
    credentials = await accounts.sessions.renew(await _refresh_token(request))
    return _logged_in(request, credentials, _say(request, "更新成功", "Renewed."), {})


async def _log_out(accounts: Accounts, request: Request) -> Response:
    """By refresh token, so that it works with an access token that has expired."""
    user_id, session_id = await accounts.sessions.session_of(await _refresh_token(request))
    command = commands.LogOut(user_id=user_id, session_id=session_id)
    asking = _Asking(request, context.LOG_OUT, {"session_id": session_id}, repeatable=False)
    outcome = await _submit(accounts, asking, command)
    response = _done(accounts, request, outcome, None, _say(request, "已退出登录", "Logged out."))
    for name, path in ((TOKEN_COOKIE, "/"), (REFRESH_COOKIE, f"{API_PREFIX}/auth")):
        response.delete_cookie(name, path, httponly=True, samesite="strict")
    return response


async def _change_password(accounts: Accounts, request: Request) -> Response:
    user = caller(request.scope)
    body = await _body(requests.PasswordChange, request)
    known = await _find(accounts, "find_by_id", id=user.id)
    if known is None:
        raise Unauthenticated(_say(request, "用户不存在", "There is no such user."), AUTHENTICATION_FAILED)
    await accounts.sessions.count_attempt(known["email"])
    if not await accounts.passwords.matches(body.current_password.get_secret_value(), known["password_hash"]):
        raise Unauthenticated(_say(request, "密码错误", "The current password is wrong."), AUTHENTICATION_FAILED)
    await accounts.sessions.forget_failures(known["email"])
    command = commands.ChangePassword(
        user_id=user.id,
        password_hash=SecretStr(await accounts.passwords.hash(body.new_password.get_secret_value())),
        session_id=user.session_id,
    )
    asking = _Asking(request, context.CHANGE_PASSWORD, {}, secret_part=body.new_password.get_secret_value())
    outcome = await _submit(accounts, asking, command)
    return _done(accounts, request, outcome, None, _say(request, "更新成功", "The password was changed."))


async def _update_profile(accounts: Accounts, request: Request) -> Response:
    user_id = _own_id(request)
    body = await _body(requests.Profile, request)
    command = commands.UpdateProfile(user_id=user_id, username=body.username, avatar_url=body.avatar_url)
    asking = _Asking(request, context.UPDATE_PROFILE, body.model_dump(exclude_none=True))
    outcome = await _submit(accounts, asking, command)
    return _done(accounts, request, outcome, outcome.body, _say(request, "更新成功", "Updated."))


async def _change_api_keys(accounts: Accounts, request: Request) -> Response:
    user_id = _own_id(request)
    keys = (await _body(requests.ApiKeys, request)).by_provider()
    sealed = {
        provider: SecretBytes(accounts.seal.close(key, f"{user_id} {provider}")) if key else None
        for provider, key in keys.items()
    }
    shown = {"changed": list(keys)}
    asking = _Asking(request, context.CHANGE_API_KEYS, shown, secret_part=repr(sorted(keys.items())))
    outcome = await _submit(accounts, asking, commands.ChangeApiKeys(user_id=user_id, ciphertexts=sealed))
    return _done(accounts, request, outcome, outcome.body, _say(request, "更新成功", "Updated."))


async def _add_user(accounts: Accounts, request: Request) -> Response:
    body = await _body(requests.NewUser, request)
    password = body.password.get_secret_value() if body.password is not None else _made_up_password()
    key = idempotency_key(headers_of(request.scope))
    await _refuse_taken(accounts, body.username, body.email, key)
    command = commands.RegisterUser(
        user_id=_new_user_id(accounts.sessions.secret, key),
        username=body.username,
        email=body.email,
        password_hash=SecretStr(await accounts.passwords.hash(password)),
        is_admin=body.is_admin,
    )
    shown = {"username": body.username, "email": body.email, "is_admin": body.is_admin}
    asking = _Asking(
        request, context.REGISTER, shown, by_admin=True, repeatable=body.password is not None, secret_part=password
    )
    outcome = await _submit(accounts, asking, command)
    data = outcome.body | ({"password": password} if body.password is None else {})
    return _done(accounts, request, outcome, data, _say(request, "创建成功", "Created."))


async def _disable(accounts: Accounts, request: Request) -> Response:
    body = await _body(requests.Deactivation, request, empty_is=requests.Deactivation())
    command = commands.DeactivateUser(user_id=_path_id(request), reason=body.reason)
    asking = _Asking(request, context.DEACTIVATE, body.model_dump(exclude_none=True), by_admin=True)
    outcome = await _submit(accounts, asking, command)
    return _done(accounts, request, outcome, outcome.body, _say(request, "更新成功", "Disabled."))


async def _enable(accounts: Accounts, request: Request) -> Response:
    asking = _Asking(request, context.REACTIVATE, {}, by_admin=True)
    outcome = await _submit(accounts, asking, commands.ReactivateUser(user_id=_path_id(request)))
    return _done(accounts, request, outcome, outcome.body, _say(request, "更新成功", "Enabled."))


async def _reset_password(accounts: Accounts, request: Request) -> Response:
    body = await _body(requests.PasswordReset, request, empty_is=requests.PasswordReset())
    password = body.new_password.get_secret_value() if body.new_password is not None else _made_up_password()
    password_hash = SecretStr(await accounts.passwords.hash(password))
    command = commands.ChangePassword(user_id=_path_id(request), password_hash=password_hash)
    asking = _Asking(
        request,
        context.CHANGE_PASSWORD,
        {},
        by_admin=True,
        repeatable=body.new_password is not None,
        secret_part=password,
    )
    outcome = await _submit(accounts, asking, command)
    data = {"password": password} if body.new_password is None else None
    return _done(accounts, request, outcome, data, _say(request, "更新成功", "The password was reset."))


@dataclass(frozen=True, slots=True)
class _Asking:
    """A request on its way to being a command: what the inbox may keep of it, and what it may not.

    With `repeatable` an Idempotency-Key counts: an answer that tells a secret once is not repeated.
    """

    request: Request
    command_type: str
    shown: Mapping[str, Any]
    secret_part: str = ""
    by_admin: bool = False
    repeatable: bool = True


async def _submit(accounts: Accounts, asking: _Asking, command: commands.AccountCommand) -> Outcome:
    """The outcome, which may be a refusal. Raises Rejected when the command was not taken."""
    scope = asking.request.scope
    key = idempotency_key(headers_of(scope)) if asking.repeatable else None
    command_id = command_id_of(key)
    route = accounts.registry.command(asking.command_type)
    assert route is not None, "the accounts context declares its commands"
    hashed = orjson.dumps([asking.command_type, scope["path"], asking.shown, asking.secret_part])
    submission = Submission(
        route=route,
        command=command,
        given=Given(command_id, route.type, command.user_id, datetime.now(UTC)),
        idempotency_key=key or f"cmd-{command_id}",
        keyed=key is not None,
        request_hash=digest(accounts.sessions.secret, hashed, "sha256").hex(),
        payload=asking.shown,
        path=scope["path"],
        actor_id=caller(scope).id if asking.by_admin else None,
    )
    try:
        return await accounts.writer.submit(submission)
    except (StoreUnavailable, Overloaded) as error:
        raise not_taken(error) from None


def _done(accounts: Accounts, request: Request, outcome: Outcome, data: Any, message: str) -> Response:
    headers = _told(accounts, request, outcome)
    if outcome.refusal is not None:
        return problem_response(outcome.body, headers)
    return _json(envelope(data, message), headers)


def _told(accounts: Accounts, request: Request, outcome: Outcome) -> dict[str, str]:
    return answer_headers(headers_of(request.scope), outcome, accounts.epoch)


def _logged_in(request: Request, credentials: Credentials, message: str, headers: Mapping[str, str]) -> Response:
    """Tokens in the body, and in cookies for a page of ours, which can keep them nowhere safer."""
    seconds = round((credentials.expires_at - datetime.now(UTC)).total_seconds())
    data = {
        "userId": credentials.user.id,
        "token": credentials.access_token,
        "refreshToken": credentials.refresh_token,
        "expiresIn": seconds,
    }
    for_tools = {"access_token": credentials.access_token, "token_type": "bearer", "expires_in": seconds}
    response = _json(envelope(data, message) | for_tools, headers)
    if access_of(request.scope).is_own_origin(request.headers.get("origin")):
        refresh_seconds = round((credentials.refresh_expires_at - datetime.now(UTC)).total_seconds())
        is_secure = request.headers["origin"].startswith("https:")
        cookies = (
            (TOKEN_COOKIE, credentials.access_token, "/", seconds),
            (REFRESH_COOKIE, credentials.refresh_token, f"{API_PREFIX}/auth", refresh_seconds),
        )
        for name, value, path, lifetime in cookies:
            response.set_cookie(name, value, lifetime, path=path, httponly=True, samesite="strict", secure=is_secure)
    return response


def _json(body: Mapping[str, Any], headers: Mapping[str, str]) -> Response:
    kept_nowhere = {"Cache-Control": "no-store"}
    return Response(orjson.dumps(body), headers={**headers, **kept_nowhere}, media_type="application/json")


async def _body(model: type[Model], request: Request, *, empty_is: Model | None = None) -> Model:
    sent = await read_body(request.receive, headers_of(request.scope))
    if sent is None and empty_is is not None:
        return empty_is
    return _parsed(model, sent or {})


async def _login_body(request: Request) -> requests.Login:
    """JSON, or the form of OAuth2."""
    headers = headers_of(request.scope)
    if headers.get("content-type", "").split(";")[0].strip().lower() != FORM:
        return await _body(requests.Login, request)
    raw = bytearray()
    async for piece in request.stream():
        raw += piece
        if len(raw) > FORM_BYTES_MAX:
            raise Rejected("BODY_TOO_LARGE", f"A form may have at most {FORM_BYTES_MAX // 1024} KiB.")
    try:
        fields = parse_qs(raw.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=20)
    except ValueError:
        raise Rejected("MALFORMED_JSON", "The form can't be read.") from None
    return _parsed(requests.LoginForm, {name: values[0] for name, values in fields.items()}).as_login()


def _parsed(model: type[Model], sent: Mapping[str, Any]) -> Model:
    try:
        return model.model_validate(sent)
    except ValidationError as error:
        # Without what was sent: it may be a password.
        errors = tuple(field_error(item, typed=True) for item in error.errors(include_url=False, include_input=False))
        first = errors[0]
        raise Rejected("VALIDATION_ERROR", f"{first.pointer or '/'}: {first.message}", errors=errors) from None


async def _refresh_token(request: Request) -> str:
    """From the body, or for a page of ours from its cookie. Raises Unauthenticated without one."""
    body = await _body(requests.Refresh, request, empty_is=requests.Refresh())
    if body.refresh_token is not None:
        return body.refresh_token
    cookie = SimpleCookie(request.headers.get("cookie", "")).get(REFRESH_COOKIE)
    if cookie is None or not access_of(request.scope).is_own_origin(request.headers.get("origin")):
        raise Unauthenticated("Send the refresh token as refreshToken.")
    return cookie.value


async def _refuse_taken(accounts: Accounts, username: str, email: str, key: str | None) -> None:
    """Before the work of hashing, unless it may be a repeat; what comes in between is found by the constraint."""
    if key is not None:
        return
    taken = await _find(accounts, "find_taken", username=username, email=email)
    assert taken is not None, "a query without FROM has one row"
    if taken["email"]:
        raise context.email_taken()
    if taken["username"]:
        raise context.username_taken()


async def _find(accounts: Accounts, block: str, **parameters: Any) -> dict[str, Any] | None:
    async with accounts.sessions.pool.connection() as connection:
        return await (await connection.execute(_SQL[block], parameters)).fetchone()


def _new_user_id(secret: bytes, key: str | None) -> UUID:
    """The same again for the same key, so that a repeat finds the command that made the user."""
    return uuid4() if key is None else UUID(bytes=digest(secret, b"user " + key.encode(), "sha256")[:16], version=4)


def _made_up_password() -> str:
    return secrets.token_urlsafe(MADE_UP_PASSWORD_BYTES)


def _own_id(request: Request) -> UUID:
    user: User = caller(request.scope)
    if (user_id := _path_id(request)) != user.id:
        raise Forbidden("Users change only themselves.")
    return user_id


def _path_id(request: Request) -> UUID:
    try:
        return UUID(request.path_params["user_id"])
    except ValueError:
        detail = "This is no id."
        raise Rejected("VALIDATION_ERROR", detail, errors=(FieldError("/user_id", "uuid_parsing", detail),)) from None


def _count(request: Request, outcome: str) -> None:
    LOGINS_TOTAL.labels(outcome).inc()
    log.info("login", outcome=outcome, address=_address(request))


def _address(request: Request) -> str:
    return admission_of(request.scope).addresses.address(request.scope)


def _say(request: Request, chinese: str, english: str) -> str:
    return english if _wants_english(request) else chinese


def _in_language(request: Request, rejected: Rejected) -> Rejected:
    """Some refusals are also known in Chinese, which is what is spoken here unless English is asked for."""
    extra = dict(rejected.extra)
    chinese = extra.pop("zh", None)
    detail = rejected.detail if chinese is None or _wants_english(request) else chinese
    return Rejected(rejected.code, detail, errors=rejected.errors, **extra)


def _wants_english(request: Request) -> bool:
    return request.headers.get("accept-language", "").strip().lower().startswith("en")
