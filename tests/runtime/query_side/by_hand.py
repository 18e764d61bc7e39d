"""What tests of the query side stand on: events written by hand, checkpoints moved by hand, a real process."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import psycopg
from psycopg.rows import scalar_row
from psycopg.types.json import Jsonb

from services.kernel.lanes import lane_of
from services.runtime.access import issue_token, verify
from services.runtime.positions import encode_cursor, encode_position_token
from services.studio.ports import free_port
from services.studio.process_environment import LOOPBACK_LIMITS
from tests.kit.waiting import eventually_sync

SECRET = b"a secret of at least thirty-two bytes, for tests"
DEADLINE_SECONDS = 10.0
START_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 60.0


@dataclass(frozen=True)
class Person:
    """A user with a token."""

    id: UUID
    token: str

    @property
    def headers(self) -> dict[str, str]:
        """The header that says who is asking."""
        return {"Authorization": f"Bearer {self.token}"}


def new_person() -> Person:
    """A user nobody else has."""
    token = issue_token(SECRET, f"person-{uuid4()}")
    return Person(verify(SECRET, token, "access").user.id, token)


@dataclass(frozen=True)
class Written:
    """An event as it was inserted."""

    position: int
    lane: int
    event_id: UUID


class Log:
    """The write side and the projector, played by hand."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._connection = psycopg.connect(url, autocommit=True)
        self.epoch: UUID = self.scalar("SELECT epoch FROM store_epoch")

    def close(self) -> None:
        """Closes the connection."""
        self._connection.close()

    def scalar(self, query: str, *parameters: Any) -> Any:
        """The first column of the first row."""
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(query.encode(), parameters).fetchone()

    def append(
        self,
        owner: Person,
        *,
        scope_id: str | None = None,
        type: str = "Sample.Thing.Happened",  # noqa: A002  # the envelope's word
        payload: Mapping[str, Any] | None = None,
        **about: Any,
    ) -> Written:
        """Appends an event that no read model has yet."""
        scope_id = scope_id or str(uuid4())
        lane, event_id = lane_of(scope_id), uuid4()
        position = self.scalar(
            "INSERT INTO domain_events (event_id, correlation_id, event_type, aggregate_type, aggregate_id,"
            " aggregate_version, scope_type, scope_id, lane, actor_id, payload, metadata)"
            " VALUES (%s, %s, %s, 'Sample', %s, 1, 'Sample', %s, %s, %s, %s, %s) RETURNING id",
            event_id, uuid4(), type, str(uuid4()), scope_id, lane, str(owner.id),
            Jsonb(payload or {}), Jsonb({"user_id": str(owner.id), **about}),
        )  # fmt: skip
        return Written(position, lane, event_id)

    def append_many(self, owner: Person, count: int, *, text: str = "") -> Written:
        """Appends so many events of one scope at once; the last of them."""
        scope_id, event_id = str(uuid4()), uuid4()
        lane = lane_of(scope_id)
        position = self.scalar(
            "WITH many AS ("
            " INSERT INTO domain_events (event_id, event_type, aggregate_type, aggregate_id, aggregate_version,"
            " scope_type, scope_id, lane, actor_id, payload, metadata)"
            " SELECT CASE number WHEN %s THEN %s ELSE gen_random_uuid() END, 'Sample.Thing.Happened', 'Sample', %s,"
            " number, 'Sample', %s, %s, %s, %s, %s"
            " FROM generate_series(1, %s) AS number ORDER BY number RETURNING id"
            ") SELECT max(id) FROM many",
            count, event_id, str(uuid4()), scope_id, lane, str(owner.id), Jsonb({"text": text}),
            Jsonb({"user_id": str(owner.id)}), count,
        )  # fmt: skip
        return Written(position, lane, event_id)

    def project(self, *events: Written) -> None:
        """Moves the checkpoints of the events' lanes and rings the doorbell."""
        moves = {event.lane: event.position for event in sorted(events, key=lambda event: event.position)}
        for lane, position in moves.items():
            self.move_checkpoint(lane, position)
        announced = ",".join(f"{lane}={position}" for lane, position in moves.items())
        self.scalar("SELECT pg_notify('studio_checkpoints', %s)", f"core:{announced}")

    def move_checkpoint(self, lane: int, position: int) -> None:
        """Moves one checkpoint, silently."""
        self.scalar(
            "INSERT INTO projection_checkpoints (projection, lane, last_position) VALUES ('core', %s, %s)"
            " ON CONFLICT (projection, lane) DO UPDATE"
            " SET last_position = greatest(projection_checkpoints.last_position, excluded.last_position) RETURNING 1",
            lane,
            position,
        )

    def happen(self, owner: Person, **event: Any) -> Written:
        """Appends an event and has it projected."""
        written = self.append(owner, **event)
        self.project(written)
        return written

    def tell_progress(self, owner: Person, after: int, task_id: str, **data: Any) -> None:
        """How far a task worker says it is."""
        self.tell(owner, after, task_id, "task.progress-updated", data)

    def tell(self, owner: Person, after: int, task_id: str, event: str, *told: Mapping[str, Any]) -> None:
        """What a task worker says while it works, all of it at once."""
        said = {"user_id": str(owner.id), "after_position": after, "event": event}
        payloads = [json.dumps({**said, "data": {"task_id": task_id, **data}}) for data in told]
        self.scalar("SELECT count(pg_notify('studio_progress', said)) FROM unnest(%s::TEXT[]) AS said", payloads)

    def cursor(self, position: int) -> str:
        """The id of the frame at a position."""
        return encode_cursor(self.epoch, position)

    def token(self, event: Written) -> str:
        """The X-Event-Position of whoever wrote the event."""
        return encode_position_token(self.epoch, event.lane, event.position)


