"""The checker: four logs in, everything that contradicts a guarantee out. Pure, and linear in what it is given.

The logs are what clients were told, the store, the broker and the read models. Each function is one guarantee of the
design, by its number, and looks at nothing that the code under test has concluded: what must be there follows
from the answers that clients got.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from typing import Any, Literal, TypeAlias
from uuid import UUID

from services.studio.chaos.evidence import Evidence, InboxRow, Shown, StoredEvent
from services.studio.chaos.told import Answer, Command, Listened, Told

Trouble: TypeAlias = Literal["lost", "doubled", "disordered", "contradicted", "half done", "from nowhere", "stuck"]

Promise: TypeAlias = Callable[[Command, Answer], Iterable[Shown]]
"""The rows that an accepted command promises its client, known from the command and its answer alone."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A guarantee that does not hold: its number, what kind of trouble it is, and about what exactly."""

    guarantee: int
    trouble: Trouble
    sentence: str

    def __str__(self) -> str:
        return f"guarantee {self.guarantee}, {self.trouble}: {self.sentence}"


@dataclass(frozen=True)
class Logs:
    """All that is checked together."""

    told: Sequence[Told]
    listened: Sequence[Listened]
    evidence: Evidence
    promise: Promise

    @cached_property
    def inbox(self) -> Mapping[tuple[UUID, str], list[InboxRow]]:
        """The inbox's rows by user and key; more than one is what must not be."""
        found: dict[tuple[UUID, str], list[InboxRow]] = defaultdict(list)
        for row in self.evidence.inbox:
            found[row.user_id, row.key].append(row)
        return found

    @cached_property
    def by_command(self) -> Mapping[UUID | None, list[StoredEvent]]:
        """The events by the command that began their chain."""
        found: dict[UUID | None, list[StoredEvent]] = defaultdict(list)
        for event in self.evidence.events:
            found[event.correlation_id].append(event)
        return found

    @cached_property
    def by_position(self) -> Mapping[int, StoredEvent]:
        """The events by position."""
        return {event.position: event for event in self.evidence.events}

    def rows_of(self, told: Told) -> list[InboxRow]:
        """The inbox's rows of a command."""
        return self.inbox.get((told.user_id, str(told.key)), [])


def check(logs: Logs) -> list[Finding]:
    """Every contradiction found."""
    return [finding for guarantee in GUARANTEES for finding in guarantee(logs)]


def acknowledged_is_stored_once(logs: Logs) -> Iterator[Finding]:
    """1: an acknowledged command is in the inbox and its events in the store, once; any other wholly or not at all."""
    for told in logs.told:
        rows, answer = logs.rows_of(told), told.answer
        if len(rows) > 1:
            yield Finding(1, "doubled", f"{_about(told)} is in the inbox {len(rows)} times")
        if answer is not None and answer.accepted:
            yield from _missing(logs, told, answer, rows)
        elif answer is None and not rows and logs.by_command.get(told.key):
            yield Finding(1, "half done", f"{_about(told)} has events and no row in the inbox")
    ids = Counter(event.event_id for event in logs.evidence.events)
    for event_id, count in ids.items():
        if count > 1:
            yield Finding(1, "doubled", f"event {event_id} is in the store {count} times")


def _missing(logs: Logs, told: Told, answer: Answer, rows: Sequence[InboxRow]) -> Iterator[Finding]:
    if not rows:
        yield Finding(1, "lost", f"{_about(told)} was acknowledged and is not in the inbox")
    elif rows[0].http_status != answer.status or (
        # What is still under way when it is accepted has another result in the end.
        answer.status != HTTPStatus.ACCEPTED and _canonical(rows[0].answer) != _canonical(answer.body)
    ):
        yield Finding(1, "contradicted", f"{_about(told)} was told {answer}, the inbox has {rows[0]}")
    if 0 < answer.position <= logs.evidence.head and answer.position not in logs.by_position:
        yield Finding(1, "lost", f"{_about(told)} was told position {answer.position}, where the store has nothing")


