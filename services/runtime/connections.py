"""Connections to a process: how many, how long one may take for a request, how much it may send ahead of one.

The server has no such bounds of its own. Its protocol is extended where that costs an ordinary request next to
nothing: times are looked at from outside, by one walk over all connections every second.
"""

import asyncio
import resource
from collections.abc import Collection
from time import monotonic
from typing import Any, Final
from uuid import uuid4

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol, RequestResponseCycle

from services.kernel.decider import Rejected
from services.runtime.logs import get_logger
from services.runtime.problems import problem_body, problem_response
from services.runtime.security_headers import SECURITY_HEADERS

SWEEP_SECONDS: Final = 1.0
SECONDS_MAX: Final = {"head": 10.0, "body": 20.0, "close": 10.0}
"""How long the other side may take to send a request's head and its body, and to take the rest of an answer."""
HEAD_BYTES_MAX: Final = 16 * 1024
UNWANTED_BYTES_MAX: Final = 1024 * 1024
"""So much of a body is still taken when its request has been answered, so that the client comes to read the answer."""
REFUSED_MAX: Final = 500
"""So many connections over the bound still get an answer; the next are closed without a word."""

OTHER_FILES: Final = REFUSED_MAX + 100
"""What a process opens besides the connections that it serves."""

_ONE_TOO_MANY: Final = "studio.one_too_many"

_Waits = tuple[str, RequestResponseCycle | None]
"""What is waited for, and on behalf of which request: another one begins the time anew."""

log = get_logger(__name__)


def is_one_too_many(scope: Scope) -> bool:
    """Whether the request came on a connection over the bound: probes are answered all the same."""
    return _ONE_TOO_MANY in scope["state"]


class BoundedProtocol(HttpToolsProtocol):
    """The server's protocol, with bounds."""

    connections_max: int

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._head_bytes = 0
        self._unwanted_bytes = 0
        self._waits: _Waits | None = None
        self._waits_since = 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """One more, perhaps one too many."""
        super().connection_made(transport)
        if (over := len(self.connections) - self.connections_max) > 0:
            self.app_state = {**self.app_state, _ONE_TOO_MANY: True}
            if over > REFUSED_MAX:
                transport.abort()

    def data_received(self, data: bytes) -> None:
        """Counts what comes before a head is complete: the parser would keep any amount of it."""
        if self.cycle is None or not self.cycle.more_body:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_bytes > HEAD_BYTES_MAX and not self.transport.is_closing():
            self._refuse(_head_too_large())

    def on_headers_complete(self) -> None:
        """Raises Rejected for a head that came in one piece, with whatever followed it, and is too large itself."""
        if self._head_bytes > HEAD_BYTES_MAX and self._size_of_head() > HEAD_BYTES_MAX:
            raise _head_too_large()
        self._head_bytes = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Closes on who goes on sending what was refused."""
        if self.cycle.response_complete:
            self._unwanted_bytes += len(body)
            if self._unwanted_bytes > UNWANTED_BYTES_MAX:
                self.transport.close()
        super().on_body(body)

    def send_400_response(self, msg: str) -> None:
        """The server's answer to what its parser does not take, or to what was raised in it, as a problem document."""
        if self._head_bytes > HEAD_BYTES_MAX:
            self._refuse(_head_too_large())
        else:
            self._refuse(Rejected("MALFORMED_HTTP", msg))

    def close_if_overdue(self, now: float) -> bool:
        """To be called again and again: closes the connection if it has been waiting for the same for too long."""
        waits = self._waits_for()
        if waits is None or waits != self._waits:
            self._waits, self._waits_since = waits, now
            return False
        what, _ = waits
        if now - self._waits_since < SECONDS_MAX[what]:
            return False
        if what == "close":
            self.transport.abort()
        else:
            self._refuse(Rejected("REQUEST_TIMEOUT", f"The {what} of the request did not come in time."))
        return True

    def _waits_for(self) -> _Waits | None:
        """What the other side owes us."""
        cycle = self.cycle
        if self.transport.is_closing():
            return "close", cycle
        if cycle is not None and cycle.more_body:
            return "body", cycle
        # Between two requests the server's own timer runs, until the first byte of the second.
        if cycle is None or (cycle.response_complete and self.timeout_keep_alive_task is None):
            return "head", cycle
        return None

    def _size_of_head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) + len(": \r\n") for name, value in self.headers)

    def _refuse(self, rejected: Rejected) -> None:
        """Answers, unless an answer is under way or was given before the body had come, and closes."""
        cycle = self.cycle
        if cycle is None or (cycle.more_body and not cycle.response_started) or _is_done(cycle):
            self.transport.write(_raw_answer(rejected))
        self.transport.close()


def bounded_protocol(connections_max: int) -> type[BoundedProtocol]:
    """The protocol of a process that serves so many connections, or as many as it may open files for."""
    room = _room_for(connections_max)
    if room < connections_max:
        log.warning("connections.fewer", wanted=connections_max, room=room)
    return type("BoundedProtocol", (BoundedProtocol,), {"connections_max": room})


def close_overdue(connections: Collection[Any]) -> None:
    """Closes those that have been waited for too long."""
    now = monotonic()
    closed = sum(connection.close_if_overdue(now) for connection in list(connections))
    if closed:
        log.info("connections.overdue", closed=closed)


def _room_for(connections_max: int) -> int:
    allowed, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = connections_max + OTHER_FILES
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return connections_max if allowed == resource.RLIM_INFINITY else min(connections_max, allowed - OTHER_FILES)


def _is_done(cycle: RequestResponseCycle) -> bool:
    return cycle.response_complete and not cycle.more_body


def _head_too_large() -> Rejected:
    return Rejected("HEADERS_TOO_LARGE", f"A request's head may have at most {HEAD_BYTES_MAX // 1024} KiB.")


def _raw_answer(rejected: Rejected) -> bytes:
    correlation_id = str(uuid4())
    response = problem_response(problem_body(rejected, instance="", correlation_id=correlation_id))
    own = ((b"x-correlation-id", correlation_id.encode()), (b"connection", b"close"))
    headers = [*response.raw_headers, *SECURITY_HEADERS, *own]
    lines = [b"%b: %b\r\n" % header for header in headers]
    return b"".join([STATUS_LINE[response.status_code], *lines, b"\r\n", bytes(response.body)])
