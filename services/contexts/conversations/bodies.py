"""The JSON bodies of the conversations API, the same whether built from a decision or from a row."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.contexts.conversations.values import state_of
from shared_types.enums import ScopeType, SessionStatus


def session_body(session: Mapping[str, Any], *, stage: str | None, is_busy: bool) -> dict[str, Any]:
    """SessionResponse. `stage` and `state` are derived; `status` shows PROCESSING while the session is busy."""
    metadata = session["metadata"]
    is_genesis = session["scope_type"] == ScopeType.GENESIS
    status = session["status"]
    return {
        "id": session["id"],
        "user_id": session["user_id"],
        "scope_type": session["scope_type"],
        "scope_id": session["scope_id"],
        "novel_id": session["scope_id"] if is_genesis else None,
        "title": session["title"],
        "status": SessionStatus.PROCESSING if is_busy and status == SessionStatus.ACTIVE else status,
        "stage": stage if is_genesis else metadata.get("stage"),
        "state": state_of(metadata),
        "metadata": metadata,
        "version": session["version"],
        "created_at": session["created_at"],
        "updated_at": session["updated_at"],
    }


def round_body(entry: Mapping[str, Any], created_at: datetime) -> dict[str, Any]:
    """RoundResponse, with both names of what was said. `entry` is a row or the event's payload."""
    return {
        "id": entry.get("round_id") or entry["id"],
        "session_id": entry["session_id"],
        "sequence_number": entry["sequence_number"],
        "round_path": entry["round_path"],
        "parent_path": entry["parent_path"],
        "role": entry["role"],
        "input": entry["input"],
        "content": entry["input"],
        "output": entry["output"],
        "response": entry["output"],
        "tool_calls": entry["tool_calls"],
        "model": entry["model"],
        "tokens_in": entry["tokens_in"],
        "tokens_out": entry["tokens_out"],
        "latency_ms": entry["latency_ms"],
        "cost": entry["cost"],
        "correlation_id": entry["correlation_id"],
        "created_at": created_at,
    }
