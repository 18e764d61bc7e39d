"""Read model of sessions and rounds, and the reads behind `/conversations/sessions`."""

from collections.abc import Iterable, Sequence
from typing import Annotated, Any, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field

from services.contexts.conversations.bodies import round_body, session_body
from services.contexts.conversations.events import (
    EVENTS,
    ConversationEvent,
    RoundCreated,
    SessionCreated,
    SessionDeleted,
    SessionUpdated,
)
from services.contexts.conversations.responses import RoundResponse, SessionResponse, SessionWithRoundsResponse
from services.contexts.conversations.values import Role
from services.kernel.commands import Id
from services.kernel.context import OWNER, Projection, QueryAnswer, QueryRoute, Row, SqlFile, Statement
from services.kernel.decider import FieldError, Rejected
from services.kernel.events import RecordedEvent
from services.kernel.rows import Delete, Insert, RowChange, Update
from shared_types.enums import ScopeType, SessionStatus

SQL = SqlFile("services.contexts.conversations.projections", "sessions.sql")
SESSIONS = "conversation_sessions"
ROUNDS = "conversation_rounds"
ROUNDS_SHOWN_MAX = 200

Limit = Annotated[int, Field(ge=1, le=200)]
Offset = Annotated[int, Field(ge=0, le=10_000_000)]
Path = Annotated[str, Field(max_length=64)]


def project(event: ConversationEvent, recorded: RecordedEvent) -> Iterable[RowChange]:
    """The changes of one event."""
    at = recorded.occurred_at
    match event:
        case SessionCreated():
            yield Insert(
                SESSIONS,
                {
                    "id": event.session_id,
                    "user_id": event.user_id,
                    "scope_type": event.scope_type,
                    "scope_id": event.scope_id,
                    "title": event.title,
                    "status": event.status,
                    "metadata": event.metadata,
                    "version": event.version,
                    "created_at": at,
                    "updated_at": at,
                },
            )
        case SessionUpdated():
            names = ("status", "title", "metadata")
            changed = {name: event.changed[name] for name in names if event.changed.get(name) is not None}
            yield Update(SESSIONS, {"id": event.session_id}, {**changed, "version": event.version, "updated_at": at})
        case SessionDeleted():
            # Its rounds go with it (ON DELETE CASCADE).
            yield Delete(SESSIONS, {"id": event.session_id})
        case RoundCreated():
            yield Insert(
                ROUNDS,
                {
                    "id": event.round_id,
                    "session_id": event.session_id,
                    "user_id": recorded.user_id,
                    "round_path": event.round_path,
                    "parent_path": event.parent_path,
                    "sequence_number": event.sequence_number,
                    "role": event.role,
                    "input": event.input,
                    "output": event.output,
                    "tool_calls": event.tool_calls,
                    "model": event.model,
                    "tokens_in": event.tokens_in,
                    "tokens_out": event.tokens_out,
                    "latency_ms": event.latency_ms,
                    "cost": event.cost,
                    "correlation_id": event.correlation_id,
                    "created_at": at,
                },
            )
            # A round moves its session up in the list but is no new version of it.
            yield Update(
                SESSIONS, {"id": event.session_id}, {"round_sequence": event.sequence_number, "updated_at": at}
            )
        case _:
            assert_never(event)


PROJECTION = Projection("sessions", "core", (SESSIONS, ROUNDS), EVENTS, project)


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionQuery(_Query):
    """One session; `include=none` leaves its rounds out."""

    session_id: Id
    include: Literal["rounds", "none"] = "rounds"


class SessionListQuery(_Query):
    """Sessions of a scope; scope_type and scope_id come together, GENERAL needs no id."""

    scope_type: ScopeType | None = None
    scope_id: Annotated[str, Field(max_length=255)] | None = None
    status: SessionStatus | None = None
    limit: Limit = 50
    offset: Offset = 0


class RoundQuery(_Query):
    """One round by its path."""

    session_id: Id
    round_path: Path


