"""Read model of flows, stage records, links, settings and transitions, and the reads behind `/genesis`."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Annotated, Any, Literal, assert_never

from pydantic import BaseModel, ConfigDict, Field

from services.contexts.conversations.bodies import round_body
from services.contexts.conversations.responses import RoundResponse
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
    GENESIS_EVENTS,
    BranchCreated,
    BranchMerged,
    ConsistencyChecked,
    ConsistencyCheckRequested,
    ContentConfirmed,
    ContentProposed,
    ContentRequested,
    ContentRevised,
    ExportCompleted,
    ExportRequested,
    FlowAbandoned,
    FlowAdvanced,
    FlowCompleted,
    FlowCreated,
    FlowEvent,
    FlowPaused,
    FlowResumed,
    GenerationFailed,
    GenerationStarted,
    GenesisEvent,
    PrimaryChanged,
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
from services.contexts.genesis.responses import (
    ActiveSessionResponse,
    FlowResponse,
    GenesisProcessResponse,
    StageInstanceResponse,
    StageResponse,
    StageSessionResponse,
    StageSettingsResponse,
    TransitionResponse,
)
from services.contexts.genesis.values.stage_config import CONFIGS, config_schema, config_template
from services.kernel.commands import Id
from services.kernel.context import OWNER, PUBLIC, Projection, QueryAnswer, QueryRoute, Row, SqlFile, Statement
from services.kernel.decider import Rejected
from services.kernel.events import RecordedEvent
from services.kernel.rows import Delete, Insert, Merge, RowChange, Update
from shared_types.enums import GenesisStage, GenesisStatus, StageSessionStatus, StageStatus

SQL = SqlFile("services.contexts.genesis.projections", "flow_views.sql")
FLOWS = "genesis_flows"
RECORDS = "genesis_stage_records"
LINKS = "genesis_stage_sessions"
SETTINGS = "genesis_stage_settings"
TRANSITIONS = "genesis_stage_transitions"
BRANCHES = "genesis_branches"
ASSESSMENTS = "genesis_stage_assessments"

Rows = Sequence[Sequence[Row]]


def project(event: GenesisEvent, recorded: RecordedEvent) -> Iterable[RowChange]:
    """The changes of one event."""
    match event:
        case FlowCreated() | FlowAdvanced() | FlowPaused() | FlowResumed() | FlowAbandoned() | FlowCompleted():
            return _of_flow(event, recorded)
        case StageCreated() | TransitionRecorded():
            return _of_new_record(event, recorded)
        case (
            StagePaused() | StageResumed() | StageSuperseded() | StageFailed() | StageConfigUpdated() | StageCompleted()
        ):
            return _of_record(event, recorded.occurred_at)
        case SessionBound() | StageSessionUpdated() | SessionUnbound() | PrimaryChanged():
            touched = Update(RECORDS, {"id": event.stage_id}, {"updated_at": recorded.occurred_at})
            return (*_of_link(event, recorded), touched)
        case SettingsSaved() | SettingsConfirmed():
            return _of_settings(event, recorded)
        case SessionStarted():
            return (Update(FLOWS, {"id": recorded.aggregate_id}, {"mode": event.mode}),)
        case BranchCreated():
            return (_new_branch(event, recorded),)
        case BranchMerged():
            return (Update(BRANCHES, {"id": event.branch_id}, {"merged_version": event.settings_version}),)
        case ContentProposed() | ContentRevised():
            # The content is a version of its own, which `SettingsSaved` tells.
            return _assessed(event, recorded)
        case ContentRequested() | GenerationStarted() | GenerationFailed() | ContentConfirmed():
            return ()
        case ConsistencyChecked():
            return (_checked(event, recorded.occurred_at),)
        case ConsistencyCheckRequested() | ExportRequested() | ExportCompleted():
            return ()
        case SessionFinished() | SessionFailed():
            return ()
        case _:
            assert_never(event)


def _of_flow(event: FlowEvent, recorded: RecordedEvent) -> Iterable[RowChange]:
    at = recorded.occurred_at
    if isinstance(event, FlowCreated):
        yield Insert(
            FLOWS,
            {
                "id": event.flow_id,
                "novel_id": event.novel_id,
                "user_id": recorded.user_id,
                "status": event.status,
                "current_stage": event.current_stage,
                "mode": event.mode,
                "navigation": event.navigation,
                "version": event.version,
                "state": event.state,
                "created_at": at,
                "updated_at": at,
            },
        )
    else:
        changes = {**_flow_changes(event, at), "version": event.version, "updated_at": at}
        yield Update(FLOWS, {"id": event.flow_id}, changes)


def _flow_changes(
    event: FlowAdvanced | FlowPaused | FlowResumed | FlowAbandoned | FlowCompleted, at: datetime
) -> dict[str, Any]:
    match event:
        case FlowAdvanced():
            return {"current_stage": event.to_stage, "current_stage_id": event.to_stage_id}
        case FlowPaused():
            paused = Merge(put={"pause_reason": event.reason, "paused_at": at.isoformat()})
            return {"status": GenesisStatus.PAUSED, "state": paused}
        case FlowResumed():
            resumed = Merge(remove=frozenset({"pause_reason", "paused_at"}))
            return {"status": GenesisStatus.IN_PROGRESS, "state": resumed}
        case FlowAbandoned():
            return {"status": GenesisStatus.ABANDONED}
        case FlowCompleted():
            return {"status": GenesisStatus.COMPLETED, "completed_at": event.completed_at}
        case _:
            assert_never(event)


def _of_new_record(event: StageCreated | TransitionRecorded, recorded: RecordedEvent) -> Iterable[RowChange]:
    at = recorded.occurred_at
    match event:
        case StageCreated():
            yield Insert(
                RECORDS,
                {
                    "id": event.stage_id,
                    "flow_id": event.flow_id,
                    "user_id": recorded.user_id,
                    "stage": event.stage,
                    "status": event.status,
                    "config": event.config,
                    "iteration_count": event.iteration_count,
                    "sequence_number": event.sequence_number,
                    "is_current": event.is_current,
                    "started_at": event.started_at,
                    "created_at": at,
                    "updated_at": at,
                },
            )
            # A flow's first record is its current one.
            yield Update(FLOWS, {"id": event.flow_id, "current_stage_id": None}, {"current_stage_id": event.stage_id})
        case TransitionRecorded():
            yield Insert(
                TRANSITIONS,
                {
                    "id": event.transition_id,
                    "from_stage_id": event.from_stage_id,
                    "to_stage_id": event.to_stage_id,
                    "user_id": recorded.user_id,
                    "transition_data": event.transition_data,
                    "created_at": at,
                },
            )
        case _:
            assert_never(event)


def _of_record(
    event: StagePaused | StageResumed | StageSuperseded | StageFailed | StageConfigUpdated | StageCompleted,
    at: datetime,
) -> Iterable[RowChange]:
    if isinstance(event, StageSuperseded):
        # A pass that was still open ends with its place taken; only one record of a flow may be RUNNING.
        yield Update(RECORDS, {"id": event.stage_id, "status": StageStatus.RUNNING}, {"status": StageStatus.PAUSED})
    yield Update(RECORDS, {"id": event.stage_id}, {**_record_changes(event, at), "updated_at": at})


def _record_changes(
    event: StagePaused | StageResumed | StageSuperseded | StageFailed | StageConfigUpdated | StageCompleted,
    at: datetime,
) -> dict[str, Any]:
    match event:
        case StagePaused():
            return {"status": StageStatus.PAUSED}
        case StageResumed():
            return {"status": StageStatus.RUNNING}
        case StageSuperseded():
            return {"is_current": False}
        case StageFailed():
            return {"status": StageStatus.FAILED, "result": {"reason": event.reason, "error": event.error}}
        case StageConfigUpdated():
            return {"config": event.config}
        case StageCompleted():
            return {
                "status": StageStatus.COMPLETED,
                "is_current": False,
                "result": event.result,
                "metrics": Merge(put=event.metrics),
                "notes": event.completion_notes,
                "completed_at": at,
            }
        case _:
            assert_never(event)


def _of_link(
    event: SessionBound | StageSessionUpdated | SessionUnbound | PrimaryChanged, recorded: RecordedEvent
) -> Iterable[RowChange]:
    at = recorded.occurred_at
    match event:
        case SessionBound():
            yield Insert(
                LINKS,
                {
                    "id": event.link_id,
                    "stage_id": event.stage_id,
                    "session_id": event.session_id,
                    "user_id": recorded.user_id,
                    "status": event.status,
                    "is_primary": event.is_primary,
                    "session_kind": event.session_kind,
                    "created_at": at,
                    "updated_at": at,
                },
            )
        case StageSessionUpdated():
            names = ("status", "session_kind")
            changed = {name: event.changed[name] for name in names if event.changed.get(name) is not None}
            yield Update(LINKS, {"id": event.link_id}, {**changed, "updated_at": at})
        case SessionUnbound():
            yield Delete(LINKS, {"id": event.link_id})
        case PrimaryChanged():
            # Before the next is set, because a record has at most one.
            yield Update(
                LINKS, {"stage_id": event.stage_id, "is_primary": True}, {"is_primary": False, "updated_at": at}
            )
            if event.to_session_id is not None:
                link = {"stage_id": event.stage_id, "session_id": event.to_session_id}
                yield Update(LINKS, link, {"is_primary": True, "updated_at": at})
        case _:
            assert_never(event)


def _of_settings(event: SettingsSaved | SettingsConfirmed, recorded: RecordedEvent) -> Iterable[RowChange]:
    at = recorded.occurred_at
    match event:
        case SettingsSaved():
            yield Insert(
                SETTINGS,
                {
                    "id": event.settings_id,
                    "stage_id": event.stage_id,
                    "user_id": recorded.user_id,
                    "version": event.version,
                    "settings": event.settings,
                    "summary": event.summary,
                    "source": event.source,
                    "branch_id": event.branch_id,
                    "quality_score": event.quality,
                    "command_id": event.command_id,
                    "created_by": event.created_by,
                    "created_at": at,
                },
            )
            counted = {"latest_version": event.version, "iteration_count": event.iteration_count}
            yield Update(RECORDS, {"id": event.stage_id}, {**counted, "updated_at": at})
        case SettingsConfirmed():
            # Before the next is set, because a record has at most one.
            yield Update(SETTINGS, {"stage_id": event.stage_id, "is_confirmed": True}, {"is_confirmed": False})
            version = {"stage_id": event.stage_id, "version": event.version}
            yield Update(SETTINGS, version, {"is_confirmed": True})
            confirmed = {"confirmed_version": event.version, "updated_at": at}
            yield Update(RECORDS, {"id": event.stage_id}, confirmed)
        case _:
            assert_never(event)


def _new_branch(event: BranchCreated, recorded: RecordedEvent) -> RowChange:
    return Insert(
        BRANCHES,
        {
            "id": event.branch_id,
            "stage_id": event.stage_id,
            "session_id": event.session_id,
            "parent_session_id": event.parent_session_id,
            "user_id": recorded.user_id,
            "label": event.label,
            "description": event.description,
            "base_version": event.base_version,
            "base_round_path": event.base_round_path,
            "settings_version": event.settings_version,
            "created_at": recorded.occurred_at,
        },
    )


def _checked(event: ConsistencyChecked, at: datetime) -> RowChange:
    """The last check stands among the record's measures until the next."""
    found = {"score": event.score, "issues": event.issues, "settings_version": event.settings_version}
    return Update(RECORDS, {"id": event.stage_id}, {"metrics": Merge(put={"consistency": found}), "updated_at": at})


