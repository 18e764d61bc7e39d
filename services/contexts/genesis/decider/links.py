"""Decisions about which sessions work for which stage record."""

from typing import Any
from uuid import UUID

from services.contexts.conversations.decider import Session, find_session, session_created
from services.contexts.conversations.decider import evolve as evolve_session
from services.contexts.conversations.values import session_key
from services.contexts.genesis.bodies import instance_body
from services.contexts.genesis.commands.flows import BindSession, StartStageSession, UpdateStageSession
from services.contexts.genesis.decider.answers import decided_flow, decided_record, link_of, record_columns
from services.contexts.genesis.decider.draft import Draft, draft_of_flow, draft_of_stage
from services.contexts.genesis.decider.stages import enter, parsed_stage
from services.contexts.genesis.decider.state import StageRecord
from services.contexts.genesis.events import PrimaryChanged, SessionBound, StageSessionUpdated
from services.kernel.decider import Answer, Decision, FieldError, Given, Rejected
from services.kernel.scope import Scope
from shared_types.enums import GenesisStatus, ScopeType, StageSessionStatus, StageStatus

REVIEW = "review"


def bind_session(command: BindSession, given: Given, scope: Scope) -> Decision:
    """Lets an existing or a new session work for a record."""
    payload = command.payload
    draft = draft_of_stage(given, scope, command.stage_id)
    if payload.novel_id is not None and payload.novel_id != draft.flow.novel_id:
        detail = "novel_id is not the novel of this flow."
        raise Rejected("NOVEL_MISMATCH", detail, errors=(FieldError("/novel_id", "NOVEL_MISMATCH", detail),))
    record = draft.record(command.stage_id)
    if payload.session_id is None:
        session_id = open_session(draft, record, title=payload.title, metadata=payload.metadata).id
    else:
        session_id = _bindable(scope, given, payload.session_id)
    bind(draft, record, session_id, is_primary=payload.is_primary, session_kind=payload.session_kind)

    def answer(after: Scope) -> Answer:
        link = link_of(after, record.id, session_id)
        body = {"session_id": session_id, "stage_session": link, "session": link["session"]}
        return Answer(201, body, location=f"/api/v1/genesis/stages/{record.id}/sessions")

    return draft.decision(answer, stage_id=record.id)


def start_stage_session(command: StartStageSession, given: Given, scope: Scope) -> Decision:
    """Gets or makes the stage's current record and opens a new session in it."""
    stage = parsed_stage(command.stage, pointer="/stage")
    draft = draft_of_flow(given, scope, missing=("PROCESS_NOT_FOUND", "Process not found"))
    record = enter(draft, stage)
    payload = command.payload
    session_id = open_session(draft, record, title=payload.title, metadata=payload.metadata).id
    bind(draft, record, session_id, is_primary=payload.is_primary, session_kind=payload.session_kind)

    def answer(after: Scope) -> Answer:
        instance = instance_body(record_columns(decided_record(after, record.id)), decided_flow(after).status)
        body = {"instance": instance, "session": link_of(after, record.id, session_id)}
        return Answer(201, body, location=f"/api/v1/conversations/sessions/{session_id}")

    return draft.decision(answer, stage_id=record.id)


def update_stage_session(command: UpdateStageSession, given: Given, scope: Scope) -> Decision:
    """Changes a link; a primary that is archived or closed passes the flag to the oldest other ACTIVE one."""
    payload = command.payload
    draft = draft_of_stage(given, scope, command.stage_id)
    link = draft.record(command.stage_id).link(command.session_id)
    if link is None:
        raise Rejected("LINK_NOT_FOUND", "The session does not work for this stage record.")
    wanted = {"status": payload.status, "session_kind": payload.session_kind}
    changed = {name: value for name, value in wanted.items() if value is not None and value != getattr(link, name)}
    if changed:
        draft.emit(
            StageSessionUpdated(link_id=link.id, stage_id=command.stage_id, session_id=link.session_id, changed=changed)
        )
    _settle_primary(draft, command)

    def answer(after: Scope) -> Answer:
        return Answer(200, link_of(after, command.stage_id, command.session_id))

    return draft.decision(answer, stage_id=command.stage_id)