def a_key_has_one_effect(logs: Logs) -> Iterator[Finding]:
    """2: no key has two effects: every answer to it is the same, and every event is of a command of the inbox."""
    for told in logs.told:
        final = [answer for answer in told.answers if answer.is_final]
        different = {_fingerprint(answer) for answer in final}
        if len(different) > 1:
            yield Finding(2, "contradicted", f"{_about(told)} was answered in {len(different)} ways: {final}")
    known = {row.command_id for row in logs.evidence.inbox}
    for command_id, events in logs.by_command.items():
        if command_id not in known:
            yield Finding(2, "from nowhere", f"{_positions(events)} are of {command_id}, a command of no inbox row")


def refused_has_no_effect(logs: Logs) -> Iterator[Finding]:
    """3: a refused command has none; at most the inbox remembers that it was refused."""
    for told in logs.told:
        if told.answer is None or told.answer.accepted:
            continue
        if events := logs.by_command.get(told.key):
            yield Finding(3, "from nowhere", f"{_about(told)} was refused and has {_positions(events)}")
        for row in logs.rows_of(told):
            if (row.status, row.http_status) != ("FAILED", told.answer.status):
                yield Finding(
                    3, "contradicted", f"{_about(told)} was refused with {told.answer.status}, the inbox has {row}"
                )


def versions_have_no_gap(logs: Logs) -> Iterator[Finding]:
    """4: versions of an aggregate are 1 … n, in the order of positions; no position is there twice."""
    versions: Counter[tuple[str, str]] = Counter()
    last = 0
    for event in logs.evidence.events:
        aggregate = (event.aggregate_type, event.aggregate_id)
        versions[aggregate] += 1
        if event.aggregate_version != versions[aggregate]:
            yield Finding(
                4,
                "disordered",
                f"{' '.join(aggregate)} has version {event.aggregate_version} at position {event.position}, where "
                f"{versions[aggregate]} is due",
            )
            versions[aggregate] = event.aggregate_version
        if event.position <= last:
            yield Finding(4, "disordered", f"position {event.position} comes after {last}")
        last = event.position


def broker_keeps_the_order(logs: Logs) -> Iterator[Finding]:
    """5: the broker's order of a scope is the store's; what is there twice is the same event.

    A relay that begins again repeats a stretch in its order: then each message is either the next one or known.
    """
    furthest: dict[str, int] = {}
    partitions: dict[str, int] = {}
    due = _next_of_scope(logs.evidence.events)
    for message in logs.evidence.published or ():
        stored = logs.by_position.get(message.position)
        where = f"message {message.partition}/{message.offset}"
        if stored is None:
            if message.position <= logs.evidence.head:
                yield Finding(5, "from nowhere", f"{where} is position {message.position}, which the store has not")
            continue
        told = (message.event_id, message.type, message.scope_id, message.lane)
        if told != (stored.event_id, stored.type, stored.scope_id, stored.lane):
            yield Finding(5, "contradicted", f"{where} is {told}, the store has {stored}")
        if partitions.setdefault(stored.scope_id, message.partition) != message.partition:
            yield Finding(5, "disordered", f"{where}: scope {stored.scope_id} is in two partitions")
        before = furthest.get(stored.scope_id, 0)
        if message.position <= before:
            continue
        if due[stored.scope_id, before] != message.position:
            yield Finding(
                5,
                "disordered",
                f"{where} is position {message.position} of scope {stored.scope_id}, where "
                f"{due[stored.scope_id, before]} is due",
            )
        furthest[stored.scope_id] = message.position


def _next_of_scope(events: Iterable[StoredEvent]) -> Mapping[tuple[str, int], int]:
    """The position that follows each one in its scope; 0 stands before the first."""
    last: dict[str, int] = {}
    following: dict[tuple[str, int], int] = {}
    for event in events:
        following[event.scope_id, last.get(event.scope_id, 0)] = event.position
        last[event.scope_id] = event.position
    return following


def broker_gets_every_event(logs: Logs) -> Iterator[Finding]:
    """6: every event reaches the broker."""
    if logs.evidence.published is None:
        return
    published = {message.position for message in logs.evidence.published}
    missing: dict[str, list[StoredEvent]] = defaultdict(list)
    for event in logs.evidence.events:
        if event.position not in published:
            missing[event.scope_id].append(event)
    for scope_id, events in missing.items():
        yield Finding(6, "lost", f"{_positions(events)} of scope {scope_id} are not on the broker")


