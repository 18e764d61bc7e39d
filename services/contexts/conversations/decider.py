"""Decisions about sessions and rounds. A session numbers its own rounds, so that no client can."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, assert_never
from uuid import UUID

from rpds import HashTrieMap

from services.contexts.conversations.bodies import round_body, session_body
from services.contexts.conversations.commands import (
    CreateRound,
    CreateRoundPayload,
    CreateSession,
    DeleteSession,
    UpdateSession,
)
from services.contexts.conversations.events import (
    ConversationEvent,
    RoundCreated,
    SessionCreated,
    SessionDeleted,
    SessionUpdated,
)
from services.contexts.conversations.talk import in_short
from services.contexts.conversations.values import DEFAULT_TITLE, SESSION, host_of, session_key, state_of
from services.kernel.decider import Answer, Decision, Emitted, FieldError, Given, Rejected
from services.kernel.json_digest import json_digest
from services.kernel.maps import Map
from services.kernel.scope import Aggregate, Scope
from shared_types.enums import DialogueRole, ScopeType, SessionStatus

ROUND_PATH_LENGTH_MAX = 64
RECENT_MAX = 10
OLDER_MAX = 40
"""So many of the rounds before these are kept in short."""

_UNIQUE_ROLES = (DialogueRole.USER, DialogueRole.ASSISTANT)
_DETAILS = ("tool_calls", "model", "tokens_in", "tokens_out", "latency_ms", "cost")


@dataclass(frozen=True, slots=True)
class Said:
    """A round that is not said twice. A session may have thousands, so it is kept without what was said: whoever says
    the same again brings that along, and `digest` tells whether it is the same. `details` are the fields that are set.
    """

    round_id: UUID
    round_path: str
    sequence_number: int
    digest: str
    details: dict[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Session:
    """A session as decisions need it. `children` counts the rounds below each path that has any ("" is the top)."""

    id: UUID
    user_id: UUID
    scope_type: ScopeType
    scope_id: str | None
    title: str
    status: SessionStatus
    metadata: dict[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime
    deleted: bool = False
    round_sequence: int = 0
    children: Map[str, int] = field(default_factory=HashTrieMap)
    # Rounds by (correlation id, role): what makes sending one twice harmless.
    said: Map[tuple[str, str], Said] = field(default_factory=HashTrieMap)
    recent: tuple[RoundCreated, ...] = ()
    """The last rounds, the newest last."""
    older: tuple[str, ...] = ()
    """What was said before them, a line each."""

    def has_round(self, path: str) -> bool:
        """Whether there is a round at the path: those below one parent are numbered 1 … n, so their number tells."""
        parent, _, step = path.rpartition(".")
        if len(path) > ROUND_PATH_LENGTH_MAX or not step.isdecimal() or step != str(int(step)):
            return False
        return 1 <= int(step) <= self.children.get(parent, 0)


def find_session(scope: Scope, session_id: UUID) -> Session:
    """The session, if it is there. Raises Rejected SESSION_NOT_FOUND."""
    session = scope.find(Session, session_key(session_id))
    if session is None or session.deleted:
        raise Rejected("SESSION_NOT_FOUND", "Session not found")
    return session


def create_session(command: CreateSession, given: Given, scope: Scope) -> Decision:
    """Opens a session; a context that owns the scope type adds its own rules by a reaction."""
    payload = command.payload
    metadata = dict(payload.metadata)
    if payload.initial_state is not None:
        metadata["state"] = payload.initial_state
    event = session_created(
        given,
        given.new_id("session"),
        scope_type=payload.scope_type,
        scope_id=payload.scope_id,
        title=payload.title,
        metadata=metadata,
    )
    return Decision(events=(event,), answer=_session_answer(given.new_id("session"), status=201))


def session_created(
    given: Given,
    session_id: UUID,
    *,
    scope_type: ScopeType,
    scope_id: str | None,
    title: str | None,
    metadata: dict[str, Any],
) -> Emitted:
    """The event that opens a session, for this context and those that open sessions of their own."""
    event = SessionCreated(
        session_id=session_id,
        user_id=given.user_id,
        scope_type=scope_type,
        scope_id=scope_id,
        title=title or DEFAULT_TITLE,
        metadata=metadata,
    )
    return Emitted(session_key(session_id), event, about={"session_id": str(session_id)})


def update_session(command: UpdateSession, given: Given, scope: Scope) -> Decision:
    """Changes status, title or metadata; what is already so changes nothing."""
    session = find_session(scope, command.session_id)
    changed = _changes(command, session)
    answer = _session_answer(session.id, status=200)
    if not changed:
        return Decision(answer=answer)
    event = SessionUpdated(session_id=session.id, changed=changed, version=session.version + 1)
    return Decision(events=(_about(session, event),), answer=answer)


def delete_session(command: DeleteSession, given: Given, scope: Scope) -> Decision:
    """Removes a session that has no open command."""
    session = find_session(scope, command.session_id)
    host = host_of(scope)
    if host is not None and host.session_is_busy(session.id):
        raise Rejected("SESSION_BUSY", "A command of this session is still open.")
    event = SessionDeleted(session_id=session.id)
    return Decision(events=(_about(session, event),), answer=lambda _: Answer(204, None))


def create_round(command: CreateRound, given: Given, scope: Scope) -> Decision:
    """Adds a round; one that was already said under the same correlation id is answered again."""
    session = find_session(scope, command.session_id)
    host = host_of(scope)
    if host is not None and host.session_is_archived(session.id):
        raise Rejected("SESSION_ARCHIVED", "The stages of this session are archived: it can only be read.")
    payload = command.payload
    if (known := _said_before(session, payload)) is not None:
        said = _said_again(session, payload, known)
        return Decision(answer=lambda _: Answer(200, round_body(said.model_dump(), known.at)))
    emitted = round_created(session, given, given.new_id("round"), payload)
    event = emitted.event
    assert isinstance(event, RoundCreated), "round_created made it"
    location = f"/api/v1/conversations/sessions/{session.id}/rounds/{event.round_path}"
    body = round_body(event.model_dump(), given.now)
    return Decision(events=(emitted,), answer=lambda _: Answer(201, body, location=location))


def round_created(session: Session, given: Given, round_id: UUID, payload: CreateRoundPayload) -> Emitted:
    """The event of the next round of a session. Raises Rejected ROUND_NOT_FOUND for an unknown parent."""
    parent = payload.parent_path
    if parent is not None and not session.has_round(parent):
        raise Rejected("ROUND_NOT_FOUND", f"There is no round {parent} in this session.")
    step = session.children.get(parent or "", 0) + 1
    path = f"{parent}.{step}" if parent else str(step)
    if len(path) > ROUND_PATH_LENGTH_MAX:
        detail = f"A round's path has at most {ROUND_PATH_LENGTH_MAX} characters; this one would be too deep."
        raise Rejected("VALIDATION_ERROR", detail, errors=(FieldError("/parent_path", "TOO_DEEP", detail),))
    event = RoundCreated(
        round_id=round_id,
        session_id=session.id,
        round_path=path,
        sequence_number=session.round_sequence + 1,
        **payload.model_dump(),
    )
    return _about(session, event)


def older_summarised(session: Session, said: Emitted, at: datetime) -> Emitted | None:
    """The event that puts what was said before the last rounds, of which `said` is one, into `metadata.state.summary`.

    None when it is there, and when somebody keeps something in `state` that is no object.
    """
    assert isinstance(said.event, RoundCreated), "round_created made it"
    state = session.metadata.get("state", {})
    summary = "\n".join(_with_round(session, said.event, at).older)
    if not summary or not isinstance(state, dict) or state.get("summary") == summary:
        return None
    metadata = {**session.metadata, "state": {**state, "summary": summary}}
    event = SessionUpdated(session_id=session.id, changed={"metadata": metadata}, version=session.version + 1)
    return _about(session, event)


def evolve(session: Session | None, event: ConversationEvent, at: datetime) -> Session:
    """The session after an event."""
    if isinstance(event, SessionCreated):
        return Session(
            id=event.session_id,
            user_id=event.user_id,
            scope_type=event.scope_type,
            scope_id=event.scope_id,
            title=event.title,
            status=event.status,
            metadata=event.metadata,
            version=event.version,
            created_at=at,
            updated_at=at,
        )
    assert session is not None, "a session begins with its creation"
    match event:
        case SessionUpdated():
            return _updated(session, event, at)
        case SessionDeleted():
            return replace(session, deleted=True, updated_at=at)
        case RoundCreated():
            return _with_round(session, event, at)
        case _:
            assert_never(event)


AGGREGATES = (Aggregate(SESSION, Session, evolve),)


def _session_answer(session_id: UUID, *, status: int) -> Any:
    def answer(scope: Scope) -> Answer:
        session = find_session(scope, session_id)
        host = host_of(scope)
        stage = host.session_stage(session_id) if host is not None else None
        busy = host is not None and host.session_is_busy(session_id)
        body = session_body(
            {name: getattr(session, name) for name in session.__dataclass_fields__}, stage=stage, is_busy=busy
        )
        location = f"/api/v1/conversations/sessions/{session_id}" if status == 201 else None
        return Answer(status, body, version=session.version, location=location)

    return answer


def _changes(command: UpdateSession, session: Session) -> dict[str, Any]:
    payload = command.payload
    metadata = session.metadata if payload.metadata is None else payload.metadata
    if payload.state is not None:
        metadata = {**metadata, "state": {**state_of(metadata), **payload.state}}
    if payload.stage is not None and session.scope_type is not ScopeType.GENESIS:
        metadata = {**metadata, "stage": payload.stage.value}
    wanted = {
        "status": payload.new_status() or session.status,
        "title": payload.title or session.title,
        "metadata": metadata,
    }
    return {name: value for name, value in wanted.items() if value != getattr(session, name)}


def _said_before(session: Session, payload: CreateRoundPayload) -> Said | None:
    if payload.correlation_id is None:
        return None
    known = session.said.get((payload.correlation_id, payload.role))
    if known is not None and known.digest != json_digest([payload.input, payload.output]):
        raise Rejected(
            "ROUND_CONFLICT",
            "A round with this correlation_id and role says something else.",
            round_path=known.round_path,
        )
    return known


def _said_again(session: Session, payload: CreateRoundPayload, known: Said) -> RoundCreated:
    """The event of the round that was said before, from what is kept of it and what has just been said once more."""
    return RoundCreated(
        round_id=known.round_id,
        session_id=session.id,
        round_path=known.round_path,
        sequence_number=known.sequence_number,
        parent_path=known.round_path.rpartition(".")[0] or None,
        role=payload.role,
        input=payload.input,
        output=payload.output,
        correlation_id=payload.correlation_id,
        **known.details,
    )


def _updated(session: Session, event: SessionUpdated, at: datetime) -> Session:
    changed = event.changed
    return replace(
        session,
        status=SessionStatus(changed.get("status", session.status)),
        title=changed.get("title", session.title),
        metadata=changed.get("metadata", session.metadata),
        version=event.version,
        updated_at=at,
    )


def _with_round(session: Session, event: RoundCreated, at: datetime) -> Session:
    parent = event.parent_path or ""
    children = session.children.insert(parent, session.children.get(parent, 0) + 1)
    said = session.said
    if event.correlation_id is not None and event.role in _UNIQUE_ROLES:
        said = said.insert((event.correlation_id, event.role), _said(event, at))
    recent, older = (*session.recent, event), session.older
    if len(recent) > RECENT_MAX:
        older = (*older, *in_short(recent[0]))[-OLDER_MAX:]
        recent = recent[1:]
    return replace(
        session,
        round_sequence=event.sequence_number,
        children=children,
        said=said,
        recent=recent,
        older=older,
    )


def _said(event: RoundCreated, at: datetime) -> Said:
    return Said(
        round_id=event.round_id,
        round_path=event.round_path,
        sequence_number=event.sequence_number,
        digest=json_digest([event.input, event.output]),
        details={name: value for name in _DETAILS if (value := getattr(event, name)) is not None},
        at=at,
    )


def _about(session: Session, event: ConversationEvent) -> Emitted:
    about = {"session_id": str(session.id)}
    if session.scope_type is ScopeType.GENESIS and session.scope_id is not None:
        about["novel_id"] = session.scope_id
    return Emitted(session_key(session.id), event, about=about)