def scopes_in_different_lanes() -> tuple[str, str]:
    """Two scope ids whose events are projected independently."""
    first = second = str(uuid4())
    while lane_of(second) == lane_of(first):
        second = str(uuid4())
    return first, second


@dataclass(frozen=True)
class Frame:
    """A frame as a client sees it; a block without data has no `event`."""

    id: str | None
    event: str | None
    data: Any
    comment: str | None = None


class StreamClient:
    """Reads one stream, frame by frame; waits at most the client's read timeout for each."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def block(self) -> Frame:
        """The next block, whatever it is. Raises StopIteration when the stream has ended."""
        fields: dict[str, str] = {}
        while (line := next(self._lines)) or not fields:
            name, _, value = line.partition(":")
            fields[name or "comment"] = value.strip()
        data = json.loads(fields["data"]) if "data" in fields else None
        return Frame(fields.get("id"), fields.get("event"), data, fields.get("comment"))

    def frame(self) -> Frame:
        """The next frame that a browser would dispatch."""
        while (block := self.block()).event is None:
            pass
        return block

    def frames(self, count: int) -> list[Frame]:
        """The next frames."""
        return [self.frame() for _ in range(count)]

    def rest(self) -> list[Frame]:
        """All frames to the end of the stream."""
        found: list[Frame] = []
        while True:
            try:
                found.append(self.frame())
            except StopIteration:
                return found


class QueryApi:
    """A running query API and a client for it."""

    def __init__(self, process: "subprocess.Popen[bytes]", url: str) -> None:
        self.process = process
        self.url = url
        unlimited = httpx.Limits(max_connections=None)
        self.client = httpx.Client(base_url=f"{url}/api/v1", timeout=DEADLINE_SECONDS, limits=unlimited)

    def get(self, path: str, person: Person | None = None, **headers: str) -> httpx.Response:
        """A GET; header names with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.get(path, headers={**(person.headers if person else {}), **named})

    @contextmanager
    def stream(self, person: Person, query: str = "", **headers: str) -> Iterator[StreamClient]:
        """An open stream, past its opening: whatever happens from now on comes."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        with self.client.stream("GET", f"/events/stream{query}", headers={**person.headers, **named}) as response:
            assert response.status_code == 200, response.read()
            client = StreamClient(response)
            opening = client.block()
            assert (opening.event, opening.data) == (None, None)
            yield client

    def ask_to_stop(self) -> None:
        """Sends SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def stop(self) -> int:
        """Stops the process and returns its exit code."""
        self.client.close()
        if self.process.poll() is None:
            self.ask_to_stop()
        try:
            return self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


@contextmanager
def running_query_api(database_url: str, directory: Path, *, ready: bool = True, **limits: float) -> Iterator[QueryApi]:
    """The query API as its own process, ready; `limits` are those of the streams."""
    secret_file = directory / "secret"
    secret_file.write_bytes(SECRET)
    port = free_port()
    environment = {
        **LOOPBACK_LIMITS,
        **os.environ,
        "STUDIO_DATABASE_URL": database_url,
        "STUDIO_PORT": str(port),
        "STUDIO_SECRET_FILE": str(secret_file),
        "SAMPLE_LIMITS": json.dumps(limits),
    }
    log = (directory / f"query-api-{port}.log").open("wb")
    with log:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.runtime.query_side.sample_query_api"], env=environment, stdout=log, stderr=log
        )
    api = QueryApi(process, f"http://127.0.0.1:{port}")
    try:
        eventually_sync(
            lambda: _answers(f"{api.url}/{'readyz' if ready else 'livez'}"),
            what="the query API is up",
            seconds=START_SECONDS_MAX,
        )
        yield api
    finally:
        api.stop()


def _answers(url: str) -> bool:
    try:
        return httpx.get(url).status_code == 200
    except httpx.TransportError:
        return False
