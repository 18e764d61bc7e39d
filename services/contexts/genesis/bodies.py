"""The JSON bodies of the genesis API, the same whether built from a decision or from rows.

A `record` is a mapping with the columns of `genesis_stage_records` and with `session_count` and
`primary_session_id`; the other arguments are mappings with the columns of their tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from services.contexts.genesis.values.stage_config import missing_fields
from services.contexts.genesis.values.stages import instance_status, progress
from shared_types.enums import GenesisStage, StageSessionStatus, StageStatus

Body = dict[str, Any]
Columns = Mapping[str, Any]


def novel_body(novel: Columns, flow: Columns | None, completed_stages: Iterable[str]) -> Body:
    """NovelResponse."""
    genesis = flow and {
        "flow_id": flow["id"],
        "status": flow["status"],
        "current_stage": flow["current_stage"],
        "percent": progress(set(completed_stages))["percent"],
    }
    names = (
        "id", "user_id", "title", "theme", "writing_style", "description", "status", "target_chapters",
        "completed_chapters", "version", "created_at", "updated_at",
    )  # fmt: skip
    return _picked(novel, names) | {"genesis": genesis}


def flow_body(flow: Columns, records: Sequence[Columns]) -> Body:
    """FlowResponse; `records` in the order of their creation."""
    names = (
        "id", "novel_id", "user_id", "status", "current_stage", "current_stage_id", "version", "state", "mode",
        "navigation", "created_at", "updated_at", "completed_at",
    )  # fmt: skip
    completed = {record["stage"] for record in records if record["status"] == StageStatus.COMPLETED}
    return _picked(flow, names) | {
        "stage_ids": {str(record["stage"]): record["id"] for record in records},
        "progress": progress(completed),
        "stages": [stage_body(record) for record in records],
    }


def stage_body(record: Columns) -> Body:
    """StageResponse, also used as StageSummary."""
    names = (
        "id", "flow_id", "stage", "status", "sequence_number", "is_current", "config", "result", "iteration_count",
        "metrics", "started_at", "completed_at", "created_at", "updated_at", "session_count", "primary_session_id",
        "latest_version", "confirmed_version",
    )  # fmt: skip
    missing = missing_fields(GenesisStage(record["stage"]), record["config"])
    return _picked(record, names) | {"config_complete": not missing, "missing_fields": missing}


def process_body(flow: Columns) -> Body:
    """GenesisProcessResponse."""
    names = ("id", "novel_id", "user_id", "status", "current_stage", "created_at", "updated_at", "completed_at")
    return _picked(flow, names)


def instance_body(record: Columns, flow_status: str) -> Body:
    """StageInstanceResponse."""
    names = (
        "id", "stage", "sequence_number", "is_current", "created_at", "completed_at", "session_count",
        "confirmed_version",
    )  # fmt: skip
    status = instance_status(record["status"], flow_status, is_current=record["is_current"])
    return _picked(record, names) | {"process_id": record["flow_id"], "status": status}


def settings_body(settings: Columns, *, is_confirmed: bool) -> Body:
    """StageSettingsResponse."""
    names = (
        "id", "version", "settings", "summary", "source", "branch_id", "quality_score", "created_by", "created_at",
    )  # fmt: skip
    return _picked(settings, names) | {"instance_id": settings["stage_id"], "is_confirmed": is_confirmed}


def link_body(link: Columns, session: Columns) -> Body:
    """StageSessionResponse; `session` has id, title, status, version, round_count."""
    names = ("id", "stage_id", "session_id", "status", "is_primary", "session_kind", "created_at", "updated_at")
    return _picked(link, names) | {
        "instance_id": link["stage_id"],
        "is_active": link["status"] == StageSessionStatus.ACTIVE,
        "session": _picked(session, ("id", "title", "status", "version", "round_count")),
    }


def _picked(columns: Columns, names: Sequence[str]) -> Body:
    return {name: columns[name] for name in names}
