"""A whole studio for journeys: `studio up` with two of every process, and clients that talk to it over HTTP only."""

import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from uuid import UUID, uuid4

import httpx
import psycopg

from services.runtime.access import UserRole, issue_token, verify
from services.runtime.positions import decode_position_token
from services.studio.ports import free_ports
from services.studio.run_state import RunState
from tests.kit.declared_answers import check_answer
from tests.kit.waiting import eventually_sync

API = "/api/v1"
START_SECONDS_MAX = 120.0
STOP_SECONDS_MAX = 60.0
PROCESSES = ("command_api", "query_api", "message_relay", "projector", "task_worker")
NO_SETTINGS: Mapping[str, str] = {}

Value = TypeVar("Value")


@dataclass(frozen=True)
class Frame:
    """One frame of an event stream; `data` is its JSON."""

    event: str
    id: str | None
    data: dict[str, Any]

    @property
    def payload(self) -> dict[str, Any]:
        """The event's payload, or the whole data of a frame about the stream itself."""
        payload: dict[str, Any] = self.data.get("payload", self.data)
        return payload


class StoredEvent(NamedTuple):
    """A row of `domain_events`."""

    type: str
    aggregate_id: str
    correlation_id: UUID
    payload: dict[str, Any]
    metadata: dict[str, Any]


@dataclass(frozen=True)
class Studio:
    """A running studio: where its APIs are, and its database for looking behind them. All users share `http`.

    `probes` has, by name of the process, where each of its copies answers about itself.
    """

    directory: Path
    command_urls: tuple[str, ...]
    query_urls: tuple[str, ...]
    database_url: str
    kafka_bootstrap: str
    secret: bytes
    task_worker_pids: tuple[int, ...] = ()
    probes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    http: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30, event_hooks={"response": [_hold]}))

    def user(self, name: str | None = None) -> "Client":
        """A client of its own user."""
        return Client(self, name or f"user-{uuid4().hex[:12]}")

    def registered(self) -> "Client":
        """A client of a user who has an account."""
        name = f"r{uuid4().hex[:12]}"
        body = {"username": name, "email": f"{name}@example.com", "password": "correct horse"}
        return Client(self, name, token=self.nobody().post("/auth/register", body).json()["data"]["token"])

    def admin(self) -> "Client":
        """A client that may operate the studio."""
        name = f"admin-{uuid4().hex[:12]}"
        return Client(self, name, token=issue_token(self.secret, name, UserRole.ADMIN))

    def nobody(self) -> "Client":
        """A client without a token."""
        return Client(self, "nobody", token=None)

    def rows(self, statement: str, *parameters: object, **named: object) -> list[tuple[Any, ...]]:
        """Rows straight from the database."""
        with psycopg.connect(self.database_url) as connection:
            return connection.execute(statement.encode(), named or parameters).fetchall()

    @contextmanager
    def without_task_workers(self) -> Iterator[None]:
        """Tasks stay where they are while the block runs: the workers stand still, and go on afterwards."""
        undone = "SELECT count(*) FROM async_tasks WHERE status IN ('PENDING', 'RUNNING')"
        # A worker stopped in the middle of a commit would hold up everybody else.
        eventually_sync(lambda: self.rows(undone) == [(0,)], what="the task workers are idle")
        _signal_all(self.task_worker_pids, signal.SIGSTOP)
        try:
            yield
        finally:
            _signal_all(self.task_worker_pids, signal.SIGCONT)


