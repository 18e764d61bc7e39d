"""Reads of users: oneself, and for admins everybody and what they did."""

from collections.abc import Sequence
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from services.contexts.accounts.bodies import user_body
from services.contexts.accounts.responses import (
    ActionsPageResponse,
    ApiKeysResponse,
    UserResponse,
    UsersPageResponse,
)
from services.contexts.accounts.values import Provider
from services.kernel.commands import Id
from services.kernel.context import ADMIN, OWNER, QueryAnswer, QueryRoute, Row, SqlFile, Statement
from services.kernel.decider import Rejected

SQL: Final = SqlFile("services.contexts.accounts", "queries.sql")

Rows = Sequence[Sequence[Row]]


class Nothing(BaseModel):
    """No parameters."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class UserQuery(Nothing):
    """A user by id."""

    id: Id


class PageQuery(Nothing):
    """One page of a list."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=100, alias="pageSize")] = 20

    @property
    def bounds(self) -> dict[str, int]:
        """As SQL counts."""
        return {"limit": self.page_size, "offset": (self.page - 1) * self.page_size}


class UsersQuery(PageQuery):
    """One page of users: all, or those who are admins, or those who are not."""

    is_admin: Annotated[bool | None, Field(alias="isAdmin")] = None


class ActionsQuery(PageQuery):
    """What a user did."""

    id: Id


def _user(row: Row) -> dict[str, Any]:
    columns = dict(row)
    return user_body(columns.pop("id"), **columns)


def _show_me(query: Nothing, rows: Rows) -> QueryAnswer:
    if not rows[0]:
        raise Rejected("UNAUTHENTICATED", "There is no such user any more.", error={"code": 2000})
    return QueryAnswer(_user(rows[0][0]))


def _show_user(query: UserQuery, rows: Rows) -> QueryAnswer:
    if not rows[0]:
        # Somebody else, or nobody: the same answer.
        raise Rejected("FORBIDDEN", "Only the user and an admin may see this.")
    return QueryAnswer(_user(rows[0][0]))


def _show_api_keys(query: UserQuery, rows: Rows) -> QueryAnswer:
    _show_user(query, rows)
    there = {row["name"] for row in rows[1]}
    return QueryAnswer({f"has_{provider}_api_key": provider in there for provider in Provider})


def _list_users(query: UsersQuery, rows: Rows) -> QueryAnswer:
    return _page(query, rows[1], [_user(user) for user in rows[0]])


def _list_actions(query: ActionsQuery, rows: Rows) -> QueryAnswer:
    return _page(
        query,
        rows[1],
        [
            {
                "position": str(event["position"]),
                "eventType": event["event_type"],
                "aggregateType": event["aggregate_type"],
                "aggregateId": event["aggregate_id"],
                "scopeType": event["scope_type"],
                "scopeId": event["scope_id"],
                "actorId": event["actor_id"],
                "correlationId": event["correlation_id"],
                "createdAt": event["created_at"],
            }
            for event in rows[0]
        ],
    )


def _page(query: PageQuery, counted: Sequence[Row], items: list[dict[str, Any]]) -> QueryAnswer:
    return QueryAnswer({"page": query.page, "pageSize": query.page_size, "total": counted[0]["total"], "items": items})


QUERIES = (
    QueryRoute(
        "/auth/me", Nothing, SQL, lambda query: [Statement("read_me", {})], _show_me,
        rule=OWNER, response=UserResponse, enveloped=True,
    ),
    QueryRoute(
        "/users/{id}", UserQuery, SQL, lambda query: [Statement("read_user", {"id": query.id})], _show_user,
        rule=OWNER, response=UserResponse, enveloped=True,
    ),
    QueryRoute(
        "/users/{id}/api-keys/status", UserQuery, SQL,
        lambda query: [Statement(name, {"id": query.id}) for name in ("read_user", "list_api_keys")], _show_api_keys,
        rule=OWNER, response=ApiKeysResponse, enveloped=True,
    ),
    QueryRoute(
        "/users", UsersQuery, SQL,
        lambda query: [
            Statement("list_users", {"is_admin": query.is_admin, **query.bounds}),
            Statement("count_users", {"is_admin": query.is_admin}),
        ],
        _list_users,
        rule=ADMIN, response=UsersPageResponse, enveloped=True,
    ),
    QueryRoute(
        "/users/{id}/actions", ActionsQuery, SQL,
        lambda query: [
            Statement("list_actions", {"id": query.id, **query.bounds}), Statement("count_actions", {"id": query.id}),
        ],
        _list_actions, rule=ADMIN, response=ActionsPageResponse, enveloped=True,
    ),
)  # fmt: skip
