"""Long histories of the real contexts in a moment: one story is decided, and told again with other ids.

The story is a novel from its first prompt to its finish, with rounds, a session that is deleted and versions of
settings, so every table of the group `core` but one has rows of it.
"""

import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import orjson
import psycopg

from services.contexts.genesis.decider.state import Flow
from services.kernel.decider import Answer
from services.kernel.lanes import lane_of
from shared_types.enums import GenesisStage
from tests.journeys.genesis_walks import DOCUMENTS
from tests.kit.deciding import PROPOSAL, Stage

BLOCK_SCOPES = 50
"""Scopes that are busy at the same time: their events are mixed."""

_BEGINNING = datetime(2026, 1, 1, tzinfo=UTC)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

_COLUMNS = (
    "id, event_id, correlation_id, causation_id, event_type, event_version, aggregate_type, aggregate_id,"
    " aggregate_version, scope_type, scope_id, lane, actor_id, payload, metadata, created_at"
)


@dataclass(frozen=True)
class Story:
    """The events of one scope, as JSON, with every id in it."""

    text: str
    ids: tuple[str, ...]
    length: int

    def retold(self, chance: random.Random) -> list[dict[str, Any]]:
        """The same events of another scope."""
        others = {known: str(UUID(int=chance.getrandbits(128))) for known in self.ids}
        told: list[dict[str, Any]] = orjson.loads(_UUID.sub(lambda found: others[found[0]], self.text))
        return told


def tell_story(rounds: int = 20, *, deleted: bool = False) -> Story:
    """Decides the story, with so many rounds in each stage; in the end its novel may be deleted."""
    stage = Stage()
    novel_id = _id(stage.do("Command.Novel.Create", {"title": "盐与灯塔", "theme": "A \\ and a\ttab"}))
    stage.do("Command.Genesis.Flow.Create", {"mode": "inspiration"}, novel_id=novel_id)
    for name, document in DOCUMENTS.items():
        stage_id = _flow(stage).current().id
        for _ in range(2):
            stage.do("Command.Genesis.Stage.BindSession", {}, stage_id=stage_id)
        first, second = (link.session_id for link in _flow(stage).current().links)
        for number in range(rounds):
            said = {"role": "user", "input": {"text": f"{name} {number}\n“more”"}}
            stage.do("Command.Conversation.Round.Create", said, session_id=first)
        if name == GenesisStage.INITIAL_PROMPT:
            _propose_and_branch(stage, first)
        _confirm(stage, stage_id, first, {"draft": True})
        _confirm(stage, stage_id, first, document)
        stage.do("Command.Conversation.Session.Delete", session_id=second)
        stage.do("Command.Genesis.Stage.Advance", instance_id=stage_id)
    stage.do("Command.Genesis.Stage.BindSession", {}, stage_id=_flow(stage).current().id)
    stage.do("Command.Genesis.Session.Finish", {}, session_id=_flow(stage).current().links[0].session_id)
    if deleted:
        stage.do("Command.Novel.Delete", novel_id=novel_id)
    return _story(stage)


def write_histories(database_url: str, story: Story, *, scopes: int, seed: int = 1) -> int:
    """Stores the story so many times and returns how many events that are."""
    chance = random.Random(seed)
    with psycopg.connect(database_url) as connection, connection.cursor() as cursor:
        row = connection.execute("SELECT coalesce(max(id), 0) FROM domain_events").fetchone()
        assert row is not None
        first = position = row[0]
        with cursor.copy(f"COPY domain_events ({_COLUMNS}) FROM STDIN") as copy:
            for begin in range(0, scopes, BLOCK_SCOPES):
                told = [story.retold(chance) for _ in range(min(BLOCK_SCOPES, scopes - begin))]
                for events in zip(*told, strict=True):
                    for event in events:
                        position += 1
                        copy.write_row(tuple(_columns(position, event)))
        connection.execute("SELECT setval('domain_events_id_seq', %s)", [position])
    return int(position - first)


def _columns(position: int, event: Mapping[str, Any]) -> Iterator[Any]:
    yield from (position, uuid4(), event["command_id"], event["command_id"])
    for name in ("type", "version", "aggregate_type", "aggregate_id", "aggregate_version", "scope_type", "scope_id"):
        yield event[name]
    yield from (lane_of(event["scope_id"]), event["user_id"])
    yield from (orjson.dumps(event["payload"]).decode(), orjson.dumps(event["metadata"]).decode())
    yield _BEGINNING + timedelta(milliseconds=position)


def _propose_and_branch(stage: Stage, session_id: UUID) -> None:
    """A proposal that a worker brings, another way on from it, and back."""
    stage.do("SEED_REQUEST", {}, session_id=session_id)
    stage.work(PROPOSAL)
    stage.do("BRANCH_CREATE", {"label": "another way"}, session_id=session_id)
    merged = {"source": "another way", "target": "v1"}
    stage.do("Command.Genesis.Settings.Merge", merged, session_id=session_id)


def _confirm(stage: Stage, stage_id: UUID, session_id: UUID, document: Mapping[str, Any]) -> None:
    saved = {"settings": document, "session_id": str(session_id)}
    answer = stage.do("Command.Genesis.Stage.SaveSettings", saved, instance_id=stage_id)
    assert isinstance(answer.body, Mapping)
    stage.do("Command.Genesis.Stage.ConfirmSettings", instance_id=stage_id, version=answer.body["version"])


def _id(answer: Answer) -> str:
    assert isinstance(answer.body, Mapping)
    return str(answer.body["id"])


def _flow(stage: Stage) -> Flow:
    assert stage.scope is not None
    return next(stage.scope.all(Flow))


def _story(stage: Stage) -> Story:
    assert stage.scope is not None
    versions: dict[Any, int] = {}
    events = []
    for emitted in stage.history:
        versions[emitted.aggregate] = versions.get(emitted.aggregate, 0) + 1
        events.append(
            {
                "type": emitted.event.TYPE,
                "version": emitted.event.VERSION,
                "aggregate_type": emitted.aggregate.type,
                "aggregate_id": emitted.aggregate.id,
                "aggregate_version": versions[emitted.aggregate],
                "scope_type": stage.scope.key.type,
                "scope_id": stage.scope.key.id,
                "user_id": stage.user_id,
                "command_id": uuid4(),
                "payload": emitted.event.model_dump(mode="json"),
                "metadata": {"user_id": stage.user_id, "source": "story", "schema_version": 1, **emitted.about},
            }
        )
    text = orjson.dumps(events).decode()
    return Story(text, tuple(sorted(set(_UUID.findall(text)))), len(events))