@dataclass
class Client:
    """A user of the studio. Each request goes to one of the replicas by chance; reads see all of this user's writes.

    `position` is that of the last answer to a write. With `token` None the user has none.
    """

    studio: Studio
    name: str
    position: str | None = None
    token: str | None = ""
    # The newest write of each lane that no read has waited for yet.
    _unseen: dict[int, str] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.token == "":
            self.token = issue_token(self.studio.secret, self.name)

    @property
    def id(self) -> UUID:
        """The user's id."""
        return verify(self.studio.secret, self.token or issue_token(self.studio.secret, self.name), "access").user.id

    def row_counts(self) -> dict[str, int]:
        """How many rows this user has in each table of the write side."""
        (counts,) = self.studio.rows(
            """
            SELECT
                (SELECT count(*) FROM command_inbox WHERE user_id = %(user_id)s::uuid),
                (SELECT count(*) FROM domain_events WHERE metadata ->> 'user_id' = %(user_id)s::text),
                (SELECT count(*) FROM event_outbox AS o JOIN domain_events AS e ON e.event_id = o.id
                 WHERE e.metadata ->> 'user_id' = %(user_id)s::text),
                (SELECT count(*) FROM async_tasks WHERE user_id = %(user_id)s::uuid)
            """,
            user_id=str(self.id),
        )
        return dict(zip(("command_inbox", "domain_events", "event_outbox", "async_tasks"), counts, strict=True))

    def events(self, *types: str) -> list[StoredEvent]:
        """This user's events in order, of the given types or all."""
        found = self.studio.rows(
            """
            SELECT event_type, aggregate_id, correlation_id, payload, metadata FROM domain_events
            WHERE metadata ->> 'user_id' = %(user_id)s ORDER BY id
            """,
            user_id=str(self.id),
        )
        return [event for event in map(StoredEvent._make, found) if not types or event.type in types]

    def events_of(self, answer: httpx.Response) -> list[str]:
        """Types of the events of the command that was answered, in order."""
        return [event.type for event in self.events() if str(event.correlation_id) == answer.headers["x-command-id"]]

    def wrote(self, position: str) -> None:
        """Reads from here on see the write that was answered with this `X-Event-Position`."""
        written = decode_position_token(position)
        with self._lock:
            self.position = position
            known = self._unseen.get(written.lane)
            if known is None or decode_position_token(known).position < written.position:
                self._unseen[written.lane] = position

    def catch_up(self) -> None:
        """Waits until reads see all of this user's writes so far."""
        with self._lock:
            unseen = list(self._unseen.values())
        for position in unseen:
            self._see(position)

    def write(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Mapping[str, str] | None = None,
        raw: bytes | None = None,
    ) -> httpx.Response:
        """A command over HTTP."""
        content = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        sent = {"Content-Type": "application/json", **self._authorization(), **(headers or {})}
        url = random.choice(self.studio.command_urls) + API + path
        response = self.studio.http.request(method, url, content=content, headers=_in_bytes(sent))
        if (position := response.headers.get("x-event-position")) is not None:
            self.wrote(position)
        return response

    def post(self, path: str, body: object = None, **more: Any) -> httpx.Response:
        """POST to a command API."""
        return self.write("POST", path, body, **more)

    def patch(self, path: str, body: object = None, **more: Any) -> httpx.Response:
        """PATCH to a command API."""
        return self.write("PATCH", path, body, **more)

    def delete(self, path: str, **more: Any) -> httpx.Response:
        """DELETE to a command API."""
        return self.write("DELETE", path, **more)

    def get(self, path: str, *, headers: Mapping[str, str] | None = None, **parameters: Any) -> httpx.Response:
        """A read that sees all of this user's writes so far, unless it says itself what it waits for."""
        return self._read("GET", path, headers or {}, params=parameters or None)

    def search(self, path: str, body: object) -> dict[str, Any]:
        """What a read finds whose question is a body; it sees all of this user's writes too."""
        response = self._read("POST", path, {}, json=body)
        assert response.status_code == 200, response.text
        found: dict[str, Any] = response.json()
        return found

    def created(self, path: str, body: object = None) -> dict[str, Any]:
        """The body of a POST that must have created something."""
        response = self.post(path, body)
        assert response.status_code == 201, response.text
        made: dict[str, Any] = response.json()
        return made

    def command(self, session_id: str, command_type: str, /, **payload: Any) -> httpx.Response:
        """A typed command on a session."""
        return self.post(f"/conversations/sessions/{session_id}/commands", {"type": command_type, "payload": payload})

    def finished_command(self, command_id: str) -> dict[str, Any]:
        """The status of a command once it is COMPLETED or FAILED."""

        def status() -> dict[str, Any] | None:
            response = self.get(f"/commands/{command_id}")
            body: dict[str, Any] = response.json()
            if body["status"] not in ("COMPLETED", "FAILED"):
                return None
            # Reads from here on see what the command has done.
            self.wrote(response.headers["x-event-position"])
            return body

        found = eventually_sync(status, what=f"command {command_id} comes to an end")
        assert found is not None
        return found

    def eventually(self, path: str, is_there: Callable[[Any], Value], **parameters: Any) -> Value:
        """What `is_there` makes of a read's body, once it is true."""
        return eventually_sync(lambda: is_there(self.get(path, **parameters).json()), what=f"GET {path}")

    @contextmanager
    def stream(self, *, last_event_id: str | None = None, **filters: str) -> Iterator["Stream"]:
        """An open event stream."""
        headers = self._authorization() | ({"Last-Event-ID": last_event_id} if last_event_id else {})
        url = random.choice(self.studio.query_urls) + API + "/events/stream"
        with httpx.stream(
            "GET", url, headers=headers, params=filters, timeout=httpx.Timeout(30, read=None)
        ) as response:
            assert response.status_code == 200, response.read()
            stream = Stream(response)
            yield stream

    def new_novel(self, title: str = "The Lighthouse") -> str:
        """The id of a new novel."""
        return str(self.created("/novels", {"title": title})["id"])

    def new_flow(self, title: str = "The Lighthouse") -> dict[str, Any]:
        """A new novel's flow."""
        return self.created(f"/genesis/flows/{self.new_novel(title)}", {})

    def new_stage_session(self, flow: Mapping[str, Any], stage: str = "INITIAL_PROMPT", **body: Any) -> tuple[str, str]:
        """Record id and session id of a new session in a stage."""
        made = self.created(f"/genesis/processes/{flow['id']}/stages/{stage}/sessions", body)
        return made["instance"]["id"], made["session"]["session_id"]

    def confirm_settings(self, stage_id: str, session_id: str, settings: Mapping[str, Any]) -> int:
        """Saves and confirms a settings version, and returns its number."""
        saved = self.created(
            f"/genesis/instances/{stage_id}/settings", {"settings": settings, "session_id": session_id}
        )
        confirmed = self.post(f"/genesis/instances/{stage_id}/settings/{saved['version']}/confirm")
        assert confirmed.status_code == 200, confirmed.text
        return int(saved["version"])

    def _read(self, method: str, path: str, headers: Mapping[str, str], **asked: Any) -> httpx.Response:
        with self._lock:
            unseen = [] if "X-Min-Position" in headers else list(self._unseen.values())
        for position in unseen[:-1]:
            self._see(position)
        return self._read_after(unseen[-1] if unseen else None, method, path, headers, **asked)

    def _see(self, position: str) -> None:
        # One read waits for one lane; what it is about does not matter.
        self._read_after(position, "GET", "/novels", {}, params={"limit": 1})

    def _read_after(
        self, position: str | None, method: str, path: str, headers: Mapping[str, str], **asked: Any
    ) -> httpx.Response:
        waiting = {"X-Min-Position": position} if position is not None else {}
        sent = {**self._authorization(), **waiting, **headers}

        def fresh() -> httpx.Response | None:
            url = random.choice(self.studio.query_urls) + API + path
            response = self.studio.http.request(method, url, headers=_in_bytes(sent), **asked)
            return None if position is not None and "x-projection-stale" in response.headers else response

        response = eventually_sync(fresh, what=f"{method} {path} shows the last write")
        assert response is not None
        if position is not None:
            self._saw(position)
        return response

    def _saw(self, position: str) -> None:
        lane = decode_position_token(position).lane
        with self._lock:
            if self._unseen.get(lane) == position:
                del self._unseen[lane]

    def _authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}


