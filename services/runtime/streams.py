"""The open event streams of a process: who has them, what waits to be sent, when they must end.

A frame is written to a client that keeps up where it is offered. For one that does not it goes into the stream's
bounded queue, which `Stream.pump` writes. One sweep serves all streams: pings, rotation, and the end of clients
that do not read.
"""

import asyncio
import random
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import orjson
from starlette.types import Send

from services.kernel.decider import Rejected
from services.kernel.events import RecordedEvent
from services.runtime.access import Revocations, Unauthenticated, Verified
from services.runtime.crash_points import reached
from services.runtime.event_feed import EventFeed
from services.runtime.frames import PING, EncodedEvent, EventEncoder, Wanted, control_frame, progress_frame
from services.runtime.logs import get_logger
from services.runtime.metrics import STREAM_FRAMES_TOTAL, STREAMS_DROPPED_TOTAL, STREAMS_OPEN

REPLACING = frozenset({"task.progress-updated"})
"""Of these only the newest is of use."""
SAID_MAX = 100
"""So much of a task waits for the event that it goes behind: less than a client may let wait."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """Every bound of the streams."""

    per_user: int = 5
    frames_waiting_max: int = 256
    ping_seconds: float = 15.0
    rotate_seconds: float = 600.0
    write_seconds: float = 30.0
    farewell_seconds: float = 3.0
    """How long a client that does not read may delay the end of the process."""


DEFAULT_LIMITS = StreamLimits()


class ClientConnection(Protocol):
    """The server's end of a client's connection: what ASGI has no words for."""

    def write_now(self, piece: bytes) -> bool:
        """Writes a piece of the body, unless that would be to wait for the client; whether it did."""

    def abort(self) -> None:
        """Cuts the connection: closing it would wait for a client that does not read."""


class Stream:
    """One client's stream: a queue of frames, and how it ends."""

    __slots__ = (
        "_after", "_clock", "_connection", "_frames", "_frames_max", "_waiter", "_wanted", "ended", "ends_at",
        "farewell", "last_sent", "tab_id", "user_id", "verified", "writing_since",
    )  # fmt: skip

    def __init__(
        self,
        verified: Verified,
        tab_id: str | None,
        wanted: Wanted,
        connection: ClientConnection,
        *,
        ends_at: float,
        frames_max: int,
    ) -> None:
        self.user_id = str(verified.user.id)
        self.verified = verified
        self.tab_id = tab_id
        self.ended: str | None = None
        self.farewell = b""
        self.ends_at = ends_at
        self.writing_since: float | None = None
        self._clock = asyncio.get_running_loop().time
        self.last_sent = self._clock()
        self._wanted = wanted
        self._connection = connection
        self._frames: list[bytes] = []
        self._frames_max = frames_max
        self._after: int | None = None
        self._waiter: asyncio.Future[None] | None = None

    def join(self, after: int) -> None:
        """From now on takes the live events behind the position; those up to it are replayed, if at all."""
        self._after = after

    def offer(self, event: EncodedEvent) -> bool:
        """Takes an event's frames, unless the stream has them already or does not want them; whether it took them."""
        if self._after is None or event.position <= self._after:
            return False
        self._after = event.position
        return self.push(self._wanted.pick(event))

    def offer_progress(self, progress: EncodedEvent) -> bool:
        """Takes a frame that belongs to no position."""
        return self._after is not None and self.push(self._wanted.pick(progress))

    def push(self, frame: bytes) -> bool:
        """Writes a frame behind those that wait. A client that lets too many wait is told, and comes back by its id."""
        if not frame or self.ended is not None:
            return False
        # Handing each frame to a task of its stream costs more than all else that is done for it.
        if self._idle and self._connection.write_now(frame):
            self.last_sent = self._clock()
            return True
        if len(self._frames) >= self._frames_max:
            self.end("overloaded", _overload())
            return False
        self._frames.append(frame)
        self._wake()
        return True

    def end(self, reason: str, farewell: bytes = b"") -> None:
        """Lets the queue run out, then sends the farewell and closes. The first end counts."""
        if self.ended is None:
            self.ended = reason
            self.farewell = farewell
            self._wake()

    def abort(self, reason: str) -> None:
        """Cuts the connection of a client that does not read."""
        self.end(reason)
        self._connection.abort()

    async def pump(self, send: Send) -> None:
        """Writes what is queued, as it comes, until the stream ends."""
        while self._frames or self.ended is None:
            if self._frames:
                frames, self._frames = self._frames, []
                await self.write(send, frames[0] if len(frames) == 1 else b"".join(frames))
            else:
                await self._woken()

    async def write(self, send: Send, piece: bytes, *, more: bool = True) -> None:
        """Writes a piece of the body, noting since when for the sweep."""
        self.writing_since = self._clock()
        await send({"type": "http.response.body", "body": piece, "more_body": more})
        self.writing_since = None
        self.last_sent = self._clock()

    @property
    def _idle(self) -> bool:
        """Whether nothing is queued or being written, so that a frame written now overtakes none."""
        return self._waiter is not None and not self._waiter.done()

    async def _woken(self) -> None:
        self._waiter = asyncio.get_running_loop().create_future()
        try:
            await self._waiter
        finally:
            self._waiter = None

    def _wake(self) -> None:
        if self._idle:
            assert self._waiter is not None
            self._waiter.set_result(None)


