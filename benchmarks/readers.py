"""Very many event streams held open by a process of their own, which reads what comes and counts the frames.

`python -m benchmarks.readers` reads a plan as one line of JSON and says how many streams are open; then each line with
a number is answered, by the same number, once so many frames have come altogether.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import cast

import uvloop
from pydantic import BaseModel

OPENING_AT_ONCE = 64
OPEN_SECONDS_MAX = 120.0
FRAMES_SECONDS_MAX = 120.0
_DATA = b"\ndata: "


class ReadersPlan(BaseModel):
    """Where to connect; one stream for each token, so a token may be there several times."""

    port: int
    tokens: list[str]


class Readers:
    """The process, seen from outside."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def wait_for(self, frames: int) -> None:
        """Returns when so many frames have come since the streams were opened."""
        self._say(str(frames))
        if self.hear() != frames:
            raise RuntimeError(f"the readers ended before {frames} frames had come")

    def hear(self) -> int:
        """The number that the process says next; 0 when it has ended."""
        assert self._process.stdout is not None
        return int(self._process.stdout.readline() or 0)

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


@contextmanager
def reading(port: int, tokens: Sequence[str]) -> Iterator[Readers]:
    """So many streams, open for as long as the block runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.readers"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdin is not None
    with process:
        try:
            process.stdin.write(ReadersPlan(port=port, tokens=list(tokens)).model_dump_json() + "\n")
            process.stdin.flush()
            readers = Readers(process)
            if readers.hear() != len(tokens):
                raise RuntimeError(f"{len(tokens)} streams could not be opened")
            yield readers
        finally:
            process.stdin.close()


class _Frames:
    """How many have come, and how many are waited for."""

    def __init__(self) -> None:
        self._come = 0
        self._awaited = 0
        self._enough = asyncio.Event()

    def add(self, count: int) -> None:
        """More have come."""
        self._come += count
        if self._come >= self._awaited:
            self._enough.set()

    async def reach(self, count: int) -> None:
        """Waits until so many have come."""
        self._awaited = count
        self._enough.clear()
        self.add(0)
        async with asyncio.timeout(FRAMES_SECONDS_MAX):
            await self._enough.wait()


class _Stream(asyncio.Protocol):
    """One open stream."""

    __slots__ = ("_frames", "_request", "_tail", "opened", "transport")

    def __init__(self, frames: _Frames, request: bytes) -> None:
        self._frames = frames
        self._request = request
        self._tail = b""
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not checked: uvloop's transports are no subclass.
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        if not self.opened.done():
            self._open(data)
            return
        self._frames.add((self._tail + data).count(_DATA))
        # Too short to be counted again, long enough for one that comes in two pieces.
        self._tail = data[1 - len(_DATA) :]

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.opened.done():
            self.opened.set_exception(ConnectionError("the server closed a connection"))

    def _open(self, data: bytes) -> None:
        head = self._tail + data
        if not head.startswith(b"HTTP/1.1 200"[: len(head)]):
            self.opened.set_exception(ConnectionError(f"no event stream: {head[:300]!r}"))
        elif b"\nretry: " in head or b"\r\nretry: " in head:
            # Past its opening: what happens from now on comes.
            self.opened.set_result(None)
            self._tail = b""
        else:
            self._tail = head


async def _run(plan: ReadersPlan) -> None:
    frames = _Frames()
    some = asyncio.Semaphore(OPENING_AT_ONCE)
    async with asyncio.timeout(OPEN_SECONDS_MAX):
        streams = await asyncio.gather(*(_open(plan.port, token, frames, some) for token in plan.tokens))
    _say(len(streams))
    while line := await asyncio.to_thread(sys.stdin.readline):
        await frames.reach(int(line))
        _say(int(line))
    for stream in streams:
        stream.transport.abort()


async def _open(port: int, token: str, frames: _Frames, some: asyncio.Semaphore) -> _Stream:
    request = f"GET /api/v1/events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    async with some:
        _, stream = await asyncio.get_running_loop().create_connection(
            lambda: _Stream(frames, request), "127.0.0.1", port
        )
        await stream.opened
    return stream


def _say(number: int) -> None:
    sys.stdout.write(f"{number}\n")
    sys.stdout.flush()


def main() -> None:
    """Opens what the plan says and answers until there is nothing more to read."""
    uvloop.run(_run(ReadersPlan.model_validate_json(sys.stdin.readline())))


if __name__ == "__main__":
    main()