class Stream:
    """Frames of an open event stream, read in a thread so that waiting for one has a deadline."""

    def __init__(self, response: httpx.Response) -> None:
        self.frames: list[Frame] = []
        self.comments: list[str] = []
        self.closed = threading.Event()
        self._thread = threading.Thread(target=self._read, args=(response,), daemon=True)
        self._thread.start()

    def until(self, is_last: Callable[[Frame], bool], *, what: str = "the awaited frame") -> list[Frame]:
        """All frames up to and with the first that `is_last` accepts."""

        def found() -> list[Frame] | None:
            for index, frame in enumerate(list(self.frames)):
                if is_last(frame):
                    return self.frames[: index + 1]
            return None

        frames = eventually_sync(found, what=what)
        assert frames is not None
        return frames

    def events(self) -> list[Frame]:
        """The frames of stored events so far."""
        return [frame for frame in self.frames if frame.id is not None]

    def _read(self, response: httpx.Response) -> None:
        event, identifier = "", None
        try:
            for line in response.iter_lines():
                name, _, value = line.partition(": ")
                if line.startswith(":"):
                    self.comments.append(line)
                elif name == "event":
                    event = value
                elif name == "id":
                    identifier = value
                elif name == "data":
                    self.frames.append(Frame(event, identifier, json.loads(value)))
                elif not line:
                    event, identifier = "", None
        except (httpx.HTTPError, httpx.StreamError):
            # The test has left the stream, or the server ended it; what was read stays.
            pass
        finally:
            self.closed.set()


