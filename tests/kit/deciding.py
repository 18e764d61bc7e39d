"""Decisions without any server: a scope in memory that commands are decided on, exactly as the command side does."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson

from services.catalogue import CONTEXTS
from services.kernel.context import TaskFacts
from services.kernel.decider import Answer, Emitted, Given, Rejected, TaskRequest
from services.kernel.events import Event
from services.kernel.scope import Scope
from services.runtime.registry import Registry

REGISTRY = Registry(CONTEXTS)
BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)

PROPOSAL = {
    "content": {"concept_candidates": []},
    "quality_score": 7.5,
    "quality": {},
    "suggestions": [],
    "needs_optimization": False,
    "consistency": [],
    "generation_metadata": {"prompt_tokens": 10, "completion_tokens": 20, "generation_time_ms": 5, "cost": 0.1},
    "understanding": "A keeper and the sea.",
}
"""What a worker brings."""


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
        self.tasks = [(given, task) for task in decision.tasks]
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

    def work(self, result: Mapping[str, Any]) -> None:
        """A worker ends the task that the last command has asked for, with this result."""
        ((given, task),) = self.tasks
        self.now += timedelta(minutes=1)
        facts = TaskFacts(
            task_id=task.task_id,
            task_type=task.task_type,
            command_id=given.command_id,
            command_type=given.command_type,
            user_id=self.user_id,
            input=orjson.loads(orjson.dumps(task.input)),
            given=replace(given, now=self.now),
        )
        assert self.scope is not None
        events = REGISTRY.task(task.task_type).finished(facts, result, self.scope).events
        for emitted in events:
            self.scope = self._folded(self.scope, emitted)
        self.history.extend(events)
        self.happened = [emitted.event for emitted in events]

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
    tasks: list[tuple[Given, TaskRequest]] = field(default_factory=list)

    def _folded(self, scope: Scope, emitted: Emitted, at: datetime | None = None) -> Scope:
        aggregate = REGISTRY.aggregate(emitted.aggregate.type)
        return scope.folded(aggregate, emitted.aggregate, emitted.event, at or self.now)