class _Said(NamedTuple):
    """A frame of a task, and the position of the event that it goes behind."""

    after: int
    event: str
    frame: EncodedEvent


class Streams:
    """All open streams; the audience of the event feed."""

    def __init__(self, encoder: EventEncoder, limits: StreamLimits) -> None:
        self.limits = limits
        self.feed: EventFeed
        self._encoder = encoder
        self._by_user: dict[str, list[Stream]] = {}
        self._all: set[Stream] = set()
        # Per user, what each task has said, until the event that the task knows of has been delivered.
        self._progress: dict[str, dict[str, list[_Said]]] = {}
        self._stopping = False

    def __len__(self) -> int:
        return len(self._all)

    @property
    def user_count(self) -> int:
        """Users who have a stream here."""
        return len(self._by_user)

    def check_room(self, user_id: str, tab_id: str | None) -> None:
        """Raises Rejected when one more stream may not be opened; one of the same tab would be replaced."""
        if self._stopping:
            raise Rejected("STORE_UNAVAILABLE", "This process is stopping; connect again.")
        others = [stream for stream in self._by_user.get(user_id, ()) if tab_id is None or stream.tab_id != tab_id]
        if len(others) >= self.limits.per_user:
            raise Rejected("TOO_MANY_STREAMS", f"At most {self.limits.per_user} streams may be open at a time.")

    def open(self, verified: Verified, tab_id: str | None, wanted: Wanted, connection: ClientConnection) -> Stream:
        """A new stream, which gets nothing before it joins. Raises Rejected when there is no room.

        `verified` is the token that let it in: when that is taken back, the stream ends.
        """
        user_id = str(verified.user.id)
        self.check_room(user_id, tab_id)
        if tab_id is not None:
            self.close_tab(user_id, tab_id, "replaced")
        # Jittered, so that the streams of a process that started all at once do not all end at once.
        lifetime = self.limits.rotate_seconds * random.uniform(0.8, 1.2)
        stream = Stream(
            verified,
            tab_id,
            wanted,
            connection,
            ends_at=asyncio.get_running_loop().time() + lifetime,
            frames_max=self.limits.frames_waiting_max,
        )
        self._all.add(stream)
        self._by_user.setdefault(user_id, []).append(stream)
        STREAMS_OPEN.inc()
        return stream

    def forget(self, stream: Stream) -> None:
        """The stream's connection is done with."""
        self._all.discard(stream)
        self._leave(stream)
        STREAMS_OPEN.dec()
        STREAMS_DROPPED_TOTAL.labels(stream.ended or "gone").inc()

    def close_tab(self, user_id: str, tab_id: str, reason: str) -> None:
        """Ends the stream of a tab for good: nobody is to connect again because of it."""
        for stream in list(self._by_user.get(user_id, ())):
            if stream.tab_id == tab_id:
                stream.end(reason, control_frame("bye", {"reason": reason, "reconnect_after_ms": None}))
                self._leave(stream)

    def close_revoked(self, revocations: Revocations) -> None:
        """Ends the streams whose token was taken back."""
        for stream in list(self._all):
            try:
                revocations.check(stream.verified)
            except Unauthenticated:
                stream.end("revoked", control_frame("bye", {"reason": "revoked", "reconnect_after_ms": None}))
                self._leave(stream)

    def close_all(self) -> None:
        """Ends every stream, and lets nobody in any more."""
        self._stopping = True
        for stream in list(self._all):
            stream.end("stopping", bye("stopping", 500, 5_000))

    def wants(self, user_id: str) -> bool:
        """See Audience."""
        return user_id in self._by_user

    def deliver(self, event: RecordedEvent) -> None:
        """See Audience."""
        streams = self._by_user.get(event.metadata["user_id"], ())
        if streams:
            encoded = self._encoder.encode(self.feed.epoch, event)
            STREAM_FRAMES_TOTAL.inc(sum([stream.offer(encoded) for stream in streams]))
            reached("query.frame_sent")

    def delivered(self) -> None:
        """See Audience: now is the time for progress whose task's events are out."""
        for user_id in list(self._progress):
            settled = self.feed.settled(user_id)
            held = self._progress[user_id]
            streams = self._by_user.get(user_id, ())
            for task_id, all_said in list(held.items()):
                told = [said for said in all_said if said.after <= settled]
                for said in told:
                    STREAM_FRAMES_TOTAL.inc(sum([stream.offer_progress(said.frame) for stream in streams]))
                if len(told) == len(all_said):
                    del held[task_id]
                elif told:
                    held[task_id] = [said for said in all_said if said.after > settled]
            if not held:
                del self._progress[user_id]

    def heard_progress(self, announcement: str) -> None:
        """Takes a task's progress: `{user_id, after_position, event, data}`. How far it is replaces what is held of
        that; pieces of its text follow one another.
        """
        try:
            said = orjson.loads(announcement)
            user_id, event = str(said["user_id"]), str(said["event"])
            if user_id not in self._by_user:
                return
            frame = _Said(int(said["after_position"]), event, progress_frame(event, said["data"]))
            task_id = str(said["data"]["task_id"])
        except (ValueError, KeyError, TypeError):
            log.warning("progress.unreadable", announcement=announcement[:200])
            return
        held = self._progress.setdefault(user_id, {})
        earlier = held.get(task_id, [])
        if event in REPLACING:
            earlier = [one for one in earlier if one.event != event]
        # Of more the beginning goes; what follows says where in the text it stands.
        held[task_id] = [*earlier, frame][-SAID_MAX:]
        self.feed.wake()

    async def sweep_for_ever(self) -> None:
        """The one timer of all streams."""
        tick = min(1.0, self.limits.ping_seconds / 15)
        while True:
            await asyncio.sleep(tick)
            self._sweep(asyncio.get_running_loop().time(), self.limits.ping_seconds - 2 * tick)

    def _sweep(self, now: float, silence_seconds: float) -> None:
        patience = self.limits.farewell_seconds if self._stopping else self.limits.write_seconds
        for stream in list(self._all):
            if stream.writing_since is not None:
                if now - stream.writing_since > patience:
                    stream.abort("stalled")
            elif now >= stream.ends_at:
                stream.end("rotated", bye("rotated", 0, 3_000))
            elif now - stream.last_sent >= silence_seconds:
                stream.push(PING)

    def _leave(self, stream: Stream) -> None:
        streams = self._by_user.get(stream.user_id, [])
        if stream in streams:
            streams.remove(stream)
        if not streams:
            self._by_user.pop(stream.user_id, None)
            self._progress.pop(stream.user_id, None)


def bye(reason: str, ms_min: int, ms_max: int) -> bytes:
    """The frame before a planned close: the client is to connect again, not all clients at once."""
    return control_frame("bye", {"reason": reason, "reconnect_after_ms": random.randint(ms_min, ms_max)})


def _overload() -> bytes:
    data: dict[str, Any] = {
        "level": "warning",
        "code": "SERVER_OVERLOAD",
        "message": "The stream was read too slowly. Connect again with the last id.",
        "retry_after": 1,
    }
    return control_frame("sse.error-occurred", data) + bye("overloaded", 500, 2_000)