def open_session(draft: Draft, record: StageRecord, *, title: str | None, metadata: dict[str, Any]) -> Session:
    """Adds the opening of a session of this novel, made for a record, and returns the session."""
    emitted = session_created(
        draft.given,
        draft.given.new_id("session"),
        scope_type=ScopeType.GENESIS,
        scope_id=str(draft.novel_id),
        title=title or f"{record.stage} 阶段对话",
        metadata={"genesis_stage": record.stage, "instance_id": str(record.id), **metadata},
    )
    draft.add(emitted)
    return evolve_session(None, emitted.event, draft.given.now)  # type: ignore[arg-type]  # emits a SessionCreated


def bind(
    draft: Draft,
    record: StageRecord,
    session_id: UUID,
    *,
    is_primary: bool | None = None,
    session_kind: str | None = None,
) -> None:
    """Adds the link; a new primary takes the flag from the old one in the same batch."""
    if draft.flow.status is GenesisStatus.ABANDONED:
        raise Rejected("FLOW_CLOSED", "The flow is ABANDONED.")
    if record.status is StageStatus.COMPLETED and session_kind != REVIEW:
        raise Rejected("STAGE_CLOSED", "A completed stage record only takes sessions of the kind review.")
    if record.link(session_id) is not None:
        raise Rejected("SESSION_ALREADY_BOUND", "The session works for this stage record already.")
    primary = record.primary
    becomes_primary = primary is None if is_primary is None else is_primary
    draft.emit(
        SessionBound(
            link_id=draft.given.new_id("link", record.id, session_id),
            stage_id=record.id,
            session_id=session_id,
            # At no point does a record have two: the flag moves by the next event.
            is_primary=becomes_primary and primary is None,
            session_kind=session_kind,
        )
    )
    if becomes_primary and primary is not None:
        _change_primary(draft, record.id, session_id)


def pass_primary_on(draft: Draft, stage_id: UUID) -> None:
    """Gives the flag of a record without a primary to its oldest ACTIVE link, if there is one."""
    oldest = next((o for o in draft.record(stage_id).links if o.status is StageSessionStatus.ACTIVE), None)
    if oldest is not None:
        _change_primary(draft, stage_id, oldest.session_id)


def _settle_primary(draft: Draft, command: UpdateStageSession) -> None:
    payload = command.payload
    record = draft.record(command.stage_id)
    link = record.link(command.session_id)
    assert link is not None, "the link was found"
    if payload.is_primary and link.status is not StageSessionStatus.ACTIVE:
        raise Rejected("LINK_NOT_ACTIVE", "Only an ACTIVE session can become the primary one.")
    # A primary that was archived with its completed stage keeps the flag until somebody asks for something else.
    is_given_up = payload.is_primary is False or payload.status in (
        StageSessionStatus.ARCHIVED,
        StageSessionStatus.CLOSED,
    )
    if payload.is_primary and not link.is_primary:
        _change_primary(draft, record.id, link.session_id)
    elif link.is_primary and is_given_up:
        others = [o for o in record.links if o.status is StageSessionStatus.ACTIVE and o is not link]
        _change_primary(draft, record.id, others[0].session_id if others else None)


def _change_primary(draft: Draft, stage_id: UUID, to: UUID | None) -> None:
    primary = draft.record(stage_id).primary
    from_session_id = primary and primary.session_id
    draft.emit(PrimaryChanged(stage_id=stage_id, from_session_id=from_session_id, to_session_id=to))


def _bindable(scope: Scope, given: Given, session_id: UUID) -> UUID:
    """The binding check: the session is of the scope GENESIS and of this novel."""
    session = scope.find(Session, session_key(session_id))
    if session is None and session_key(session_id) in given.mentioned:
        detail = "The session is not of the scope GENESIS and this novel."
        raise Rejected(
            "SESSION_SCOPE_INVALID", detail, errors=(FieldError("/session_id", "SESSION_SCOPE_INVALID", detail),)
        )
    return find_session(scope, session_id).id