def _assessed(event: ContentProposed | ContentRevised, recorded: RecordedEvent) -> Iterable[RowChange]:
    if event.quality_score is None:
        return
    yield Insert(
        ASSESSMENTS,
        {
            "stage_id": event.stage_id,
            "version": event.settings_version,
            "user_id": recorded.user_id,
            "quality_score": event.quality_score,
            "quality": event.quality,
            "suggestions": event.suggestions,
            "needs_optimization": event.needs_optimization,
            "consistency": event.consistency,
            "generation_metadata": event.generation_metadata,
            "created_at": recorded.occurred_at,
        },
    )


PROJECTION = Projection(
    "flows",
    "core",
    (FLOWS, RECORDS, LINKS, SETTINGS, TRANSITIONS, BRANCHES, ASSESSMENTS),
    GENESIS_EVENTS,
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
        lambda query, rows: QueryAnswer({stage: config_schema(stage) for stage in CONFIGS}),
        response=dict[str, Any], rule=PUBLIC,
    ),
    QueryRoute(
        f"{_CONFIG}/schema", ConfigQuery, SQL, _no_reads,
        lambda query, rows: QueryAnswer(config_schema(query.stage)),
        response=dict[str, Any], rule=PUBLIC,
    ),
    QueryRoute(
        f"{_CONFIG}/template", ConfigQuery, SQL, _no_reads,
        lambda query, rows: QueryAnswer(config_template(query.stage)),
        response=dict[str, Any], rule=PUBLIC,
    ),
    QueryRoute(
        _FLOW, FlowQuery, SQL, _reads("read_flow", "list_records_of_novel"), _show_flow,
        response=FlowResponse, rule=OWNER,
    ),
    QueryRoute(
        f"{_FLOW}/transitions", FlowQuery, SQL, _reads("read_flow", "list_transitions"), _list_transitions,
        response=list[TransitionResponse], rule=OWNER,
    ),
    QueryRoute(
        _PROCESS, ProcessQuery, SQL, _reads("read_process"), _show_process,
        response=GenesisProcessResponse, rule=OWNER,
    ),
    QueryRoute(
        f"{_PROCESS}/instances", ProcessQuery, SQL, _reads("read_process", "list_records_of_process"), _list_instances,
        response=list[StageInstanceResponse], rule=OWNER,
    ),
    QueryRoute(_STAGE, StageQuery, SQL, _reads("read_record"), _show_stage, response=StageResponse, rule=OWNER),
    QueryRoute(
        f"{_STAGE}/sessions", StageSessionsQuery, SQL, _reads("read_record", "list_links", "count_links"), _list_links,
        response=list[StageSessionResponse], rule=OWNER,
    ),
    QueryRoute(
        f"{_STAGE}/active-session", StageQuery, SQL,
        _reads("read_record", "list_links", status=None, limit=200, offset=0), _show_active_session,
        response=ActiveSessionResponse, rule=OWNER,
    ),
    QueryRoute(
        f"{_STAGE}/rounds", StageRoundsQuery, SQL, _round_reads, _list_stage_rounds,
        response=list[RoundResponse], rule=OWNER,
    ),
    QueryRoute(
        _SETTINGS, SettingsListQuery, SQL, _reads("read_instance", "list_settings", "count_settings"), _list_settings,
        response=list[StageSettingsResponse], rule=OWNER,
    ),
    QueryRoute(
        f"{_SETTINGS}/{{version}}", SettingsQuery, SQL, _reads("read_instance", "read_settings"), _show_settings,
        response=StageSettingsResponse, rule=OWNER,
    ),
)  # fmt: skip