@contextmanager
def running_studio(
    data: Path | None = None, *, replicas: int | Mapping[str, int] = 2, settings: Mapping[str, str] = NO_SETTINGS
) -> Iterator[Studio]:
    """`studio up` in a directory of its own, until the block ends; so many of every process, or of those named.

    `settings` are further STUDIO_ variables.
    """
    with tempfile.TemporaryDirectory(prefix="studio-") as temporary:
        directory = data or Path(temporary)
        process = start_studio(directory, replicas=replicas, settings=settings)
        try:
            studio = wait_for_studio(directory, process)
            with studio.http:
                yield studio
        finally:
            stop_studio(process)


def start_studio(
    directory: Path, *, replicas: int | Mapping[str, int] = 1, settings: Mapping[str, str] = NO_SETTINGS
) -> "subprocess.Popen[bytes]":
    """Starts `studio up` with its output in a file beside its data."""
    command_port, query_port = free_ports(2)
    directory.mkdir(parents=True, exist_ok=True)
    counts = replicas if isinstance(replicas, Mapping) else dict.fromkeys(PROCESSES, replicas)
    arguments = [f"--replicas={process}={count}" for process, count in counts.items() if count > 1]
    with (directory / "up.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "services.studio.main", "up", "--data", str(directory),
             "--command-port", str(command_port), "--query-port", str(query_port), *arguments],
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={name: value for name, value in os.environ.items() if not name.startswith("STUDIO_")} | {**settings},
        )  # fmt: skip


def wait_for_studio(directory: Path, process: "subprocess.Popen[bytes]") -> Studio:
    """The studio once every process is ready."""

    def ready() -> RunState | None:
        assert process.poll() is None, (directory / "up.log").read_text()[-4000:]
        path = directory / "run.json"
        if not path.exists():
            return None
        state = RunState.model_validate_json(path.read_text())
        ours = [p for p in state.processes if p.name in PROCESSES]
        if state.supervisor.pid != process.pid or {p.name for p in ours} != set(PROCESSES):
            return None
        assert not any(p.state == "gave up" for p in ours), (directory / "up.log").read_text()[-4000:]
        return state if all(p.state == "ready" for p in ours) else None

    state = eventually_sync(ready, what="the studio is ready", seconds=START_SECONDS_MAX)
    assert state is not None

    def urls(name: str) -> tuple[str, ...]:
        return tuple(f"http://127.0.0.1:{p.port}" for p in state.processes if p.name == name)

    secret = (directory / "secret").read_text().strip().encode()
    return Studio(
        directory,
        urls("command_api"),
        urls("query_api"),
        state.database_url,
        state.kafka_bootstrap,
        secret,
        tuple(p.identity.pid for p in state.processes if p.name == "task_worker" and p.identity is not None),
        {name: urls(name) for name in PROCESSES},
    )


def stop_studio(process: "subprocess.Popen[bytes]") -> None:
    """Ctrl-C, and waits until everything has ended."""
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
        process.wait(STOP_SECONDS_MAX)


def _hold(response: httpx.Response) -> None:
    response.read()
    check_answer(response)


def _in_bytes(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """The headers as they go out, so that a test may send what no client would."""
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _signal_all(pids: Iterable[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def is_uuid(text: object) -> bool:
    """Whether it is a UUID in its usual form."""
    try:
        return str(UUID(str(text))) == text
    except ValueError:
        return False
