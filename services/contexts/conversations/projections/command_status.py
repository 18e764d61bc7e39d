"""Reads of commands: their status, the one that is pending, and the endpoints that are gone."""

from collections.abc import Sequence
from typing import Any, NoReturn

from pydantic import BaseModel, ConfigDict

from services.contexts.conversations.responses import CommandStatusResponse, PendingCommandResponse
from services.kernel.commands import Id
from services.kernel.context import OWNER, QueryAnswer, QueryRoute, Row, SqlFile, Statement
from services.kernel.decider import Rejected
from shared_types.enums import CommandStatus

SQL = SqlFile("services.contexts.conversations.projections", "command_status.sql")

Rows = Sequence[Sequence[Row]]


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class CommandQuery(_Query):
    """A command by id."""

    command_id: Id


class SessionCommandQuery(CommandQuery):
    """A command of a session."""

    session_id: Id


class PendingCommandQuery(_Query):
    """The newest open command of a session."""

    session_id: Id


def command_status_body(command: Row) -> dict[str, Any]:
    """CommandStatusResponse; `command` is an inbox row with its `tasks`."""
    tasks = command["tasks"]
    is_over = command["status"] in (CommandStatus.COMPLETED, CommandStatus.FAILED)
    result = command["result"]
    body = {
        "command_id": command["id"],
        "type": command["command_type"],
        "status": command["status"],
        "session_id": command["session_id"],
        "flow_id": command["flow_id"],
        "stage_id": command["stage_id"],
        "correlation_id": command["id"],
        "submitted_at": command["created_at"],
        "started_at": command["started_at"],
        "completed_at": command["completed_at"],
        "progress": 100 if is_over else sum(task["progress"] for task in tasks) / max(1, len(tasks)),
        "tasks": tasks,
        # The stored first answer of a typed command wraps its result.
        "result": result["result"] if isinstance(result, dict) and "accepted" in result else result,
    }
    if command["status"] == CommandStatus.FAILED:
        details = command["error_details"] or {}
        body |= {"error_message": command["error_message"], "error_code": details.get("code"), "error": details}
    return body


def _show_command(query: CommandQuery, rows: Rows) -> QueryAnswer:
    if not rows[0]:
        raise Rejected("COMMAND_NOT_FOUND", "Command not found")
    command = rows[0][0]
    written = None if command["position"] is None else (command["lane"], command["position"])
    return QueryAnswer(command_status_body(command), written=written)


def _show_pending(query: PendingCommandQuery, rows: Rows) -> QueryAnswer:
    if not rows[0]:
        raise Rejected("SESSION_NOT_FOUND", "Session not found")
    command = rows[1][0] if rows[1] else {"id": None, "command_type": None, "status": None, "created_at": None}
    body = {
        "command_id": command["id"],
        "command_type": command["command_type"],
        "status": command["status"],
        "submitted_at": command["created_at"],
    }
    return QueryAnswer(body)


def _gone(query: BaseModel, rows: Rows) -> NoReturn:
    raise Rejected("GONE", "This endpoint was removed.", replacement="/genesis/flows/{novel_id}")


_SESSION = "/conversations/sessions/{session_id}"

QUERIES = (
    QueryRoute(
        "/commands/{command_id}", CommandQuery, SQL,
        lambda query: [Statement("read_command", {"session_id": None, **query.model_dump()})], _show_command,
        response=CommandStatusResponse, rule=OWNER,
    ),
    QueryRoute(
        f"{_SESSION}/commands/{{command_id}}", SessionCommandQuery, SQL,
        lambda query: [Statement("read_command", query.model_dump())], _show_command,
        response=CommandStatusResponse, rule=OWNER,
    ),
    QueryRoute(
        f"{_SESSION}/pending-command", PendingCommandQuery, SQL,
        lambda query: [Statement(name, query.model_dump()) for name in ("read_session_exists", "read_pending_command")],
        _show_pending, response=PendingCommandResponse, rule=OWNER,
    ),
    QueryRoute(f"{_SESSION}/stage", PendingCommandQuery, SQL, lambda query: [], _gone, response=None, rule=OWNER),
    QueryRoute(
        f"{_SESSION}/stage/validate", PendingCommandQuery, SQL, lambda query: [], _gone,
        response=None, rule=OWNER,
    ),
    QueryRoute(f"{_SESSION}/stage/lock", PendingCommandQuery, SQL, lambda query: [], _gone, response=None, rule=OWNER),
)  # fmt: skip
