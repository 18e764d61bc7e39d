"""What a genesis adds to commands on conversation sessions of its novel, in the same transaction."""

from typing import Any
from uuid import UUID

from pydantic import BaseModel

from services.contexts.conversations.commands import CreateSession, DeleteSession, UpdateSession
from services.contexts.genesis.decider.draft import Draft, find_flow, find_novel
from services.contexts.genesis.decider.flows import begin_flow
from services.contexts.genesis.decider.links import bind, pass_primary_on
from services.contexts.genesis.decider.stages import switch
from services.contexts.genesis.events import SessionUnbound
from services.kernel.decider import Emitted, Given, Rejected
from services.kernel.scope import Scope
from shared_types.enums import Navigation, ScopeType


def react(command: BaseModel, given: Given, scope: Scope, emitted: tuple[Emitted, ...]) -> tuple[Emitted, ...]:
    """The events of the flow that follow from a session's command. Raises Rejected when the flow forbids it."""
    match command:
        case CreateSession() if command.payload.scope_type is ScopeType.GENESIS:
            return _session_of_novel(command, given, scope)
        case UpdateSession() if command.payload.stage is not None and find_flow(scope) is not None:
            return _moved(command, given, scope)
        case DeleteSession() if find_flow(scope) is not None:
            return _unbound(command, given, scope)
        case _:
            return ()


def _session_of_novel(command: CreateSession, given: Given, scope: Scope) -> tuple[Emitted, ...]:
    novel = find_novel(scope, _novel_id(command.payload.scope_id))
    draft = Draft(given, find_flow(scope), novel_id=novel.id)
    begin_flow(draft, scope, mode=None, navigation=Navigation.GUIDED, state={})
    stage = command.payload.stage
    if stage is not None:
        record = draft.flow.current_of(stage)
        if record is None:
            raise Rejected("STAGE_NOT_REACHED", f"The genesis has no current record of {stage}.")
        bind(draft, record, given.new_id("session"))
    return tuple(draft.events)


def _moved(command: UpdateSession, given: Given, scope: Scope) -> tuple[Emitted, ...]:
    assert command.payload.stage is not None, "the case asked for it"
    draft = _draft(given, scope, command.session_id)
    switch(draft, command.payload.stage)
    return tuple(draft.events)


def _unbound(command: DeleteSession, given: Given, scope: Scope) -> tuple[Emitted, ...]:
    draft = _draft(given, scope, command.session_id)
    for record in draft.flow.records:
        link = record.link(command.session_id)
        if link is None:
            continue
        draft.emit(
            SessionUnbound(link_id=link.id, stage_id=record.id, session_id=link.session_id, cause="session deleted")
        )
        if link.is_primary:
            pass_primary_on(draft, record.id)
    return tuple(draft.events)


def _draft(given: Given, scope: Scope, session_id: UUID) -> Draft:
    flow: Any = find_flow(scope)
    return Draft(given, flow, novel_id=flow.novel_id, session_id=session_id)


def _novel_id(text: str | None) -> UUID:
    try:
        return UUID(text or "")
    except ValueError:
        raise Rejected("NOVEL_NOT_FOUND", "Novel not found") from None
