"""How novels and flows change with each event. No rules here: the event has happened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from services.contexts.genesis.decider.state import (
    Branch,
    Flow,
    Link,
    Novel,
    OpenCommand,
    Settings,
    StageRecord,
    Totals,
)
from services.contexts.genesis.events import (
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
    FlowPaused,
    FlowResumed,
    GenerationFailed,
    GenerationStarted,
    GenesisEvent,
    NovelCreated,
    NovelDeleted,
    NovelEvent,
    NovelGenesisCompleted,
    NovelUpdated,
    PrimaryChanged,
    RevisionRequested,
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
    subject_of,
)
from shared_types.enums import CommandStatus, GenesisStatus, StageSessionStatus, StageStatus


def evolve_novel(novel: Novel | None, event: NovelEvent, at: datetime) -> Novel:
    """The novel after an event."""
    if isinstance(event, NovelCreated):
        return Novel(
            id=event.novel_id,
            user_id=event.user_id,
            title=event.title,
            theme=event.theme,
            writing_style=event.writing_style,
            description=event.description,
            target_chapters=event.target_chapters,
            status=event.status,
            version=event.version,
            created_at=at,
            updated_at=at,
        )
    assert novel is not None, "a novel begins with its creation"
    match event:
        case NovelUpdated():
            return replace(novel, **event.changed, version=event.version, updated_at=at)
        case NovelDeleted():
            return replace(novel, deleted=True, updated_at=at)
        case NovelGenesisCompleted():
            return replace(
                novel,
                status=event.new_status,
                title=event.title,
                theme=event.theme,
                writing_style=event.writing_style,
                target_chapters=event.target_chapters,
                version=event.version,
                updated_at=at,
            )
        case _:
            assert_never(event)


def evolve_flow(flow: Flow | None, event: GenesisEvent, at: datetime) -> Flow:
    """The flow after an event."""
    if isinstance(event, FlowCreated):
        return Flow(
            id=event.flow_id,
            novel_id=event.novel_id,
            user_id=event.user_id,
            status=event.status,
            current_stage=event.current_stage,
            current_stage_id=None,
            mode=event.mode,
            navigation=event.navigation,
            state=event.state,
            version=event.version,
            created_at=at,
            updated_at=at,
        )
    assert flow is not None, "a flow begins with its creation"
    match event:
        case FlowAdvanced():
            flow = replace(flow, current_stage=event.to_stage, current_stage_id=event.to_stage_id)
            return replace(flow, version=event.version, updated_at=at)
        case FlowPaused():
            state = {**flow.state, "pause_reason": event.reason, "paused_at": at.isoformat()}
            return replace(flow, status=GenesisStatus.PAUSED, state=state, version=event.version, updated_at=at)
        case FlowResumed():
            state = {key: value for key, value in flow.state.items() if key not in ("pause_reason", "paused_at")}
            return replace(flow, status=GenesisStatus.IN_PROGRESS, state=state, version=event.version, updated_at=at)
        case FlowAbandoned():
            return replace(flow, status=GenesisStatus.ABANDONED, version=event.version, updated_at=at)
        case FlowCompleted():
            flow = replace(flow, status=GenesisStatus.COMPLETED, completed_at=event.completed_at)
            return replace(flow, version=event.version, updated_at=at)
        case StageCreated():
            return _with_new_record(flow, event, at)
        case SessionStarted():
            started = flow.started_sessions.insert(event.session_id, event.stage_id)
            return replace(flow, mode=event.mode, started_sessions=started, idea=flow.idea or event.initial_input)
        case ContentRequested() | ConsistencyCheckRequested() | ExportRequested():
            command = OpenCommand(event.command_id, event.command_type, event.stage_id, event.session_id)
            flow = replace(flow, open_commands=flow.open_commands.insert(command.id, command))
            return _with_remark(flow, event, at) if isinstance(event, ContentRequested) else flow
        case GenerationFailed() | ConsistencyChecked() | ExportCompleted():
            return replace(flow, open_commands=flow.open_commands.discard(event.command_id))
        case GenerationStarted():
            return _with_begun_command(flow, event.command_id)
        case SessionFinished() | SessionFailed() | TransitionRecorded():
            return flow
        case ContentConfirmed() | BranchMerged():
            return flow
        case SettingsSaved():
            flow = replace(flow, open_commands=flow.open_commands.discard(event.command_id))
            return _with_record(flow, event.stage_id, lambda record: _with_settings(record, event, at), at)
        case SessionBound():
            return _with_record(flow, event.stage_id, lambda record: _with_link(record, event, at), at)
        case StageSessionUpdated():
            return _with_record(flow, event.stage_id, lambda record: _with_changed_link(record, event, at), at)
        case SessionUnbound():
            return _with_record(flow, event.stage_id, lambda record: _without_link(record, event.session_id), at)
        case PrimaryChanged():
            return _with_record(flow, event.stage_id, lambda record: _with_primary(record, event, at), at)
        case SettingsConfirmed():
            version = event.version
            return _with_record(flow, event.stage_id, lambda record: replace(record, confirmed_version=version), at)
        case ContentProposed() | ContentRevised():
            return _with_record(flow, event.stage_id, lambda record: _with_result_counted(record, event), at)
        case BranchCreated():
            branch = Branch(event.branch_id, event.label, event.session_id, event.base_version, at)
            return _with_record(flow, event.stage_id, lambda r: replace(r, branches=(*r.branches, branch)), at)
        case (
            StagePaused() | StageResumed() | StageSuperseded() | StageFailed() | StageConfigUpdated() | StageCompleted()
        ):
            return _with_record(flow, event.stage_id, lambda record: _moved(record, event, at), at)
        case _:
            assert_never(event)


def _with_new_record(flow: Flow, event: StageCreated, at: datetime) -> Flow:
    record = StageRecord(
        id=event.stage_id,
        flow_id=flow.id,
        stage=event.stage,
        status=event.status,
        sequence_number=event.sequence_number,
        is_current=event.is_current,
        config=event.config,
        result=None,
        metrics=None,
        iteration_count=event.iteration_count,
        started_at=event.started_at,
        completed_at=None,
        created_at=at,
        updated_at=at,
    )
    current_stage_id = flow.current_stage_id or record.id
    return replace(flow, records=(*flow.records, record), current_stage_id=current_stage_id)


def _with_record(flow: Flow, stage_id: UUID, change: Callable[[StageRecord], StageRecord], at: datetime) -> Flow:
    records = tuple(replace(change(r), updated_at=at) if r.id == stage_id else r for r in flow.records)
    return replace(flow, records=records)


def _moved(
    record: StageRecord,
    event: StagePaused | StageResumed | StageSuperseded | StageFailed | StageConfigUpdated | StageCompleted,
    at: datetime,
) -> StageRecord:
    match event:
        case StagePaused():
            return replace(record, status=StageStatus.PAUSED)
        case StageResumed():
            return replace(record, status=StageStatus.RUNNING)
        case StageSuperseded():
            # A pass that was still open ends with its place taken; only one record may be RUNNING.
            status = StageStatus.PAUSED if record.status is StageStatus.RUNNING else record.status
            return replace(record, is_current=False, status=status)
        case StageFailed():
            return replace(record, status=StageStatus.FAILED, result={"reason": event.reason, "error": event.error})
        case StageConfigUpdated():
            return replace(record, config=event.config)
        case StageCompleted():
            return replace(
                record,
                status=StageStatus.COMPLETED,
                is_current=False,
                result=event.result,
                metrics=event.metrics,
                notes=event.completion_notes,
                completed_at=at,
            )
        case _:
            assert_never(event)


def _with_settings(record: StageRecord, event: SettingsSaved, at: datetime) -> StageRecord:
    settings = Settings(
        id=event.settings_id,
        stage_id=event.stage_id,
        version=event.version,
        settings=event.settings,
        summary=event.summary,
        source=event.source,
        branch_id=event.branch_id,
        quality_score=event.quality,
        created_by=event.created_by,
        created_at=at,
    )
    versions = record.versions.insert(event.version, settings)
    return replace(record, versions=versions, iteration_count=event.iteration_count)


def _with_link(record: StageRecord, event: SessionBound, at: datetime) -> StageRecord:
    link = Link(
        id=event.link_id,
        stage_id=event.stage_id,
        session_id=event.session_id,
        status=event.status,
        is_primary=event.is_primary,
        session_kind=event.session_kind,
        created_at=at,
        updated_at=at,
    )
    return replace(record, links=(*record.links, link))


def _with_changed_link(record: StageRecord, event: StageSessionUpdated, at: datetime) -> StageRecord:
    def change(link: Link) -> Link:
        if link.session_id != event.session_id:
            return link
        status = StageSessionStatus(event.changed.get("status", link.status))
        kind = event.changed.get("session_kind", link.session_kind)
        return replace(link, status=status, session_kind=kind, updated_at=at)

    return replace(record, links=tuple(change(link) for link in record.links))


def _without_link(record: StageRecord, session_id: UUID) -> StageRecord:
    return replace(record, links=tuple(link for link in record.links if link.session_id != session_id))


def _with_primary(record: StageRecord, event: PrimaryChanged, at: datetime) -> StageRecord:
    def change(link: Link) -> Link:
        is_primary = link.session_id == event.to_session_id
        return link if link.is_primary == is_primary else replace(link, is_primary=is_primary, updated_at=at)

    return replace(record, links=tuple(change(link) for link in record.links))


def _with_begun_command(flow: Flow, command_id: UUID) -> Flow:
    command = flow.open_commands.get(command_id)
    if command is None:
        return flow
    begun = replace(command, status=CommandStatus.PROCESSING)
    return replace(flow, open_commands=flow.open_commands.insert(command_id, begun))


def _with_remark(flow: Flow, event: ContentRequested, at: datetime) -> Flow:
    """What was said with a request: an idea, if none was told before, or what is wrong with a proposal."""
    if isinstance(event, RevisionRequested):
        said = event.user_feedback
        return _with_record(flow, event.stage_id, lambda record: replace(record, feedback=(*record.feedback, said)), at)
    return flow if flow.idea else replace(flow, idea=event.input.get("user_input") or None)


def _with_result_counted(record: StageRecord, event: ContentProposed | ContentRevised) -> StageRecord:
    if event.generation_metadata is None or event.quality_score is None:
        return record
    used: dict[str, Any] = event.generation_metadata
    totals, subject = record.totals, subject_of(event.TYPE)
    made = record.proposals.get(event.TYPE, 0) + isinstance(event, ContentProposed)
    return replace(
        record,
        scores=record.scores.insert(subject, (*record.scores.get(subject, ()), event.quality_score)),
        proposals=record.proposals.insert(event.TYPE, made),
        totals=Totals(
            generations=totals.generations + 1,
            tokens_in=totals.tokens_in + int(used.get("prompt_tokens") or 0),
            tokens_out=totals.tokens_out + int(used.get("completion_tokens") or 0),
            cost=totals.cost + float(used.get("cost") or 0),
            latency_ms=totals.latency_ms + int(used.get("generation_time_ms") or 0),
            quality_score=event.quality_score,
        ),
    )
