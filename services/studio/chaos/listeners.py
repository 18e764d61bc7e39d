"""Listening clients: one event stream each, connected again after every break with the last id they had."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Final
from uuid import UUID

import httpx

from services.runtime.positions import decode_cursor
from services.studio.chaos.addresses import Addresses
from services.studio.chaos.told import Heard, Listened
from services.studio.errors import StudioError

OPEN_SECONDS_MAX: Final = 30.0
SILENCE_SECONDS_MAX: Final = 40.0
"""Longer than two heartbeats: a connection that is silent for so long leads nowhere."""
RETRY_SECONDS: Final = (0.05, 0.5)


class Listeners:
    """A bounded number of listening clients; what each heard is in `listened`."""

    def __init__(self, addresses: Addresses, *, count_max: int, seed: str) -> None:
        self._addresses = addresses
        self._count_max = count_max
        self._random = Random(f"{seed} listeners")
        self._open: list[_Listener] = []

    @property
    def listened(self) -> list[Listened]:
        """What was heard so far."""
        return [listener.log for listener in self._open if listener.log is not None]

    async def add(self, user_id: UUID, token: str) -> None:
        """Listens for a user, from now on; does nothing when there are enough. Raises StudioError."""
        if len(self._open) >= self._count_max:
            return
        listener = _Listener(user_id, token, self._addresses, self._random)
        self._open.append(listener)
        await listener.opened()

    def reconnect(self) -> None:
        """Breaks every connection; each is made again, to any query API."""
        for listener in self._open:
            listener.break_off()

    async def close(self) -> None:
        """Ends all of them."""
        for listener in self._open:
            await listener.close()

    @asynccontextmanager
    async def closing(self) -> AsyncIterator["Listeners"]:
        """Itself, closed at the end of the block."""
        try:
            yield self
        finally:
            await self.close()


class _Listener:
    def __init__(self, user_id: UUID, token: str, addresses: Addresses, random: Random) -> None:
        self.log: Listened | None = None
        self._user_id = user_id
        self._token = token
        self._addresses = addresses
        self._random = random
        self._last_id: str | None = None
        self._is_open = asyncio.Event()
        self._connection: asyncio.Task[None] | None = None
        self._loop = asyncio.create_task(self._listen())

    async def opened(self) -> None:
        """Returns when it knows from where on it hears."""
        try:
            async with asyncio.timeout(OPEN_SECONDS_MAX):
                await self._is_open.wait()
        except TimeoutError:
            raise StudioError(
                f"No event stream could be opened within {OPEN_SECONDS_MAX:.0f} s.", remedy="Look at the logs."
            ) from None

    def break_off(self) -> None:
        """Cuts the connection, if there is one."""
        if self._connection is not None:
            self._connection.cancel()

    async def close(self) -> None:
        """Hears no more."""
        self._loop.cancel()
        await asyncio.gather(self._loop, return_exceptions=True)

    async def _listen(self) -> None:
        async with httpx.AsyncClient(timeout=httpx.Timeout(10, read=SILENCE_SECONDS_MAX)) as http:
            while True:
                self._connection = asyncio.create_task(self._read(http))
                try:
                    await asyncio.wait([self._connection])
                finally:
                    self._connection.cancel()
                if not self._connection.cancelled():
                    self._connection.result()
                await asyncio.sleep(self._random.uniform(*RETRY_SECONDS))

    async def _read(self, http: httpx.AsyncClient) -> None:
        headers = {"Authorization": f"Bearer {self._token}"}
        if self._last_id is not None:
            headers["Last-Event-ID"] = self._last_id
        url = f"{self._addresses.query_url(self._random)}/api/v1/events/stream"
        try:
            async with http.stream("GET", url, headers=headers) as response:
                # Refused: by a process that starts or stops, or because the connection before is not gone yet.
                if response.status_code == httpx.codes.OK:
                    await self._take_frames(response)
        except httpx.TransportError:
            return

    async def _take_frames(self, response: httpx.Response) -> None:
        event, frame_id = "", None
        if self.log is not None:
            self.log.connections += 1
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "event":
                event = value
            elif name == "id":
                frame_id = value
            elif not line:
                # A frame counts when it has ended: one that was cut off is sent again.
                self._take(event, frame_id)
                event, frame_id = "", None

    def _take(self, event: str, frame_id: str | None) -> None:
        if frame_id is None:
            return
        self._last_id = frame_id
        position = decode_cursor(frame_id).position
        if self.log is None:
            self.log = Listened(self._user_id, start=position, connections=1)
            self._is_open.set()
        elif event == "stream.reset":
            self.log.resets.append(f"at {position}")
        elif event:
            self.log.heard.append(Heard(position, event))
