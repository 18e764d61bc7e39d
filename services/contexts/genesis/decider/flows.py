"""Decisions about a flow as a whole: begin, pause, resume, abandon."""

from typing import Any

from services.contexts.genesis.commands.flows import AbandonFlow, CreateFlow, PauseFlow, ResumeFlow, StartProcess
from services.contexts.genesis.decider.answers import answer_flow, answer_process
from services.contexts.genesis.decider.draft import Draft, draft_of_flow, find_flow, find_novel
from services.contexts.genesis.decider.novels import cancel_open_commands
from services.contexts.genesis.decider.stages import create_record
from services.contexts.genesis.events import (
    FlowAbandoned,
    FlowCreated,
    FlowPaused,
    FlowResumed,
    StagePaused,
    StageResumed,
)
from services.contexts.genesis.values.stages import flow_id_of
from services.kernel.decider import Decision, Given, Rejected
from services.kernel.scope import Scope
from shared_types.enums import GenesisMode, GenesisStage, GenesisStatus, Navigation, StageStatus

Object = dict[str, Any]


def create_flow(command: CreateFlow, given: Given, scope: Scope) -> Decision:
    """Begins the genesis of a novel, once; 201 the first time, then 200 with the same flow."""
    novel = find_novel(scope, command.novel_id)
    draft = Draft(given, find_flow(scope), novel_id=novel.id)
    created = begin_flow(
        draft, scope, mode=command.payload.mode, navigation=command.payload.navigation, state=command.payload.state
    )
    return draft.decision(answer_flow(status=201 if created else 200))


def start_process(command: StartProcess, given: Given, scope: Scope) -> Decision:
    """The same, answered as a process."""
    payload = command.payload
    novel = find_novel(scope, payload.novel_id)
    draft = Draft(given, find_flow(scope), novel_id=novel.id)
    created = begin_flow(draft, scope, mode=payload.mode, navigation=payload.navigation, state=payload.state)
    return draft.decision(answer_process(status=201 if created else 200))


def begin_flow(draft: Draft, scope: Scope, *, mode: GenesisMode | None, navigation: Navigation, state: Object) -> bool:
    """Adds the beginning of the flow with its first stage record, if there is none; tells whether it did."""
    if find_flow(scope) is not None:
        return False
    draft.emit(
        FlowCreated(
            flow_id=flow_id_of(draft.novel_id),
            novel_id=draft.novel_id,
            user_id=draft.given.user_id,
            mode=mode,
            navigation=navigation,
            state={**state, "navigation": navigation, "mode": mode},
        )
    )
    create_record(draft, GenesisStage.INITIAL_PROMPT)
    return True


def pause_flow(command: PauseFlow, given: Given, scope: Scope) -> Decision:
    """Pauses a flow in progress, with its running record."""
    draft = draft_of_flow(given, scope)
    _require_status(draft, GenesisStatus.IN_PROGRESS)
    current = draft.flow.current()
    draft.emit(FlowPaused(flow_id=draft.flow.id, reason=command.payload.reason, version=draft.flow.version + 1))
    if current.status is StageStatus.RUNNING:
        draft.emit(StagePaused(stage_id=current.id))
    return draft.decision(answer_flow())


def resume_flow(command: ResumeFlow, given: Given, scope: Scope) -> Decision:
    """Lets a paused flow go on; a failed record stays failed until its stage is entered anew."""
    draft = draft_of_flow(given, scope)
    _require_status(draft, GenesisStatus.PAUSED)
    current = draft.flow.current()
    draft.emit(FlowResumed(flow_id=draft.flow.id, reason=command.payload.reason, version=draft.flow.version + 1))
    if current.status is StageStatus.PAUSED:
        draft.emit(StageResumed(stage_id=current.id))
    return draft.decision(answer_flow())


def abandon_flow(command: AbandonFlow, given: Given, scope: Scope) -> Decision:
    """Gives a flow up for good and cancels its open commands."""
    draft = draft_of_flow(given, scope)
    _require_status(draft, GenesisStatus.IN_PROGRESS, GenesisStatus.PAUSED)
    cancels = cancel_open_commands(draft)
    current = draft.flow.current()
    if current.status is StageStatus.RUNNING:
        draft.emit(StagePaused(stage_id=current.id))
    draft.emit(FlowAbandoned(flow_id=draft.flow.id, reason=command.payload.reason, version=draft.flow.version + 1))
    return draft.decision(answer_flow(), cancels=cancels)


def _require_status(draft: Draft, *allowed: GenesisStatus) -> None:
    if draft.flow.status not in allowed:
        raise Rejected("INVALID_FLOW_STATUS", f"The flow is {draft.flow.status}.", status_now=draft.flow.status)
