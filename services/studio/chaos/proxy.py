"""A TCP proxy on loopback between a process and its database or broker, that fails at a named message.

It passes everything on as it comes until it is told to interfere: to cut the connection before the message reaches
the server, to cut it when the server has done what it asks but before the client knows, or to hold it for a while.
"""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from psycopg.conninfo import make_conninfo

from services.runtime.pacing import within
from services.studio.chaos.wire_protocols import Wire
from services.studio.ports import LOOPBACK

START_SECONDS_MAX = 10.0
CONNECT_SECONDS_MAX = 5.0


class Action(Enum):
    """What is done to the named message."""

    CUT_BEFORE = "cut before"
    """The server never sees it."""
    CUT_REPLY = "cut reply"
    """The server does it; the client is never told."""
    DELAY = "delay"
    """It is held, and with it all that follows on its connection."""


@dataclass(frozen=True, slots=True)
class Interference:
    """What to do with the next named messages, however many connections they come by. `seconds` is for DELAY."""

    action: Action
    times: int = 1
    seconds: float = 0.0


class WireOf(Protocol):
    """Makes the protocol of a new connection."""

    def __call__(self, *, server_port: int, own_port: int) -> Wire:
        """Clients connect to `own_port`."""


@contextmanager
def proxy_before(server_port: int, wire_of: WireOf) -> Iterator["Proxy"]:
    """A proxy in a thread of its own, before a server on loopback; all its connections are cut when the block ends."""
    proxy = Proxy(server_port, wire_of)
    proxy.start()
    try:
        yield proxy
    finally:
        proxy.stop()


def proxied_url(database_url: str, proxy_port: int) -> str:
    """The URL of the same database by way of a proxy."""
    return make_conninfo(database_url, host=LOOPBACK, port=proxy_port)


class Proxy:
    """The proxy of one server. Its methods may be called from any thread."""

    def __init__(self, server_port: int, wire_of: WireOf) -> None:
        self._server_port = server_port
        self._wire_of = wire_of
        self._plan = _Plan()
        self._loop = asyncio.new_event_loop()
        self._connections: set[asyncio.Task[None]] = set()
        self._listening: asyncio.Server | None = None
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxy", daemon=True)

    @property
    def port(self) -> int:
        """Where clients connect to."""
        assert self._listening is not None, "started"
        port: int = self._listening.sockets[0].getsockname()[1]
        return port

    def interfere(self, interference: Interference) -> threading.Event:
        """From now on; replaces an earlier one that is not done yet. The event tells when it is done."""
        return self._plan.set(interference)

    def start(self) -> None:
        """Returns when clients can connect."""
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(START_SECONDS_MAX)

    def stop(self) -> None:
        """Cuts every connection and returns when nothing is left."""
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(START_SECONDS_MAX)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> None:
        self._listening = await asyncio.start_server(self._accept, LOOPBACK, 0)

    async def _close(self) -> None:
        assert self._listening is not None, "started"
        self._listening.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = self._loop.create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        client = _End(reader, writer)
        try:
            server = await _connect(self._server_port)
        except (OSError, TimeoutError):
            # As it is without a proxy: whoever connects to a server that is away is sent away.
            client.cut()
            return
        wire = self._wire_of(server_port=self._server_port, own_port=self.port)
        connection = _Connection(client, server, wire, self._plan)
        try:
            await connection.pass_on()
        finally:
            client.cut()
            server.cut()


@dataclass(frozen=True, slots=True)
class _End:
    """One end of a connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, message: bytes) -> None:
        self.writer.write(message)
        await self.writer.drain()

    def cut(self) -> None:
        self.writer.transport.abort()


class _Cut(Exception):
    """The connection ends here, on purpose."""


class _Connection:
    """One client's connection, both ways."""

    def __init__(self, client: _End, server: _End, wire: Wire, plan: "_Plan") -> None:
        self._client = client
        self._server = server
        self._wire = wire
        self._plan = plan

    async def pass_on(self) -> None:
        """Until either end is closed, or we cut it."""
        ways = [asyncio.create_task(self._pass_requests()), asyncio.create_task(self._pass_replies())]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for way in ways:
                way.cancel()
            outcomes = await asyncio.gather(*ways, return_exceptions=True)
        for outcome in outcomes:
            if not isinstance(outcome, _Cut | asyncio.IncompleteReadError | OSError | asyncio.CancelledError):
                assert isinstance(outcome, BaseException), "a way only ends by an exception"
                raise outcome

    async def _pass_requests(self) -> None:
        while True:
            request = await self._wire.read_request(self._client.reader)
            if (answer := self._wire.own_answer(request)) is not None:
                await self._client.send(answer)
                continue
            if self._wire.is_named_request(request):
                await self._interfere()
            await self._server.send(request)

    async def _pass_replies(self) -> None:
        while True:
            reply = await self._wire.read_reply(self._server.reader)
            if self._wire.is_named_reply(reply) and self._plan.take(Action.CUT_REPLY):
                raise _Cut
            await self._client.send(reply)

    async def _interfere(self) -> None:
        if self._plan.take(Action.CUT_BEFORE):
            raise _Cut
        if (interference := self._plan.take(Action.DELAY)) is not None:
            await asyncio.sleep(interference.seconds)


class _Plan:
    """What is still to be done, shared by all connections."""

    def __init__(self) -> None:
        self._interference: Interference | None = None
        self._done = threading.Event()
        self._changing = threading.Lock()

    def set(self, interference: Interference) -> threading.Event:
        with self._changing:
            self._interference, self._done = interference, threading.Event()
            return self._done

    def take(self, action: Action) -> Interference | None:
        """The interference, if this is what it does and it is not done yet; once fewer is left then."""
        with self._changing:
            found = self._interference
            if found is None or found.action is not action:
                return None
            left = replace(found, times=found.times - 1)
            self._interference = left if left.times else None
            if not left.times:
                self._done.set()
            return found


async def _connect(port: int) -> _End:
    return _End(*await within(CONNECT_SECONDS_MAX, asyncio.open_connection(LOOPBACK, port)))
