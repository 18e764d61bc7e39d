"""Decisions about the typed commands of a conversation: start, complete, fail, cancel; what all have in common."""

from typing import Any
from uuid import UUID

from services.contexts.conversations.decider import Session, find_session
from services.contexts.genesis.commands.conversation import (
    CancelCommand,
    CompleteStage,
    ContentPayload,
    Fail,
    Start,
)
from services.contexts.genesis.decider.answers import answer_instance
from services.contexts.genesis.decider.draft import Draft, find_flow, find_novel, require_open
from services.contexts.genesis.decider.flows import begin_flow
from services.contexts.genesis.decider.links import bind, open_session
from services.contexts.genesis.decider.novels import cancel_open_command, novel_emitted
from services.contexts.genesis.decider.rounds import say_command
from services.contexts.genesis.decider.stages import complete
from services.contexts.genesis.decider.state import Flow, StageRecord
from services.contexts.genesis.events import (
    FlowPaused,
    NovelCreated,
    SessionFailed,
    SessionStarted,
    StageFailed,
)
from services.kernel.decider import Answer, Decision, FieldError, Given, Rejected
from services.kernel.scope import Scope
from shared_types.enums import GenesisMode, GenesisStage, ScopeType, StageSessionStatus, StageStatus

DEFAULT_NOVEL_TITLE = "未命名小说"
DEFAULT_TARGET_CHAPTERS = 10
INITIAL_INPUT_LENGTH_MIN = 10


def start(command: Start, given: Given, scope: Scope) -> Decision:
    """Begins a genesis with an idea or without, making whatever of novel, flow and session is missing."""
    payload = command.payload
    _check_session_named(command.session_id, payload)
    mode, initial_input = _entry(command)
    session = _genesis_session(scope, command.session_id) if command.session_id is not None else None
    novel_id = UUID(scope.key.id) if session is not None else payload.novel_id or given.new_id("novel")
    if payload.novel_id not in (None, novel_id):
        detail = "novel_id is not the novel of the session."
        raise Rejected("NOVEL_NOT_FOUND", detail, errors=(FieldError("/novel_id", "NOVEL_NOT_FOUND", detail),))
    draft = Draft(given, find_flow(scope), novel_id=novel_id, session_id=command.session_id)
    if session is None and payload.novel_id is None:
        title = payload.title or DEFAULT_NOVEL_TITLE
        chapters = DEFAULT_TARGET_CHAPTERS
        created = NovelCreated(novel_id=novel_id, user_id=given.user_id, title=title, target_chapters=chapters)
        draft.add(novel_emitted(created))
    else:
        find_novel(scope, novel_id)
    # The session's own event has to come before the link to it, and its record before both.
    begin_flow(draft, scope, mode=mode, navigation=payload.navigation, state={"preferences": payload.preferences})
    require_open(draft.flow)
    record = draft.flow.current()
    if session is None:
        session = open_session(draft, record, title=payload.title, metadata={})
    elif session.id in draft.flow.started_sessions:
        return draft.decision(_start_answer(draft, session.id), stage_id=record.id)
    if record.stage is not GenesisStage.INITIAL_PROMPT:
        raise Rejected("STAGE_MISMATCH", f"The genesis has left INITIAL_PROMPT; it is at {record.stage}.")
    if record.link(session.id) is None:
        bind(draft, record, session.id, session_kind="user_interaction")
    draft.session_id = session.id
    draft.emit(
        SessionStarted(
            session_id=session.id,
            novel_id=novel_id,
            stage_id=record.id,
            stage=record.stage,
            mode=mode,
            initial_input=initial_input,
            preferences=payload.preferences,
        )
    )
    say_command(draft, session, payload)
    return draft.decision(_start_answer(draft, session.id), stage_id=record.id)


def complete_stage(command: CompleteStage, given: Given, scope: Scope) -> Decision:
    """Completes the record that the session works for and enters the next stage."""
    payload = command.payload
    if payload.current_stage is not None:
        payload = payload.model_copy(update={"stage": payload.stage or payload.current_stage})
    draft, session, record = content_command(command.session_id, payload, given, scope, None)
    if record.stage is GenesisStage.FINISHED:
        raise Rejected("ALREADY_FINAL_STAGE", "Already at final stage")
    entered = complete(
        draft,
        record,
        result=payload.result,
        metrics=payload.metrics,
        notes=payload.completion_notes,
        data=payload.transition_data,
    )
    say_command(draft, session, payload)
    return draft.decision(answer_instance(entered.id), stage_id=record.id)


def fail(command: Fail, given: Given, scope: Scope) -> Decision:
    """Declares the current record failed and pauses the flow."""
    payload = command.payload
    _check_session_named(command.session_id, payload)
    session = _genesis_session(scope, command.session_id)
    draft = _draft_of_session(given, scope, session)
    require_open(draft.flow)
    record = _target(draft.flow, payload)
    if record.status not in (StageStatus.RUNNING, StageStatus.PAUSED):
        raise Rejected("STAGE_CLOSED", f"The stage record is {record.status}.")
    flow = draft.flow
    draft.emit(StageFailed(stage_id=record.id, reason=payload.reason, error=payload.error))
    draft.emit(FlowPaused(flow_id=flow.id, reason=payload.reason, version=flow.version + 1))
    draft.emit(SessionFailed(stage_id=record.id, reason=payload.reason, error=payload.error))
    say_command(draft, session, payload)
    answer = answer_instance(record.id)
    return draft.decision(answer, stage_id=record.id)


