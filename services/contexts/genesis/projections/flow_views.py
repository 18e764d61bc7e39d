"""Read model of flows, stage records, links, settings and transitions, and the reads behind `/genesis`."""

from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Any, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field

from services.contexts.conversations.bodies import round_body
from services.contexts.conversations.values import Role
from services.contexts.genesis.bodies import (
    flow_body,
    instance_body,
    link_body,
    process_body,
    settings_body,
    stage_body,
)
from services.contexts.genesis.events import (
    CONVERSATION_EVENTS,
    FLOW_EVENTS,
    LINK_EVENTS,
    SETTINGS_EVENTS,
    STAGE_EVENTS,
    ConceptProposed,
    FlowAbandoned,
    FlowAdvanced,
    FlowCompleted,
    FlowCreated,
    FlowPaused,
    FlowResumed,
    GenerationFailed,
    GenerationStarted,
    GenesisEvent,
    PrimaryChanged,
    SeedRequested,
    SessionBound,
    SessionFailed,
    SessionFinished,
    SessionStarted,
    SessionUnbound,
    SettingsConfirmed,
    SettingsSaved,
    StageCompleted,
    StageConfigUpdated,
    StageCreated,
    StageFailed,
    StagePaused,
    StageResumed,
    StageSessionUpdated,
    StageSuperseded,
    TransitionRecorded,
)
from services.contexts.genesis.values.stage_config import CONFIGS, config_schema, config_template
from services.kernel.commands import Id
from services.kernel.context import Projection, QueryAnswer, QueryRoute, Row, SqlFile, Statement
from services.kernel.decider import Rejected
from services.kernel.events import RecordedEvent
from services.kernel.json_text import json_text
from shared_types.enums import GenesisStage, StageSessionStatus

SQL = SqlFile("services.contexts.genesis.projections", "flow_views.sql")

Rows = Sequence[Sequence[Row]]


def project(event: GenesisEvent, recorded: RecordedEvent) -> Iterable[Statement]:
    """The writes of one event."""
    common = {**recorded.payload, "user_id": recorded.user_id, "at": recorded.occurred_at}
    match event:
        case FlowCreated():
            yield Statement("insert_flow", {**common, "state": json_text(event.state)})
        case FlowAdvanced():
            yield Statement("advance_flow", common)
        case FlowPaused():
            yield Statement("pause_flow", {**common, "paused_at": recorded.occurred_at.isoformat()})
        case FlowResumed():
            yield Statement("resume_flow", common)
        case FlowAbandoned():
            yield Statement("abandon_flow", common)
        case FlowCompleted():
            yield Statement("complete_flow", {**common, "completed_at": event.completed_at})
        case SessionStarted():
            yield Statement("set_mode", {"mode": event.mode, "flow_id": recorded.aggregate_id})
        case StageCreated():
            yield Statement(
                "insert_record", {**common, "config": json_text(event.config), "started_at": event.started_at}
            )
            yield Statement("begin_flow_at", common)
        case StagePaused():
            yield Statement("set_record_status", {**common, "status": "PAUSED"})
        case StageResumed():
            yield Statement("set_record_status", {**common, "status": "RUNNING"})
        case StageSuperseded():
            yield Statement("supersede_record", common)
        case StageFailed():
            yield Statement("fail_record", {**common, "error": json_text(event.error)})
        case StageConfigUpdated():
            yield Statement("set_config", {**common, "config": json_text(event.config)})
        case StageCompleted():
            result, metrics = json_text(event.result), json_text(event.metrics)
            yield Statement(
                "complete_record", {**common, "result": result, "metrics": metrics, "notes": event.completion_notes}
            )
        case TransitionRecorded():
            yield Statement("insert_transition", {**common, "transition_data": json_text(event.transition_data)})
        case SessionBound():
            yield Statement("insert_link", common)
            yield Statement("touch_record", common)
        case StageSessionUpdated():
            changed = event.changed
            values = {"status": changed.get("status"), "session_kind": changed.get("session_kind")}
            yield Statement("update_link", {**common, **values})
            yield Statement("touch_record", common)
        case SessionUnbound():
            yield Statement("delete_link", common)
            yield Statement("touch_record", common)
        case PrimaryChanged():
            yield Statement("unset_primary", common)
            if event.to_session_id is not None:
                yield Statement("set_primary", common)
            yield Statement("touch_record", common)
        case SettingsSaved():
            yield Statement("insert_settings", {**common, "settings": json_text(event.settings)})
            yield Statement("count_version", common)
        case SettingsConfirmed():
            yield Statement("unconfirm", common)
            yield Statement("confirm", common)
            yield Statement("set_confirmed_version", common)
        case ConceptProposed() | GenerationFailed() | GenerationStarted() | SeedRequested():
            return
        case SessionFinished() | SessionFailed():
            return
        case _:
            assert_never(event)


