"""Decisions about moving between stages: enter, complete, fail, configure."""

from typing import TYPE_CHECKING, Any, Literal
from uuid import UUID

from services.contexts.genesis.commands.flows import Advance, CreateStage, SwitchStage, UpdateConfig
from services.contexts.genesis.decider.answers import answer_config, answer_flow, answer_instance, answer_stage
from services.contexts.genesis.decider.draft import Draft, draft_of_flow, draft_of_stage, require_open
from services.contexts.genesis.decider.state import Flow, StageRecord
from services.contexts.genesis.decider.steps import confirmed_documents
from services.contexts.genesis.events import (
    FlowAdvanced,
    SettingsSaved,
    StageCompleted,
    StageConfigUpdated,
    StageCreated,
    StagePaused,
    StageResumed,
    StageSessionUpdated,
    StageSuperseded,
    TransitionRecorded,
)
from services.contexts.genesis.values.stage_config import CONFIGS, checked_config, missing_fields
from services.contexts.genesis.values.stages import STAGES, is_later, next_stage
from services.kernel.decider import Decision, FieldError, Given, Rejected
from services.kernel.scope import Scope
from shared_types.enums import GenesisStage, Navigation, SettingsSource, StageSessionStatus, StageStatus

if TYPE_CHECKING:
    from services.contexts.genesis.engine.concepts import ConsistencyIssue

Object = dict[str, Any]
BLOCKING_LEVEL = 3
"""An issue of this level or above keeps a stage from being completed."""

Direction = Literal["forward", "backward", "jump"]


def create_stage(command: CreateStage, given: Given, scope: Scope) -> Decision:
    """Enters a stage; 201 when that made a new record."""
    stage = parsed_stage(command.stage, pointer="/stage")
    draft = draft_of_flow(given, scope)
    before = {record.id for record in draft.flow.records}
    record = enter(draft, stage, config=command.payload.config, new_iteration=command.payload.new_iteration)
    answer = answer_stage(record.id, status=200 if record.id in before else 201)
    return draft.decision(answer, stage_id=record.id)


def switch_stage(command: SwitchStage, given: Given, scope: Scope) -> Decision:
    """Enters a stage; a move forward also needs the current configuration to be complete, unless forced."""
    stage = parsed_stage(command.payload.target_stage, pointer="/target_stage")
    draft = draft_of_flow(given, scope)
    record = switch(draft, stage, force=command.payload.force)
    return draft.decision(answer_flow(), stage_id=record.id)


def advance(command: Advance, given: Given, scope: Scope) -> Decision:
    """Completes a record and enters the next stage."""
    draft = draft_of_stage(given, scope, command.instance_id, missing="Stage instance not found")
    entered = complete(draft, draft.record(command.instance_id), data=command.payload.transition_data)
    return draft.decision(answer_instance(entered.id), stage_id=command.instance_id)


def update_config(command: UpdateConfig, given: Given, scope: Scope) -> Decision:
    """Replaces a record's configuration by a whole, valid one."""
    draft = draft_of_stage(given, scope, command.stage_id)
    record = draft.record(command.stage_id)
    if record.status is StageStatus.COMPLETED:
        raise Rejected("STAGE_CLOSED", "The stage record is completed.")
    apply_config(draft, record, checked_config(record.stage, command.payload, pointer=""))
    return draft.decision(answer_config(record.id), stage_id=record.id)


def switch(draft: Draft, stage: GenesisStage, *, force: bool = False) -> StageRecord:
    """Enters a stage at a user's wish; a move forward needs a complete configuration, unless forced."""
    require_open(draft.flow)
    if is_later(stage, draft.flow.current_stage) and not force:
        _require_complete_config(draft.flow.current())
    return enter(draft, stage)


def enter(
    draft: Draft, stage: GenesisStage, *, config: Object | None = None, new_iteration: bool = False
) -> StageRecord:
    """Makes a stage the current one and returns its record. Raises Rejected when it cannot be entered yet."""
    flow = draft.flow
    require_open(flow)
    checked = None if config is None else checked_config(stage, config, pointer="/config")
    current = flow.current()
    if stage is flow.current_stage:
        if new_iteration or current.status is StageStatus.FAILED:
            return _iterate(draft, current, checked)
    elif flow.navigation is Navigation.FREE_FORM and stage is not GenesisStage.FINISHED:
        _leave(draft, current, stage, direction="jump", data={})
    elif stage is next_stage(flow.current_stage):
        complete(draft, current)
    elif is_later(stage, flow.current_stage):
        raise Rejected("STAGE_NOT_REACHED", f"{stage} comes later; the current stage is {flow.current_stage}.")
    else:
        _leave(draft, current, stage, direction="backward", data={})
    record = draft.flow.current()
    if checked is not None:
        apply_config(draft, record, checked)
    return draft.record(record.id)


