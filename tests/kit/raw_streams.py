"""An event stream read from its socket, so that a test may leave it anywhere: between two bytes of a frame too."""

import asyncio
from collections.abc import Awaitable
from typing import NamedTuple, Self
from urllib.parse import urlencode, urlsplit

SECONDS_MAX = 60.0
"""For anything that the server is to send: as many clients as a test has may be in line before this one."""


class Refused(Exception):
    """No stream was opened; the text begins with the status."""


class RawFrame(NamedTuple):
    """A frame of which only the order matters; `data` is not parsed."""

    id: str | None
    event: str | None
    data: str

    @property
    def position(self) -> int | None:
        """The stored event's position; None when the frame has no id."""
        return int(self.id.rpartition("-")[2]) if self.id is not None else None


class RawStream:
    """One connection. Whatever is waited for has a deadline."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._text = b""

    @classmethod
    async def open(cls, url: str, token: str, *, last_event_id: str | None = None, **filters: str) -> Self:
        """A stream whose response has begun. Raises Refused, or ConnectionError when nobody is there."""
        address = urlsplit(url)
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        cursor = f"Last-Event-ID: {last_event_id}\r\n" if last_event_id is not None else ""
        writer.write(
            f"GET /api/v1/events/stream?{urlencode(filters)} HTTP/1.1\r\nHost: {address.netloc}\r\n"
            f"Authorization: Bearer {token}\r\n{cursor}\r\n".encode()
        )
        stream = cls(reader, writer)
        try:
            head = await _received(reader.readuntil(b"\r\n\r\n"))
            status = head.decode().partition(" ")[2]
            if not status.startswith("200"):
                raise Refused(status)
        except BaseException:
            stream.leave()
            raise
        return stream

    async def frame(self) -> RawFrame | None:
        """The next frame, pings and the opening included; None at the proper end. Raises ConnectionError when cut."""
        while b"\n\n" not in self._text:
            piece = await self._piece()
            if not piece:
                return None
            self._text += piece
        block, _, self._text = self._text.partition(b"\n\n")
        fields = dict(line.split(": ", 1) for line in block.decode().split("\n") if not line.startswith(":"))
        return RawFrame(fields.get("id"), fields.get("event"), fields.get("data", ""))

    async def half_a_piece(self) -> None:
        """Reads into the middle of what the server writes next."""
        await _received(self._reader.readexactly(await self._piece_length() // 2))

    def leave(self) -> None:
        """Closes the connection; at once, with bytes of the server's still unread."""
        self._writer.transport.abort()

    async def _piece(self) -> bytes:
        """What the server wrote at once; empty at the end."""
        piece = await _received(self._reader.readexactly(await self._piece_length() + 2))
        return piece[:-2]

    async def _piece_length(self) -> int:
        return int(await _received(self._reader.readuntil(b"\r\n")), 16)


async def _received(reading: Awaitable[bytes]) -> bytes:
    try:
        async with asyncio.timeout(SECONDS_MAX):
            return await reading
    except (asyncio.IncompleteReadError, ConnectionError) as error:
        raise ConnectionError("the stream was cut") from error
