"""Many writers on many scopes with several of every process at work, projectors coming and going; what is left of it.

Whatever is compared is what the clients were told: the same commands, each once and in the order of the positions they
were given, must be in the store, on the broker, and in the read models.
"""

import asyncio
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from services.runtime.kafka import EVENTS_TOPIC
from services.runtime.positions import decode_position_token
from services.studio.ports import free_port
from tests.kit.studio import Client, Studio
from tests.kit.topics import Seen, read_topic
from tests.kit.waiting import eventually_sync

WRITERS = 16
CAUGHT_UP_SECONDS_MAX = 120.0


@dataclass
class Told:
    """What the writers of a scope were told: each acknowledged command by its event's position."""

    session_id: str
    said: dict[int, str] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)

    @property
    def positions(self) -> list[int]:
        """Of all its events, in order."""
        return sorted([*self.said, *self.titles])


def write_to_many_scopes(user: Client, *, scopes: int, commands: int, chance: random.Random) -> list[Told]:
    """So many commands, at once and in any order; returns what the writers were told. A refusal is a failure."""
    told = [Told(str(user.created("/conversations/sessions", {"title": "new"})["id"])) for _ in range(scopes)]

    def write(number: int, scope: Told) -> None:
        path = f"/conversations/sessions/{scope.session_id}"
        if number % 10:
            answer = user.post(f"{path}/messages", {"content": f"word {number}"})
            scope.said[_position(answer)] = f"word {number}"
        else:
            answer = user.patch(path, {"title": f"title {number}"})
            scope.titles[_position(answer)] = f"title {number}"

    with ThreadPoolExecutor(WRITERS) as writers:
        list(writers.map(write, range(commands), chance.choices(told, k=commands)))
    return told


@contextmanager
def projectors_coming_and_going(directory: Path, chance: random.Random) -> Iterator[list[str]]:
    """One projector more, again and again: it joins the group, and leaves it or is killed. Yields how each ended."""
    stop = threading.Event()
    ends: list[str] = []

    def come_and_go() -> None:
        while not stop.is_set():
            how = chance.choice([signal.SIGTERM, signal.SIGKILL])
            _run_projector_for_a_while(directory, how)
            ends.append(how.name)

    thread = threading.Thread(target=come_and_go)
    thread.start()
    try:
        yield ends
    finally:
        stop.set()
        thread.join(60)


def check_store(studio: Studio, told: Sequence[Told]) -> None:
    """The store has exactly what was acknowledged."""
    for scope in told:
        rows = studio.rows("SELECT id FROM domain_events WHERE scope_id = %s ORDER BY id", scope.session_id)
        assert [position for (position,) in rows[1:]] == scope.positions


def check_broker(studio: Studio, told: Sequence[Told]) -> None:
    """The topic has each scope's events in order; one that is there again is the same event."""

    def all_sent() -> bool:
        return studio.rows("SELECT count(*) FROM event_outbox WHERE status <> 'SENT'") == [(0,)]

    eventually_sync(all_sent, what="everything was sent", seconds=CAUGHT_UP_SECONDS_MAX)
    by_scope: dict[str, dict[str, int]] = {}
    for message in asyncio.run(read_topic(studio.kafka_bootstrap, EVENTS_TOPIC)):
        _note(by_scope.setdefault(message.key, {}), message)
    for scope in told:
        assert list(by_scope[scope.session_id].values())[1:] == scope.positions


def check_read_models(user: Client, told: Sequence[Told]) -> None:
    """Each round is shown once, numbered in the order of the positions; the session has its last title."""
    eventually_sync(lambda: _all_shown(user.studio, told), what="all is shown", seconds=CAUGHT_UP_SECONDS_MAX)
    for scope in told:
        rows = user.studio.rows(
            "SELECT input ->> 'content', sequence_number FROM conversation_rounds WHERE session_id = %s::uuid"
            " ORDER BY sequence_number",
            scope.session_id,
        )
        assert rows == [(scope.said[position], number) for number, position in enumerate(sorted(scope.said), 1)]
        shown = user.get(f"/conversations/sessions/{scope.session_id}").json()
        assert shown["title"] == (scope.titles[max(scope.titles)] if scope.titles else "new")
        # Set by each round to its own number: the last one applied was the last one written.
        counted = user.studio.rows(
            "SELECT round_sequence FROM conversation_sessions WHERE id = %s::uuid", scope.session_id
        )
        assert counted == [(len(scope.said),)]


def _position(answer: httpx.Response) -> int:
    assert answer.status_code in (200, 201), answer.text
    return decode_position_token(answer.headers["x-event-position"]).position


def _note(first_seen: dict[str, int], message: Seen) -> None:
    """Remembers where an event came first."""
    position = first_seen.setdefault(message.headers["ce_id"], message.position)
    assert position == message.position, "an event id has one position"


def _all_shown(studio: Studio, told: Sequence[Told]) -> bool:
    last = max(scope.positions[-1] for scope in told if scope.positions)
    behind = studio.rows(
        "SELECT count(*) FROM projection_checkpoints AS c WHERE c.projection = 'core' AND EXISTS ("
        " SELECT FROM domain_events AS e WHERE e.lane = c.lane AND e.id > c.last_position AND e.id <= %s)",
        last,
    )
    return behind == [(0,)]


def _run_projector_for_a_while(directory: Path, how: signal.Signals) -> None:
    """Starts one, waits until it is ready and has been given something to do or the others do it all, and ends it."""
    port = free_port()
    with (directory / "extra-projector.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "services.studio.main", "run", "projector", "--data", str(directory)],
            env=_without_settings() | {"STUDIO_PORT": str(port)},
            stdout=log,
            stderr=log,
        )
    try:
        eventually_sync(lambda: _is_ready(port), what="one more projector is ready", seconds=60)
    finally:
        process.send_signal(how)
        process.wait(30)


def _without_settings() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if not name.startswith("STUDIO_")}


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except httpx.TransportError:
        return False
