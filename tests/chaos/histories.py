"""A small history in which every guarantee holds, for tests that break it in one place."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID, uuid5

from services.studio.chaos.checker import Finding, Logs, check
from services.studio.chaos.evidence import Evidence, InboxRow, PublishedEvent, ReadModels, Shown, StoredEvent
from services.studio.chaos.told import Answer, Command, Heard, Listened, Told

NAMES = UUID("0d1f3c52-8a53-4b0e-9d6a-3d0c6f0c7a11")
USER = uuid5(NAMES, "user")
NOVELS = "novels"


def promise(command: Command, answer: Answer) -> Iterable[Shown]:
    """Every accepted command of these histories makes a novel of its own."""
    yield Shown(NOVELS, answer.body["id"])


@dataclass
class History:
    """Four commands of one user, each with two events; the logs may be changed before they are checked."""

    told: list[Told] = field(default_factory=list)
    inbox: list[InboxRow] = field(default_factory=list)
    events: list[StoredEvent] = field(default_factory=list)
    published: list[PublishedEvent] | None = field(default_factory=list)
    listened: list[Listened] = field(default_factory=list)
    read_models: ReadModels = field(default_factory=ReadModels)

    @property
    def head(self) -> int:
        """The last position."""
        return self.events[-1].position

    def findings(self) -> list[Finding]:
        """What the checker says."""
        evidence = Evidence(self.head, self.events, self.inbox, self.published, self.read_models)
        return check(Logs(self.told, self.listened, evidence, promise))

    def found(self) -> set[tuple[int, str]]:
        """Guarantee and kind of trouble of each finding."""
        return {(finding.guarantee, finding.trouble) for finding in self.findings()}

    def shows(self, **counts: int) -> None:
        """How often the read model shows each novel."""
        self.read_models = replace(self.read_models, rows={NOVELS: counts})


def whole_history() -> History:
    """Nothing is wrong with it."""
    history = History()
    for number in range(1, 5):
        add_command(history, number)
    history.listened = [Listened(USER, start=0, heard=[Heard(e.position, e.type) for e in history.events])]
    history.shows(**{f"novel-{number}": 1 for number in range(1, 5)})
    return history


def add_command(history: History, number: int) -> Told:
    """One more command, acknowledged, with what it leaves in store and topic."""
    key = uuid5(NAMES, f"command {number}")
    body: dict[str, Any] = {"id": f"novel-{number}"}
    positions = (2 * number - 1, 2 * number)
    history.events += [_event(key, position, number) for position in positions]
    history.inbox.append(InboxRow(key, USER, str(key), "COMPLETED", 201, body))
    if history.published is not None:
        history.published += [published(event, event.position) for event in history.events[-2:]]
    told = Told(USER, key, Command("POST", "/novels", {}), sent=1, answers=[Answer(201, body, key, positions[1])])
    history.told.append(told)
    return told


def published(event: StoredEvent, offset: int) -> PublishedEvent:
    """The event as a message."""
    return PublishedEvent(0, offset, event.position, event.event_id, event.type, event.scope_id, event.lane)


def _event(command_id: UUID, position: int, number: int) -> StoredEvent:
    scope = f"scope-{number % 2}"
    return StoredEvent(
        position=position,
        event_id=uuid5(NAMES, f"event {position}"),
        type=f"Novel.Happened{position % 2}",
        aggregate_type="Novel",
        aggregate_id=scope,
        # Two commands a scope, two events a command.
        aggregate_version=2 * ((number - 1) // 2) + (position - 1) % 2 + 1,
        scope_id=scope,
        lane=number % 2,
        correlation_id=command_id,
        user_id=USER,
    )
