"""The limit of delivering: a server that does nothing but write the bytes that it is given to every open connection.

`python -m benchmarks.bare_streams`, with the settings of a process of ours. A GET opens a stream; the body of a POST
is written to all streams, as a chunk of each.
"""

import asyncio
from typing import cast

import uvloop

from services.runtime.settings import ProcessSettings, read_settings

_OPENING = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\nd\r\nretry: 3000\n\n\r\n"
)
_DONE = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"


class _Connection(asyncio.Protocol):
    """A stream, or whoever has something to send to all."""

    def __init__(self, streams: set[asyncio.Transport]) -> None:
        self._streams = streams
        self._heard = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not checked: uvloop's transports are no subclass.
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, _, body = self._heard.partition(b"\r\n\r\n")
        if head.startswith(b"GET /readyz"):
            self._transport.write(_DONE)
        elif head.startswith(b"GET"):
            self._streams.add(self._transport)
            self._transport.write(_OPENING)
        elif len(body) < int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0]):
            return
        else:
            self._write_to_all(b"%x\r\n%b\r\n" % (len(body), body))
            self._transport.write(_DONE)
        self._heard = b""

    def connection_lost(self, exc: Exception | None) -> None:
        self._streams.discard(self._transport)

    def _write_to_all(self, chunk: bytes) -> None:
        for stream in self._streams:
            stream.write(chunk)


async def _serve(settings: ProcessSettings) -> None:
    streams: set[asyncio.Transport] = set()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Connection(streams), settings.host, settings.port, backlog=2_048)
    await server.serve_forever()


def main() -> None:
    """Serves until it is told to stop."""
    uvloop.run(_serve(read_settings(ProcessSettings)))


if __name__ == "__main__":
    main()
