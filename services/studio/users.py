"""`studio user` and `studio token`: who may use this studio, through its own command API.

Whoever can read the installation's secret operates it, so the commands need no login of their own.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import httpx
from rich.console import Console
from rich.table import Table

from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.ports import LOOPBACK

FIRST_NAME: Final = "founder"
FIRST_EMAIL: Final = "founder@example.com"
OPERATOR: Final = "studio"
PAGE_SIZE: Final = 100
ANSWER_SECONDS_MAX: Final = 30.0
PROGRAM_TOKEN_LIFETIME: Final = timedelta(days=30)

Account = Mapping[str, Any]


class _Refused(StudioError):
    """An API's problem document."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem["detail"]), remedy="`studio user list` shows who there is.")


@dataclass(frozen=True, slots=True)
class Administration:
    """The running studio's users, asked as an admin."""

    http: httpx.Client
    command_url: str
    query_url: str

    def all(self) -> Iterator[Account]:
        """Every user, page by page, the newest first. Raises StudioError."""
        number = 1
        while True:
            page = self._ask("GET", f"{self.query_url}/api/v1/users", {"page": number, "pageSize": PAGE_SIZE})
            yield from page["items"]
            if number * PAGE_SIZE >= page["total"]:
                return
            number += 1

    def find(self, name: str) -> Account:
        """The user with this name or address. Raises StudioError."""
        for user in self.all():
            if name in (user["username"], user["id"]) or name.lower() == user["email"]:
                return user
        raise StudioError(f"There is no user {name}.", remedy="`studio user list` shows who there is.")

    def add(self, name: str, email: str, *, is_admin: bool) -> Account:
        """A new user, with the `password` that was made up for them. Raises StudioError."""
        body = {"username": name, "email": email, "isAdmin": is_admin}
        made: Account = self._ask("POST", f"{self.command_url}/api/v1/users", body)
        return made

    def post(self, user: Account, action: str) -> Account:
        """Does something to a user. Raises StudioError."""
        done: Account = self._ask("POST", f"{self.command_url}/api/v1/users/{user['id']}/{action}", {})
        return done

    def _ask(self, method: str, url: str, sent: Mapping[str, Any]) -> Any:
        try:
            response = self.http.get(url, params=sent) if method == "GET" else self.http.post(url, json=sent)
        except httpx.HTTPError as error:
            raise StudioError(
                f"{url} does not answer: {error}.", remedy="Look at `studio status`; then ask again."
            ) from error
        if response.is_error:
            raise _Refused(response.json())
        return response.json()["data"]


@contextmanager
def administration(installation: Installation, command_port: int, query_port: int) -> Iterator[Administration]:
    """The users of a studio whose APIs are at these ports."""
    # Imported late: `studio --help` starts faster without it.
    from services.runtime.access import UserRole, issue_token  # noqa: PLC0415

    token = issue_token(installation.ensure_secret(), OPERATOR, UserRole.ADMIN)
    headers = {"Authorization": f"Bearer {token}", "Accept-Language": "en"}
    with httpx.Client(timeout=ANSWER_SECONDS_MAX, headers=headers) as http:
        yield Administration(http, f"http://{LOOPBACK}:{command_port}", f"http://{LOOPBACK}:{query_port}")


@contextmanager
def running_administration(installation: Installation) -> Iterator[Administration]:
    """The running studio's users. Raises StudioError when none is running."""
    running = installation.require_running()
    with administration(installation, running.command_port, running.query_port) as users:
        yield users


def first_login(installation: Installation, command_port: int, query_port: int) -> tuple[str, str] | None:
    """Address and password of the first user, made if there is none yet; else None. Raises StudioError."""
    with administration(installation, command_port, query_port) as users:
        if next(users.all(), None) is not None:
            return None
        made = users.add(FIRST_NAME, FIRST_EMAIL, is_admin=True)
        return made["email"], made["password"]


def program_token(installation: Installation, name: str) -> str:
    """A bearer token of a user, for a program. Raises StudioError when there is no such user."""
    from services.runtime.access import User, UserRole, issue_access_token  # noqa: PLC0415

    with running_administration(installation) as users:
        account = users.find(name)
    role = UserRole.ADMIN if account["isAdmin"] else UserRole.USER
    user = User(UUID(account["id"]), account["username"], role)
    return issue_access_token(installation.ensure_secret(), user, PROGRAM_TOKEN_LIFETIME)[0]


def show_users(users: Administration, console: Console) -> None:
    """A table of all users."""
    table = Table("name", "address", "role", "state", "since", box=None, pad_edge=False)
    for user in users.all():
        role, state = "admin" if user["isAdmin"] else "user", "active" if user["isActive"] else "disabled"
        table.add_row(user["username"], user["email"], role, state, user["createdAt"][:10])
    console.print(table)