def read_models_show_each_event_once(logs: Logs) -> Iterator[Finding]:
    """7: a read model shows each event exactly once: as a quiet fold has it, and as clients were told."""
    for difference in logs.evidence.read_models.differences:
        trouble: Trouble = (
            "lost" if difference.shown is None else "doubled" if difference.due is None else "contradicted"
        )
        sentence = f"{difference.table} shows {difference.shown}, its events make {difference.due}"
        yield Finding(7, trouble, sentence)
    promised = _promised(logs)
    for table, counts in logs.evidence.read_models.rows.items():
        due = promised.get(table, Counter())
        for row_id in due.keys() | counts.keys():
            if counts.get(row_id, 0) < due[row_id]:
                yield Finding(7, "lost", f"{table} does not show {row_id}, which a client was promised")
            elif counts[row_id] > due[row_id]:
                trouble = "doubled" if due[row_id] else "from nowhere"
                yield Finding(7, trouble, f"{table} shows {row_id} {counts[row_id]} times, not {due[row_id]}")


def _promised(logs: Logs) -> Mapping[str, Counter[str]]:
    """Each id once, whoever promised it: by an answer, or by one that was stored and never arrived."""
    promised: dict[str, set[str]] = defaultdict(set)
    for told in logs.told:
        answer = told.answer or _unheard(logs.rows_of(told))
        if answer is not None and answer.accepted:
            for table, row_id in logs.promise(told.command, answer):
                promised[table].add(row_id)
    return {table: Counter(ids) for table, ids in promised.items()}


def _unheard(rows: Sequence[InboxRow]) -> Answer | None:
    """The answer that the inbox has for a client that never got it."""
    return Answer(rows[0].http_status, rows[0].answer) if rows and rows[0].http_status is not None else None


def streams_have_no_gap(logs: Logs) -> Iterator[Finding]:
    """9: a listening client hears every event of its user, in order and once, over all its connections."""
    by_user: dict[UUID, list[StoredEvent]] = defaultdict(list)
    for event in logs.evidence.events:
        by_user[event.user_id].append(event)
    for client in logs.listened:
        end = logs.evidence.head if client.end is None else client.end
        due = {event.position: event.type for event in by_user[client.user_id] if client.start < event.position <= end}
        last = client.start
        for heard in client.heard:
            if heard.position <= last:
                yield Finding(9, "disordered", f"{client.user_id} heard {heard.position} after {last}")
            if heard.position <= end and due.pop(heard.position, None) != heard.event_type:
                yield Finding(9, "from nowhere", f"{client.user_id} heard {heard}, which is not the store's, or twice")
            last = max(last, heard.position)
        for position, event_type in due.items():
            yield Finding(9, "lost", f"{client.user_id} never heard {event_type} at {position}")
        for reason in client.resets:
            yield Finding(9, "lost", f"{client.user_id} was told to begin again: {reason}")


def nothing_waits_for_a_human(logs: Logs) -> Iterator[Finding]:
    """10: nothing needs a human: every command gets its answer in the end, and no event is parked.

    That everything is ready and caught up again by itself is for whoever runs the faults to see.
    """
    for told in logs.told:
        if told.answer is None and not told.abandoned:
            yield Finding(10, "stuck", f"{_about(told)} was sent {told.sent} times and never answered")
    for consumer, position, reason in logs.evidence.read_models.parked:
        yield Finding(10, "stuck", f"{consumer} has parked position {position}: {reason}")


GUARANTEES: tuple[Callable[[Logs], Iterator[Finding]], ...] = (
    acknowledged_is_stored_once,
    a_key_has_one_effect,
    refused_has_no_effect,
    versions_have_no_gap,
    broker_keeps_the_order,
    broker_gets_every_event,
    read_models_show_each_event_once,
    streams_have_no_gap,
    nothing_waits_for_a_human,
)


def _about(told: Told) -> str:
    return f"{told.command.method} {told.command.path} {told.key}"


def _positions(events: Sequence[StoredEvent]) -> str:
    named = ", ".join(str(event.position) for event in events[:5])
    return f"{len(events)} events ({named}{' …' if len(events) > 5 else ''})"


def _fingerprint(answer: Answer) -> tuple[int, str, UUID | None]:
    return answer.status, _canonical(answer.body), answer.command_id


def _canonical(body: Any) -> str:
    return json.dumps(body, sort_keys=True)