def cancel_command(command: CancelCommand, given: Given, scope: Scope) -> Decision:
    """Ends an open command of the session as FAILED with the code CANCELLED; a late result is dropped."""
    session = find_session(scope, command.session_id)
    flow = find_flow(scope)
    open_command = flow.open_commands.get(command.command_id) if flow is not None else None
    if flow is None or open_command is None or open_command.session_id != session.id:
        raise Rejected("COMMAND_FINISHED", "The command is not open.")
    draft = Draft(given, flow, novel_id=flow.novel_id, session_id=session.id)
    cancel_open_command(draft, open_command, reason=command.payload.reason)
    body = {"command_id": open_command.id, "status": "FAILED", "error_code": "CANCELLED"}
    return draft.decision(lambda _: Answer(200, body), cancels=(open_command.id,))


def content_command(
    session_id: UUID, payload: ContentPayload, given: Given, scope: Scope, stage: GenesisStage | None
) -> tuple[Draft, Session, StageRecord]:
    """What every content command needs: session, open flow, and a running, current record it works for."""
    _check_session_named(session_id, payload)
    session = _genesis_session(scope, session_id)
    draft = _draft_of_session(given, scope, session)
    record = _target(draft.flow, payload)
    if (payload.stage or record.stage) is not record.stage or (stage or record.stage) is not record.stage:
        raise Rejected("STAGE_MISMATCH", f"The stage record is of {record.stage}.", stage=record.stage)
    link = record.link(session.id)
    if link is None or link.status is not StageSessionStatus.ACTIVE:
        raise Rejected("SESSION_NOT_BOUND", "The session does not work for this stage record.")
    require_open(draft.flow)
    if record.status is not StageStatus.RUNNING or not record.is_current:
        raise Rejected("STAGE_CLOSED", f"The stage record is {record.status}.")
    return draft, session, record


def working_record(session_id: UUID, given: Given, scope: Scope) -> tuple[Draft, Session, StageRecord]:
    """A session of a flow, whatever that flow's status, and the newest record that it has worked for."""
    session = _genesis_session(scope, session_id)
    draft = _draft_of_session(given, scope, session)
    linked = [record for record in draft.flow.records if record.link(session.id) is not None]
    if not linked:
        raise Rejected("SESSION_NOT_BOUND", "The session does not work for any stage record.")
    return draft, session, linked[-1]


def _target(flow: Flow, payload: ContentPayload) -> StageRecord:
    if payload.stage_id is not None:
        record = flow.record(payload.stage_id)
        if record is None:
            raise Rejected("STAGE_NOT_FOUND", "Stage not found")
        return record
    return (flow.current_of(payload.stage) if payload.stage is not None else None) or flow.current()


def _genesis_session(scope: Scope, session_id: UUID) -> Session:
    session = find_session(scope, session_id)
    if session.scope_type is not ScopeType.GENESIS:
        raise Rejected("SESSION_SCOPE_INVALID", "The session is not of the scope GENESIS.")
    return session


def _draft_of_session(given: Given, scope: Scope, session: Session) -> Draft:
    flow = find_flow(scope)
    if flow is None:
        raise Rejected("FLOW_NOT_FOUND", "Flow not found")
    return Draft(given, flow, novel_id=flow.novel_id, session_id=session.id)


def _check_session_named(session_id: UUID | None, payload: ContentPayload) -> None:
    if payload.session_id is not None and payload.session_id != session_id:
        detail = "payload.session_id is not the session of the path."
        raise Rejected("SESSION_MISMATCH", detail, errors=(FieldError("/session_id", "SESSION_MISMATCH", detail),))


def _entry(command: Start) -> tuple[GenesisMode, str | None]:
    payload = command.payload
    initial_input = payload.initial_input if payload.initial_input is not None else payload.user_input
    has_input = bool((initial_input or "").strip())
    mode = payload.mode or (GenesisMode.REFINEMENT if has_input else GenesisMode.INSPIRATION)
    if mode is GenesisMode.REFINEMENT and len((initial_input or "").strip()) < INITIAL_INPUT_LENGTH_MIN:
        detail = f"A refinement needs at least {INITIAL_INPUT_LENGTH_MIN} characters of initial_input."
        raise Rejected(
            "INITIAL_INPUT_REQUIRED",
            detail,
            errors=(FieldError("/initial_input", "INITIAL_INPUT_REQUIRED", detail),),
        )
    return mode, initial_input


def _start_answer(draft: Draft, session_id: UUID) -> Any:
    body = {
        "session_id": session_id,
        "novel_id": draft.novel_id,
        "flow_id": draft.flow.id,
        "stage_id": draft.flow.current().id,
        "command_id": draft.given.command_id,
    }
    location = f"/api/v1/conversations/sessions/{session_id}"
    return lambda _: Answer(201, body, location=location)
