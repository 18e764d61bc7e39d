"""Decisions about novels."""

from uuid import UUID

from services.contexts.conversations.decider import Session
from services.contexts.conversations.events import SessionDeleted
from services.contexts.conversations.values import session_key
from services.contexts.genesis.commands.novels import CreateNovel, DeleteNovel, UpdateNovel
from services.contexts.genesis.decider.answers import answer_novel
from services.contexts.genesis.decider.draft import Draft, find_flow, find_novel
from services.contexts.genesis.decider.state import OpenCommand
from services.contexts.genesis.events import (
    FlowAbandoned,
    GenerationFailed,
    NovelCreated,
    NovelDeleted,
    NovelEvent,
    NovelUpdated,
    SessionUnbound,
)
from services.contexts.genesis.values.stages import novel_key
from services.kernel.decider import Answer, Decision, Emitted, EndedCommand, Given
from services.kernel.scope import Scope
from shared_types.enums import GenesisStatus

CANCELLED = {"code": "CANCELLED", "message": "The command was cancelled.", "retryable": True, "attempts": 0}


def create_novel(command: CreateNovel, given: Given, scope: Scope) -> Decision:
    """Begins a novel of the caller."""
    novel_id = given.new_id("novel")
    event = NovelCreated(novel_id=novel_id, user_id=given.user_id, **command.payload.model_dump())
    return Decision(events=(novel_emitted(event),), answer=answer_novel(novel_id, status=201))


def update_novel(command: UpdateNovel, given: Given, scope: Scope) -> Decision:
    """Gives fields new values; what is already so changes nothing."""
    novel = find_novel(scope, command.novel_id)
    wanted = command.payload.model_dump(include=command.payload.model_fields_set)
    changed = {name: value for name, value in wanted.items() if getattr(novel, name) != value}
    answer = answer_novel(novel.id, status=200)
    if not changed:
        return Decision(answer=answer)
    event = NovelUpdated(novel_id=novel.id, changed=changed, version=novel.version + 1)
    return Decision(events=(novel_emitted(event),), answer=answer)


def delete_novel(command: DeleteNovel, given: Given, scope: Scope) -> Decision:
    """Removes a novel: its flow is given up, its sessions end, open work is cancelled; each by its own event."""
    novel = find_novel(scope, command.novel_id)
    flow = find_flow(scope)
    draft = Draft(given, flow, novel_id=novel.id)
    cancels = cancel_open_commands(draft) if flow is not None else ()
    if flow is not None and flow.status in (GenesisStatus.IN_PROGRESS, GenesisStatus.PAUSED):
        draft.emit(FlowAbandoned(flow_id=flow.id, reason="The novel was deleted.", version=flow.version + 1))
    for record in flow.records if flow is not None else ():
        for link in record.links:
            draft.emit(
                SessionUnbound(link_id=link.id, stage_id=record.id, session_id=link.session_id, cause="novel deleted")
            )
    for session in sorted(scope.all(Session), key=lambda session: session.created_at):
        if not session.deleted:
            gone = SessionDeleted(session_id=session.id, reason="The novel was deleted.")
            draft.add(Emitted(session_key(session.id), gone, {"session_id": str(session.id)}))
    draft.add(novel_emitted(NovelDeleted(novel_id=novel.id)))
    return Decision(events=tuple(draft.events), cancels=cancels, answer=lambda _: Answer(204, None))


def cancel_open_commands(draft: Draft) -> tuple[UUID, ...]:
    """Tells the end of every open command of the flow and returns their ids."""
    commands = sorted(draft.flow.open_commands.values(), key=lambda command: str(command.id))
    for command in commands:
        cancel_open_command(draft, command)
    return tuple(command.id for command in commands)


def cancel_open_command(draft: Draft, command: OpenCommand, *, reason: str | None = None) -> None:
    """Tells the end of an open command."""
    error = CANCELLED if reason is None else {**CANCELLED, "reason": reason}
    failed = GenerationFailed(command_id=command.id, stage_id=command.stage_id, error=error)
    draft.emit(failed, ends=EndedCommand(command.id, command.type, command.status))


def novel_emitted(event: NovelEvent) -> Emitted:
    """An event of a novel."""
    return Emitted(novel_key(event.novel_id), event, {"novel_id": str(event.novel_id)})