class RoundListQuery(_Query):
    """Rounds of a session, strictly behind the round `after` in the chosen order."""

    session_id: Id
    after: Path | None = None
    limit: Limit = 50
    order: Literal["asc", "desc"] = "asc"
    role: Role | None = None


Rows = Sequence[Sequence[Row]]


def _show_session(query: SessionQuery, rows: Rows) -> QueryAnswer:
    session = _found(rows[0])
    body = _session(session)
    rounds = (
        [round_body(row, row["created_at"]) for row in rows[1][:ROUNDS_SHOWN_MAX]] if query.include == "rounds" else []
    )
    body |= {"session": _session(session), "rounds": rounds, "rounds_truncated": len(rows[1]) > ROUNDS_SHOWN_MAX}
    return QueryAnswer(body, version=session["version"])


def _list_sessions(query: SessionListQuery, rows: Rows) -> QueryAnswer:
    return QueryAnswer([_session(row) for row in rows[0]], headers={"X-Total-Count": str(rows[1][0]["total"])})


def _read_list(query: SessionListQuery) -> list[Statement]:
    needs_id = query.scope_type not in (None, ScopeType.GENERAL)
    if needs_id != (query.scope_id is not None) and query.scope_type is not ScopeType.GENERAL:
        detail = "scope_type and scope_id are needed together."
        absent = "/scope_id" if needs_id else "/scope_type"
        raise Rejected("VALIDATION_ERROR", detail, errors=(FieldError(absent, "missing", detail),))
    parameters = query.model_dump()
    return [Statement("list_sessions", parameters), Statement("count_sessions", parameters)]


def _show_round(query: RoundQuery, rows: Rows) -> QueryAnswer:
    _found(rows[0])
    if not rows[1]:
        raise Rejected("ROUND_NOT_FOUND", "Round not found")
    return QueryAnswer(round_body(rows[1][0], rows[1][0]["created_at"]))


def _read_rounds(query: RoundListQuery) -> list[Statement]:
    parameters = {**query.model_dump(), "descending": query.order == "desc"}
    reads = [Statement("read_session", parameters), Statement("list_rounds", parameters)]
    return reads if query.after is None else [*reads, Statement("find_cursor", parameters)]


def _list_rounds(query: RoundListQuery, rows: Rows) -> QueryAnswer:
    _found(rows[0])
    if query.after is not None and not rows[2]:
        raise Rejected("INVALID_CURSOR", f"There is no round {query.after} in this session.")
    shown = rows[1][: query.limit]
    headers = {"X-Next-Cursor": str(shown[-1]["round_path"])} if len(rows[1]) > query.limit else {}
    return QueryAnswer([round_body(row, row["created_at"]) for row in shown], headers=headers)


def _found(rows: Sequence[Row]) -> Row:
    if not rows:
        raise Rejected("SESSION_NOT_FOUND", "Session not found")
    return rows[0]


def _session(row: Row) -> dict[str, Any]:
    return session_body(row, stage=row["stage"], is_busy=row["is_busy"])


def _reads(*names: str) -> Any:
    return lambda query: [Statement(name, query.model_dump()) for name in names]


QUERIES = (
    QueryRoute(
        "/conversations/sessions",
        SessionListQuery,
        SQL,
        _read_list,
        _list_sessions,
        response=list[SessionResponse],
        rule=OWNER,
    ),
    QueryRoute(
        "/conversations/sessions/{session_id}",
        SessionQuery,
        SQL,
        _reads("read_session", "read_first_rounds"),
        _show_session,
        response=SessionWithRoundsResponse,
        rule=OWNER,
    ),
    QueryRoute(
        "/conversations/sessions/{session_id}/rounds",
        RoundListQuery,
        SQL,
        _read_rounds,
        _list_rounds,
        response=list[RoundResponse],
        rule=OWNER,
    ),
    QueryRoute(
        "/conversations/sessions/{session_id}/rounds/{round_path}",
        RoundQuery,
        SQL,
        _reads("read_session", "read_round"),
        _show_round,
        response=RoundResponse,
        rule=OWNER,
    ),
)