def complete(
    draft: Draft,
    record: StageRecord,
    *,
    result: Object | None = None,
    metrics: Object | None = None,
    notes: str | None = None,
    data: Object | None = None,
) -> StageRecord:
    """Completes the current record, archives its sessions and enters the next stage; returns the record entered."""
    following = next_stage(record.stage)
    if following is None:
        raise Rejected("ALREADY_FINAL_STAGE", "Already at final stage")
    require_completable(draft.flow, record)
    complete_record(draft, record, following, result=result, metrics=metrics, notes=notes)
    return _arrive(draft, record, following, direction="forward", data=data or {})


def require_completable(flow: Flow, record: StageRecord) -> None:
    """The gate: the record is the running one, something is confirmed, and nothing is under way."""
    require_open(flow)
    if not record.is_current or record.status is not StageStatus.RUNNING:
        raise Rejected("STAGE_CLOSED", f"The stage record is {record.status} and cannot be completed.")
    if record.confirmed_version is None:
        raise Rejected("STAGE_NOT_CONFIRMED", "Confirm a version of the settings first.")
    open_ids = [str(command.id) for command in flow.open_commands.values() if command.stage_id == record.id]
    if open_ids:
        raise Rejected("STAGE_BUSY", "A command of this stage is still open.", command_ids=open_ids)
    issues = [issue for issue in consistency_issues(flow, record) if issue.level >= BLOCKING_LEVEL]
    if issues:
        told = [issue.model_dump(mode="json") for issue in issues]
        raise Rejected("CONSISTENCY_BLOCKED", f"It does not fit together: {issues[0].message}", issues=told)


def consistency_issues(flow: Flow, record: StageRecord) -> "tuple[ConsistencyIssue, ...]":
    """What does not fit in a record's confirmed version."""
    # Imported late: the checks take time and memory to load, and few processes complete a stage.
    from services.contexts.genesis.engine.quality.consistency import find_issues  # noqa: PLC0415
    from services.contexts.genesis.engine.stage_requests import language_of_texts  # noqa: PLC0415

    assert record.confirmed is not None, "something is confirmed"
    document, confirmed = record.confirmed.settings, confirmed_documents(flow, record)
    language = language_of_texts(flow.idea, *(part for part in document.values() if isinstance(part, str)))
    return find_issues(record.stage, document, confirmed, record.config or {}, language)


def complete_record(
    draft: Draft,
    record: StageRecord,
    following: GenesisStage | None,
    *,
    result: Object | None = None,
    metrics: Object | None = None,
    notes: str | None = None,
) -> None:
    """The events that end a record; its sessions are archived and stay readable."""
    active = [link for link in record.links if link.status is StageSessionStatus.ACTIVE]
    draft.emit(
        StageCompleted(
            stage_id=record.id,
            stage=record.stage,
            sequence_number=record.sequence_number,
            result=result or _computed_result(record),
            metrics={**_computed_metrics(draft, record), **(metrics or {})},
            confirmed_version=record.confirmed_version,
            completion_notes=notes,
            next_stage=following,
            archived_session_ids=[link.session_id for link in active],
        )
    )
    for link in active:
        draft.emit(
            StageSessionUpdated(
                link_id=link.id,
                stage_id=record.id,
                session_id=link.session_id,
                changed={"status": StageSessionStatus.ARCHIVED},
            )
        )


def create_record(
    draft: Draft,
    stage: GenesisStage,
    *,
    config: Object | None = None,
    carried_from: StageRecord | None = None,
    iteration_count: int = 0,
    stage_id: UUID | None = None,
) -> StageRecord:
    """Begins a pass through a stage, with the configuration and newest confirmed settings of an earlier one."""
    newest = draft.flow.newest_of(stage)
    stage_id = stage_id or _new_record_id(draft, stage)
    draft.emit(
        StageCreated(
            stage_id=stage_id,
            flow_id=draft.flow.id,
            stage=stage,
            sequence_number=newest.sequence_number + 1 if newest is not None else 1,
            config=config if config is not None or carried_from is None else carried_from.config,
            iteration_count=iteration_count,
            carried_from_stage_id=carried_from and carried_from.id,
            started_at=draft.given.now,
        )
    )
    confirmed = draft.flow.newest_confirmed_of(stage)
    if confirmed is not None and confirmed.confirmed is not None:
        draft.emit(
            SettingsSaved(
                settings_id=draft.given.new_id("carryover", stage_id),
                stage_id=stage_id,
                version=1,
                settings=confirmed.confirmed.settings,
                summary=confirmed.confirmed.summary,
                source=SettingsSource.CARRYOVER,
                command_id=draft.given.command_id,
                iteration_count=iteration_count,
            )
        )
    return draft.record(stage_id)


