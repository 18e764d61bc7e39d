"""Reading a stream of server-sent events as a client, with a bound on what is kept of it."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

LINE_BYTES_MAX: Final = 1024 * 1024


class LineTooLong(Exception):
    """A line of the stream that would not end."""


@dataclass(frozen=True, slots=True)
class ServerEvent:
    """An event: its name, empty when it has none, and its data."""

    name: str
    data: str


async def server_events(chunks: AsyncIterator[bytes]) -> AsyncIterator[ServerEvent]:
    """The events of a stream; one that is not finished when the stream ends is dropped, as the standard wants it."""
    name, data = "", list[str]()
    async for line in _lines(chunks):
        field, _, value = line.partition(":")
        if not line:
            if data:
                yield ServerEvent(name, "\n".join(data))
            name, data = "", []
        elif field == "event":
            name = value.removeprefix(" ")
        elif field == "data":
            data.append(value.removeprefix(" "))


async def _lines(chunks: AsyncIterator[bytes]) -> AsyncIterator[str]:
    rest = b""
    async for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.removesuffix(b"\r").decode("utf-8", "replace")
        if len(rest) > LINE_BYTES_MAX:
            raise LineTooLong
