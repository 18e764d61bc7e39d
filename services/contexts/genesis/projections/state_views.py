"""The state of a genesis, as one body that a screen is drawn from; and tasks."""

from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict

from services.contexts.conversations.projections.command_status import command_status_body
from services.contexts.genesis.bodies import link_body
from services.contexts.genesis.responses import GenesisStateResponse, SessionStateResponse, TaskResponse
from services.contexts.genesis.values.available_actions import available_actions
from services.kernel.commands import Id
from services.kernel.context import OWNER, QueryAnswer, QueryRoute, Row, SqlFile, Statement
from services.kernel.decider import Rejected
from shared_types.enums import ScopeType

SQL = SqlFile("services.contexts.genesis.projections", "state_views.sql")

Rows = Sequence[Sequence[Row]]


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SessionStateQuery(_Query):
    """State as seen from a session."""

    session_id: Id


class FlowStateQuery(_Query):
    """State as seen from the novel; its session is the primary one."""

    novel_id: Id


class TaskQuery(_Query):
    """One task."""

    task_id: Id


_READS = (
    "read_state",
    "read_current_record",
    "read_newest_settings",
    "list_current_links",
    "list_open_commands",
)


def _state_reads(query: SessionStateQuery | FlowStateQuery) -> list[Statement]:
    parameters = {"session_id": None, "novel_id": None, **query.model_dump()}
    reads = [Statement(name, parameters) for name in _READS]
    if parameters["session_id"] is not None:
        reads.append(Statement("read_plain_session", parameters))
    return reads


def _show_session_state(query: SessionStateQuery, rows: Rows) -> QueryAnswer:
    if not rows[5]:
        raise Rejected("SESSION_NOT_FOUND", "Session not found")
    session = rows[5][0]
    if session["scope_type"] == ScopeType.GENESIS and rows[0]:
        return _show_state(rows)
    pending = [command_status_body(command) for command in rows[4]]
    body = {
        "session_id": session["id"],
        "is_pending": bool(pending),
        "pending_command": pending[0] if pending else None,
        "version": session["version"],
        "last_event_id": None,
    }
    return QueryAnswer(body, version=session["version"])


def _show_flow_state(query: FlowStateQuery, rows: Rows) -> QueryAnswer:
    if not rows[0]:
        raise Rejected("FLOW_NOT_FOUND", "Flow not found")
    return _show_state(rows)


def _show_state(rows: Rows) -> QueryAnswer:
    flow, record = rows[0][0], rows[1][0]
    newest = rows[2][0] if rows[2] else None
    pending = [command_status_body(command) for command in rows[4]]
    body = {
        "session_id": flow["session_id"],
        "flow_id": flow["id"],
        "novel_id": flow["novel_id"],
        "stage_id": flow["current_stage_id"],
        "status": flow["status"],
        "current_stage": flow["current_stage"],
        "mode": flow["mode"],
        "navigation": flow["navigation"],
        "is_pending": bool(pending),
        "pending_command_type": pending[0]["type"] if pending else None,
        "pending_command": pending[0] if pending else None,
        "pending_commands": pending,
        "confirmed_data": flow["confirmed_data"],
        "last_result": newest and _result(newest),
        "config": record["config"],
        "available_actions": available_actions(
            flow, record, newest and newest["settings"], {command["type"] for command in pending}
        ),
        "awaiting_user": flow["status"] == "IN_PROGRESS" and newest is not None and not pending,
        "sessions": [link_body(link, link["session"]) for link in rows[3]],
        "primary_session_id": flow["primary_session_id"],
        "iteration_count": record["iteration_count"],
        "version": flow["version"],
        "last_event_id": None,
    }
    return QueryAnswer(body, version=flow["version"])


def _result(settings: Row) -> dict[str, Any]:
    return {
        "version": settings["version"],
        "settings": settings["settings"],
        "source": settings["source"],
        "quality": settings["quality_score"],
        "suggestions": (settings["assessment"] or {}).get("suggestions", []),
        "assessment": settings["assessment"],
        "created_at": settings["created_at"],
    }


def _show_task(query: TaskQuery, rows: Rows) -> QueryAnswer:
    if not rows[0]:
        raise Rejected("TASK_NOT_FOUND", "Task not found")
    return QueryAnswer(dict(rows[0][0]))


QUERIES = (
    QueryRoute(
        "/conversations/sessions/{session_id}/state",
        SessionStateQuery,
        SQL,
        _state_reads,
        _show_session_state,
        response=GenesisStateResponse | SessionStateResponse,
        rule=OWNER,
    ),
    QueryRoute(
        "/genesis/sessions/{session_id}/state",
        SessionStateQuery,
        SQL,
        _state_reads,
        _show_session_state,
        response=GenesisStateResponse | SessionStateResponse,
        rule=OWNER,
    ),
    QueryRoute(
        "/genesis/flows/{novel_id}/state",
        FlowStateQuery,
        SQL,
        _state_reads,
        _show_flow_state,
        response=GenesisStateResponse,
        rule=OWNER,
    ),
    QueryRoute(
        "/genesis/tasks/{task_id}",
        TaskQuery,
        SQL,
        lambda query: [Statement("read_task", query.model_dump())],
        _show_task,
        response=TaskResponse,
        rule=OWNER,
    ),
)
