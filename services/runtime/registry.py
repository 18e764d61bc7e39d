"""What the contexts declare, indexed for the machinery: events, commands, read tables and the rest, by stable name."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from services.kernel.context import CommandRoute, Context, Reaction, TaskRoute
from services.kernel.events import Event, RecordedEvent
from services.kernel.scope import Aggregate

Value = TypeVar("Value")


class Registry:
    """Look-ups over all contexts; a name declared twice is refused at start."""

    def __init__(self, contexts: Sequence[Context]) -> None:
        self.contexts = tuple(contexts)
        self.events = _unique((e.TYPE, e) for c in contexts for e in c.events)
        self.aggregates = _unique((a.type, a) for c in contexts for a in c.aggregates)
        self.commands = _unique(
            (name, route) for c in contexts for route in c.commands for name in (route.type, *route.aliases)
        )
        self.projections = _unique((p.name, p) for c in contexts for p in c.projections)
        self.tables = _unique((table, p) for p in self.projections.values() for table in p.tables)
        self.tasks = _unique((t.task_type, t) for c in contexts for t in c.tasks)
        self.reactions: tuple[Reaction, ...] = tuple(r for c in contexts for r in c.reactions)

    def event_of(self, recorded: RecordedEvent) -> Event | None:
        """The typed payload; None for a type or version that this build does not know."""
        kind = self.events.get(recorded.type)
        if kind is None or recorded.version > kind.VERSION:
            return None
        return kind.model_validate(recorded.payload)

    def aggregate(self, aggregate_type: str) -> Aggregate:
        """How aggregates of the type are folded."""
        return self.aggregates[aggregate_type]

    def command(self, name: str) -> CommandRoute | None:
        """The route of a command type or alias."""
        return self.commands.get(name)

    def task(self, task_type: str) -> TaskRoute:
        """What a task's start, result and failure mean."""
        return self.tasks[task_type]


def _unique(pairs: Iterable[tuple[str, Value]]) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name} is declared twice")
        found[name] = value
    return found