def apply_config(draft: Draft, record: StageRecord, config: Object) -> None:
    """Gives the record this configuration, if it is another one."""
    changed = sorted(name for name in config if (record.config or {}).get(name) != config[name])
    if record.config is None or changed:
        draft.emit(StageConfigUpdated(stage_id=record.id, config=config, changed_fields=changed))


def parsed_stage(text: str, *, pointer: str) -> GenesisStage:
    """A stage by name. Raises Rejected INVALID_STAGE."""
    try:
        return GenesisStage(text)
    except ValueError:
        detail = f"There is no stage {text[:100]}; stages are {', '.join(STAGES)}."
        raise Rejected("INVALID_STAGE", detail, errors=(FieldError(pointer, "INVALID_STAGE", detail),)) from None


def _iterate(draft: Draft, current: StageRecord, config: Object | None) -> StageRecord:
    """A new pass through the current stage, in the place of the old one."""
    stage_id = _new_record_id(draft, current.stage)
    if current.status is StageStatus.RUNNING:
        _require_idle(draft.flow, current)
    draft.emit(StageSuperseded(stage_id=current.id, by_stage_id=stage_id))
    record = create_record(
        draft,
        current.stage,
        config=config,
        carried_from=current,
        iteration_count=current.iteration_count,
        stage_id=stage_id,
    )
    _record_move(draft, current, record, direction="jump", data={})
    return draft.record(record.id)


def _leave(
    draft: Draft, current: StageRecord, stage: GenesisStage, *, direction: Direction, data: Object
) -> StageRecord:
    if current.status is StageStatus.RUNNING:
        draft.emit(StagePaused(stage_id=current.id))
    return _arrive(draft, current, stage, direction=direction, data=data)


def _arrive(draft: Draft, left: StageRecord, stage: GenesisStage, *, direction: Direction, data: Object) -> StageRecord:
    """Resumes the stage's paused record or begins a new one, and records the move."""
    standing = draft.flow.current_of(stage)
    if standing is not None and standing.status is StageStatus.PAUSED:
        draft.emit(StageResumed(stage_id=standing.id))
        record = standing
    else:
        newest = draft.flow.newest_of(stage)
        if standing is not None:
            draft.emit(StageSuperseded(stage_id=standing.id, by_stage_id=_new_record_id(draft, stage)))
        record = create_record(draft, stage, carried_from=newest)
    _record_move(draft, left, record, direction=direction, data=data)
    return draft.record(record.id)


def _record_move(draft: Draft, left: StageRecord, entered: StageRecord, *, direction: Direction, data: Object) -> None:
    draft.emit(
        TransitionRecorded(
            transition_id=draft.given.new_id("transition", left.id, entered.id),
            from_stage_id=left.id,
            to_stage_id=entered.id,
            transition_data=data,
        )
    )
    draft.emit(
        FlowAdvanced(
            flow_id=draft.flow.id,
            from_stage=left.stage,
            to_stage=entered.stage,
            from_stage_id=left.id,
            to_stage_id=entered.id,
            direction=direction,
            version=draft.flow.version + 1,
        )
    )


def _new_record_id(draft: Draft, stage: GenesisStage) -> UUID:
    return draft.given.new_id("stage", stage, sum(record.stage is stage for record in draft.flow.records))


def _require_idle(flow: Flow, record: StageRecord) -> None:
    if any(command.stage_id == record.id for command in flow.open_commands.values()):
        raise Rejected("STAGE_BUSY", "A command of this stage is still open.")


def _require_complete_config(record: StageRecord) -> None:
    missing = missing_fields(record.stage, record.config)
    if missing:
        titles = [CONFIGS[record.stage].model_fields[name].title or name for name in missing]
        raise Rejected(
            "stage_config_incomplete",
            f"The configuration of {record.stage} is incomplete.",
            user_message=f"请先补全：{'、'.join(titles)}",
            action_required="complete_current_stage_config",
            missing_fields=missing,
            missing_titles=titles,
        )


def _computed_result(record: StageRecord) -> Object:
    confirmed = record.confirmed
    return {
        "confirmed_version": record.confirmed_version,
        "summary": confirmed.summary if confirmed is not None else None,
        "items": sorted(confirmed.settings) if confirmed is not None else [],
    }


def _computed_metrics(draft: Draft, record: StageRecord) -> Object:
    totals = record.totals
    return {
        "generations": totals.generations,
        "tokens_in": totals.tokens_in,
        "tokens_out": totals.tokens_out,
        "cost": totals.cost,
        "latency_ms": totals.latency_ms,
        "quality_score": totals.quality_score,
        "versions": record.latest_version,
        "durations": {"total_seconds": (draft.given.now - record.started_at).total_seconds()},
    }
