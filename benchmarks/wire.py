"""HTTP/1.1 as bytes: one client that posts and one that listens, with the times at which bytes left and came."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

from services.runtime.positions import decode_position_token

_EVENT_ID = re.compile(rb"id: [0-9a-f]{32}-(\d+)\nevent: ")
_CONTENT_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_POSITION = re.compile(rb"\r\nx-event-position: (\S+)", re.IGNORECASE)
_LONGEST_ID = 80


class Poster:
    """One keep-alive connection that posts and waits for the answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def post(self, request: bytes) -> tuple[float, float, int]:
        """When the request was sent, when it was answered (clock time, seconds), and its event's position."""
        sent_at = time.time()
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        answered_at = time.time()
        length, position = _CONTENT_LENGTH.search(head), _POSITION.search(head)
        if not head.startswith(b"HTTP/1.1 201") or length is None or position is None:
            raise RuntimeError(f"a command was refused: {head[:300]!r}")
        await self._reader.readexactly(int(length[1]))
        return sent_at, answered_at, decode_position_token(position[1].decode()).position


class Listener:
    """One open event stream: notes when each position came."""

    def __init__(self, reader: asyncio.StreamReader) -> None:
        self._reader = reader
        self._came: dict[int, float] = {}
        self._waiting: dict[int, asyncio.Future[float]] = {}
        self._reading = asyncio.create_task(self._read())

    async def received_at(self, position: int, *, seconds_max: float) -> float:
        """When the event's frame came; waits for it."""
        if position not in self._came:
            self._waiting[position] = asyncio.get_running_loop().create_future()
            async with asyncio.timeout(seconds_max):
                await self._waiting[position]
        return self._came.pop(position)

    async def close(self) -> None:
        """Stops reading."""
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)

    async def _read(self) -> None:
        rest = b""
        while data := await self._reader.read(65_536):
            now = time.time()
            rest += data
            for matched in _EVENT_ID.finditer(rest):
                self._note(int(matched[1]), now)
            # An id may have come in two pieces; one that is behind us must not be found again.
            last = rest.rfind(b"\nevent: ")
            rest = rest[last + 1 :][-_LONGEST_ID:] if last >= 0 else rest[-_LONGEST_ID:]

    def _note(self, position: int, now: float) -> None:
        self._came[position] = now
        if (waiting := self._waiting.pop(position, None)) is not None and not waiting.done():
            waiting.set_result(now)


@asynccontextmanager
async def posting(url: str) -> AsyncIterator[Poster]:
    """A connection to a command API."""
    reader, writer = await _connect(url)
    try:
        yield Poster(reader, writer)
    finally:
        writer.close()


@asynccontextmanager
async def listening(url: str, token: str) -> AsyncIterator[Listener]:
    """An event stream of a query API, open when the block begins."""
    reader, writer = await _connect(url)
    writer.write(
        f"GET /api/v1/events/stream HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    )
    head = await reader.readuntil(b"\r\n\r\n")
    if not head.startswith(b"HTTP/1.1 200"):
        raise RuntimeError(f"no event stream: {head[:300]!r}")
    listener = Listener(reader)
    try:
        yield listener
    finally:
        await listener.close()
        writer.close()


async def _connect(url: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    address = urlsplit(url)
    return await asyncio.open_connection(address.hostname, address.port)
