"""`studio user` and `studio token`: who may use this studio."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from rich.console import Console
from rich.table import Table

from services.studio.errors import StudioError
from services.studio.installation import Installation
from services.studio.running_apis import RunningApis, apis_at, running_apis

FIRST_NAME: Final = "founder"
FIRST_EMAIL: Final = "founder@example.com"
OPERATOR: Final = "studio"
REMEDY: Final = "`studio user list` shows who there is."
PAGE_SIZE: Final = 100
PROGRAM_TOKEN_LIFETIME: Final = timedelta(days=30)

Account = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Administration:
    """The running studio's users."""

    apis: RunningApis

    def has_admin(self) -> bool:
        """Whether one of them is an admin. Raises StudioError."""
        return bool(self.apis.get("/users", {"isAdmin": True, "pageSize": 1})["data"]["total"])

    def all(self) -> Iterator[Account]:
        """Every user, page by page, the newest first. Raises StudioError."""
        number = 1
        while True:
            page = self.apis.get("/users", {"page": number, "pageSize": PAGE_SIZE})["data"]
            yield from page["items"]
            if number * PAGE_SIZE >= page["total"]:
                return
            number += 1

    def find(self, name: str) -> Account:
        """The user with this name, address or id. Raises StudioError."""
        for user in self.all():
            if name in (user["username"], user["id"]) or name.lower() == user["email"]:
                return user
        raise StudioError(f"There is no user {name}.", remedy=REMEDY)

    def add(self, name: str, email: str, *, is_admin: bool) -> Account:
        """A new user, with the `password` that was made up for them. Raises StudioError."""
        made: Account = self.apis.post("/users", {"username": name, "email": email, "isAdmin": is_admin})["data"]
        return made

    def post(self, user: Account, action: str) -> Account:
        """Does something to a user. Raises StudioError."""
        done: Account = self.apis.post(f"/users/{user['id']}/{action}")["data"]
        return done


@contextmanager
def running_administration(installation: Installation) -> Iterator[Administration]:
    """The running studio's users. Raises StudioError when none is running."""
    with running_apis(installation, user_name=OPERATOR, remedy=REMEDY) as apis:
        yield Administration(apis)


def first_login(installation: Installation, command_port: int, query_port: int) -> tuple[str, str] | None:
    """Address and password of the first admin, made if there is none yet; else None. Raises StudioError.

    Others may have registered before: the studio is open to them from the moment on that it is ready.
    """
    with apis_at(installation, command_port, query_port, user_name=OPERATOR, remedy=REMEDY) as apis:
        users = Administration(apis)
        if users.has_admin():
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
