"""A decision in the making: events are folded in as they are decided, so that the next one sees them."""

from typing import Any
from uuid import UUID

from services.contexts.genesis.decider.evolve import evolve_flow
from services.contexts.genesis.decider.state import Flow, Novel, StageRecord
from services.contexts.genesis.events import GenesisEvent
from services.contexts.genesis.values.stages import NOVEL, flow_id_of, flow_key, novel_key
from services.kernel.decider import Decision, Emitted, EndedCommand, Given, Rejected
from services.kernel.scope import AggregateKey, Scope
from shared_types.enums import GenesisStatus


class Draft:
    """The events so far and the flow after them. `session_id` is the session that the command came through."""

    def __init__(self, given: Given, flow: Flow | None, *, novel_id: UUID, session_id: UUID | None = None) -> None:
        self.given = given
        self.novel_id = novel_id
        self.session_id = session_id
        self.events: list[Emitted] = []
        self._flow = flow
        self._stage_id: UUID | None = None

    @property
    def flow(self) -> Flow:
        """The flow as it stands after the events so far."""
        assert self._flow is not None, "the flow exists or its creation was the first event"
        return self._flow

    def record(self, stage_id: UUID) -> StageRecord:
        """A record as it stands after the events so far."""
        record = self.flow.record(stage_id)
        assert record is not None, "the record exists or its creation was an event"
        return record

    def emit(self, event: GenesisEvent, *, ends: EndedCommand | None = None) -> None:
        """Adds an event of the flow; with `ends`, the end of another command."""
        # A move is about the record that it leads to.
        stage_id = getattr(event, "stage_id", None) or getattr(event, "to_stage_id", None)
        about: dict[str, Any] = dict(self.about(stage_id))
        session_id = getattr(event, "session_id", None) or self.session_id
        if session_id is not None:
            about["session_id"] = str(session_id)
        self._stage_id = stage_id or self._stage_id
        before = self._flow
        self._flow = evolve_flow(before, event, self.given.now)
        if before is None or _shown(before) != _shown(self._flow):
            about["flow_state"] = _shown(self._flow)
        self.events.append(Emitted(flow_key(flow_id_of(self.novel_id)), event, about, ends))

    def add(self, emitted: Emitted) -> None:
        """Adds an event of another aggregate of the scope, told to be part of this flow's work."""
        about = {**self.about(self._stage_id), **emitted.about}
        self.events.append(Emitted(emitted.aggregate, emitted.event, about))

    def about(self, stage_id: UUID | None) -> dict[str, str]:
        """What every event of the flow says it is about."""
        about = {"flow_id": str(flow_id_of(self.novel_id)), "novel_id": str(self.novel_id)}
        return about if stage_id is None else {**about, "stage_id": str(stage_id)}

    def decision(self, answer: Any = None, **more: Any) -> Decision:
        """The finished decision."""
        return Decision(
            events=tuple(self.events),
            answer=answer,
            flow_id=flow_id_of(self.novel_id),
            stage_id=more.pop("stage_id", self._stage_id),
            **more,
        )


def _shown(flow: Flow) -> dict[str, Any]:
    """What a screen draws from; told by every event that changes it."""
    return {
        "status": flow.status,
        "current_stage": flow.current_stage,
        "stage_id": flow.current_stage_id and str(flow.current_stage_id),
        "is_pending": len(flow.open_commands) > 0,
        "version": flow.version,
    }


def find_novel(scope: Scope, novel_id: UUID) -> Novel:
    """The novel, if it is there. Raises Rejected NOVEL_NOT_FOUND."""
    novel = scope.find(Novel, novel_key(novel_id))
    if novel is None or novel.deleted:
        raise Rejected("NOVEL_NOT_FOUND", "Novel not found")
    return novel


def find_flow(scope: Scope) -> Flow | None:
    """The flow of the scope's novel, if it has begun and the novel is still there."""
    novel = scope.find(Novel, AggregateKey(NOVEL, scope.key.id))
    if novel is None or novel.deleted:
        return None
    return scope.find(Flow, flow_key(flow_id_of(novel.id)))


def draft_of_flow(
    given: Given, scope: Scope, *, missing: tuple[str, str] = ("FLOW_NOT_FOUND", "Flow not found")
) -> Draft:
    """A draft on the scope's flow. Raises Rejected with `missing` when there is none."""
    flow = find_flow(scope)
    if flow is None:
        raise Rejected(*missing)
    return Draft(given, flow, novel_id=flow.novel_id)


def draft_of_stage(given: Given, scope: Scope, stage_id: UUID, *, missing: str = "Stage not found") -> Draft:
    """A draft on the flow that has the record. Raises Rejected STAGE_NOT_FOUND."""
    draft = draft_of_flow(given, scope, missing=("STAGE_NOT_FOUND", missing))
    if draft.flow.record(stage_id) is None:
        raise Rejected("STAGE_NOT_FOUND", missing)
    return draft


def require_open(flow: Flow) -> None:
    """Raises Rejected FLOW_PAUSED or FLOW_CLOSED unless the flow is in progress."""
    if flow.status is GenesisStatus.PAUSED:
        raise Rejected("FLOW_PAUSED", "The flow is paused; resume it first.")
    if flow.status is not GenesisStatus.IN_PROGRESS:
        raise Rejected("FLOW_CLOSED", f"The flow is {flow.status}.")