PROJECTION = Projection(
    "flows",
    "core",
    SQL,
    (*FLOW_EVENTS, *STAGE_EVENTS, *LINK_EVENTS, *SETTINGS_EVENTS, *CONVERSATION_EVENTS),
    project,
)

Limit = Annotated[int, Field(ge=1, le=200)]
Offset = Annotated[int, Field(ge=0, le=10_000_000)]


class _Query(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class FlowQuery(_Query):
    """The flow of a novel."""

    novel_id: Id


class ProcessQuery(_Query):
    """A flow by its own id."""

    process_id: Id


class StageQuery(_Query):
    """A stage record."""

    stage_id: Id


class StageSessionsQuery(StageQuery):
    """Sessions of a record, the primary one first."""

    status: StageSessionStatus | None = None
    limit: Limit = 50
    offset: Offset = 0


class StageRoundsQuery(StageQuery):
    """Rounds of all sessions of a record, by time."""

    role: Role | None = None
    session_id: Id | None = None
    order: Literal["asc", "desc"] = "asc"
    limit: Limit = 50
    offset: Offset = 0


class SettingsListQuery(_Query):
    """Settings versions of a record, the newest first."""

    instance_id: Id
    limit: Limit = 50
    offset: Offset = 0


class SettingsQuery(_Query):
    """One settings version."""

    instance_id: Id
    version: Annotated[int, Field(ge=1, le=1_000_000)]


class ConfigQuery(_Query):
    """The configuration form of a stage."""

    stage: GenesisStage


class NothingQuery(_Query):
    """No parameters."""


def _show_flow(query: FlowQuery, rows: Rows) -> QueryAnswer:
    flow = _found(rows[0], "FLOW_NOT_FOUND", "Flow not found")
    return QueryAnswer(flow_body(flow, rows[1]), version=flow["version"])


def _list_transitions(query: FlowQuery, rows: Rows) -> QueryAnswer:
    _found(rows[0], "FLOW_NOT_FOUND", "Flow not found")
    return QueryAnswer(list(rows[1]))


def _show_process(query: ProcessQuery, rows: Rows) -> QueryAnswer:
    flow = _found(rows[0], "PROCESS_NOT_FOUND", "Process not found")
    return QueryAnswer(process_body(flow), version=flow["version"])


def _list_instances(query: ProcessQuery, rows: Rows) -> QueryAnswer:
    flow = _found(rows[0], "PROCESS_NOT_FOUND", "Process not found")
    return QueryAnswer([instance_body(row, flow["status"]) for row in rows[1]])


def _show_stage(query: StageQuery, rows: Rows) -> QueryAnswer:
    return QueryAnswer(stage_body(_stage(rows)))


def _list_links(query: StageSessionsQuery, rows: Rows) -> QueryAnswer:
    _stage(rows)
    return QueryAnswer([link_body(row, row["session"]) for row in rows[1]], headers=_total(rows[2]))


def _show_active_session(query: StageQuery, rows: Rows) -> QueryAnswer:
    record = _stage(rows)
    primary = next((link_body(row, row["session"]) for row in rows[1] if row["is_primary"]), None)
    body = {
        "stage": stage_body(record),
        "active_session": primary and primary["session"],
        "association": primary,
    }
    return QueryAnswer(body)


def _list_stage_rounds(query: StageRoundsQuery, rows: Rows) -> QueryAnswer:
    _stage(rows)
    return QueryAnswer([round_body(row, row["created_at"]) for row in rows[1]], headers=_total(rows[2]))


def _list_settings(query: SettingsListQuery, rows: Rows) -> QueryAnswer:
    _found(rows[0], "STAGE_NOT_FOUND", "Stage instance not found")
    body = [settings_body(row, is_confirmed=row["is_confirmed"]) for row in rows[1]]
    return QueryAnswer(body, headers=_total(rows[2]))


def _show_settings(query: SettingsQuery, rows: Rows) -> QueryAnswer:
    _found(rows[0], "STAGE_NOT_FOUND", "Stage instance not found")
    row = _found(rows[1], "VERSION_NOT_FOUND", f"There is no version {query.version}.")
    return QueryAnswer(settings_body(row, is_confirmed=row["is_confirmed"]))


def _stage(rows: Rows) -> Row:
    return _found(rows[0], "STAGE_NOT_FOUND", "Stage not found")


def _found(rows: Sequence[Row], code: str, detail: str) -> Row:
    if not rows:
        raise Rejected(code, detail)
    return rows[0]


def _total(rows: Sequence[Row]) -> dict[str, str]:
    return {"X-Total-Count": str(rows[0]["total"])}


def _reads(*names: str, **more: Any) -> Callable[[BaseModel], list[Statement]]:
    return lambda query: [Statement(name, {**more, **query.model_dump()}) for name in names]


def _round_reads(query: StageRoundsQuery) -> list[Statement]:
    parameters = {**query.model_dump(), "descending": query.order == "desc"}
    return [Statement(name, parameters) for name in ("read_record", "list_stage_rounds", "count_stage_rounds")]


def _no_reads(query: BaseModel) -> list[Statement]:
    return []


_FLOW = "/genesis/flows/{novel_id}"
_PROCESS = "/genesis/processes/{process_id}"
_STAGE = "/genesis/stages/{stage_id}"
_SETTINGS = "/genesis/instances/{instance_id}/settings"
_CONFIG = "/genesis/stages/{stage}/config"

QUERIES = (
    QueryRoute(
        "/genesis/stages/config/schemas", NothingQuery, SQL, _no_reads,
        lambda query, rows: QueryAnswer({stage: config_schema(stage) for stage in CONFIGS}), public=True,
    ),
    QueryRoute(
        f"{_CONFIG}/schema", ConfigQuery, SQL, _no_reads,
        lambda query, rows: QueryAnswer(config_schema(query.stage)), public=True,
    ),
    QueryRoute(
        f"{_CONFIG}/template", ConfigQuery, SQL, _no_reads,
        lambda query, rows: QueryAnswer(config_template(query.stage)), public=True,
    ),
    QueryRoute(_FLOW, FlowQuery, SQL, _reads("read_flow", "list_records_of_novel"), _show_flow),
    QueryRoute(f"{_FLOW}/transitions", FlowQuery, SQL, _reads("read_flow", "list_transitions"), _list_transitions),
    QueryRoute(_PROCESS, ProcessQuery, SQL, _reads("read_process"), _show_process),
    QueryRoute(
        f"{_PROCESS}/instances", ProcessQuery, SQL, _reads("read_process", "list_records_of_process"), _list_instances
    ),
    QueryRoute(_STAGE, StageQuery, SQL, _reads("read_record"), _show_stage),
    QueryRoute(
        f"{_STAGE}/sessions", StageSessionsQuery, SQL, _reads("read_record", "list_links", "count_links"), _list_links
    ),
    QueryRoute(
        f"{_STAGE}/active-session", StageQuery, SQL,
        _reads("read_record", "list_links", status=None, limit=200, offset=0), _show_active_session,
    ),
    QueryRoute(f"{_STAGE}/rounds", StageRoundsQuery, SQL, _round_reads, _list_stage_rounds),
    QueryRoute(
        _SETTINGS, SettingsListQuery, SQL, _reads("read_instance", "list_settings", "count_settings"), _list_settings
    ),
    QueryRoute(
        f"{_SETTINGS}/{{version}}", SettingsQuery, SQL, _reads("read_instance", "read_settings"), _show_settings
    ),
)  # fmt: skip
