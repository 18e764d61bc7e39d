"""Decisions without any server: a scope in memory that commands are decided on, exactly as the command side does."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.catalogue import CONTEXTS
from services.kernel.decider import Answer, Emitted, Given, Rejected
from services.kernel.events import Event
from services.kernel.scope import Scope
from services.runtime.registry import Registry

REGISTRY = Registry(CONTEXTS)
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass
class Stage:
    """One scope and its user; time goes on by a minute with each command."""

    scope: Scope | None = None
    user_id: UUID = field(default_factory=uuid4)
    now: datetime = BEGINNING
    history: list[Emitted] = field(default_factory=list)

    def do(self, command_type: str, payload: dict[str, Any] | None = None, **ids: Any) -> Answer:
        """Decides a command and folds its events in. Raises Rejected, and then nothing has changed."""
        route = REGISTRY.command(command_type)
        assert route is not None, command_type
        self.now += timedelta(minutes=1)
        given = Given(uuid4(), route.type, self.user_id, self.now)
        command = route.model.model_validate({**{k: str(v) for k, v in ids.items()}, "payload": payload or {}})
        scope = self.scope or Scope(getattr(route.target(command, given), "key", None))  # type: ignore[arg-type]
        decision = route.decide(command, given, scope)
        events = decision.events
        for react in REGISTRY.reactions:
            events += react(command, given, scope, events)
        for emitted in events:
            scope = self._folded(scope, emitted)
        self.scope = replace(scope, owner_id=self.user_id)
        self.history.extend(events)
        self.happened = [emitted.event for emitted in events]
        return (
            decision.answer(self.scope)
            if decision.answer is not None
            else Answer(202, {"command_id": given.command_id})
        )

    def refused(self, command_type: str, payload: dict[str, Any] | None = None, **ids: Any) -> Rejected:
        """The refusal of a command that must be refused, and must change nothing."""
        before = self.scope
        try:
            self.do(command_type, payload, **ids)
        except Rejected as rejected:
            assert self.scope is before
            return rejected
        raise AssertionError(f"{command_type} was accepted")

    def refold(self) -> Scope:
        """The scope folded from its whole history, from events as they come back from the store."""
        assert self.scope is not None
        scope = Scope(self.scope.key)
        now = BEGINNING
        for emitted in self.history:
            stored = REGISTRY.events[emitted.event.TYPE].model_validate(emitted.event.model_dump(mode="json"))
            scope = self._folded(scope, replace(emitted, event=stored), now)
        return scope

    def types(self) -> list[str]:
        """Types of the last command's events."""
        return [event.TYPE for event in self.happened]

    happened: list[Event] = field(default_factory=list)

    def _folded(self, scope: Scope, emitted: Emitted, at: datetime | None = None) -> Scope:
        aggregate = REGISTRY.aggregate(emitted.aggregate.type)
        return scope.folded(aggregate, emitted.aggregate, emitted.event, at or self.now)
