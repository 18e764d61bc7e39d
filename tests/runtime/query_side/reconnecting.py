"""Many clients whose streams are cut again and again while events come; what each of them has seen in the end.

Streams end in every way there is: the client leaves, also in the middle of a frame; its tab opens another stream; the
server's process is killed and started anew. A client resumes by the id of the last whole frame, at either server.
"""

import asyncio
import random
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Literal, TypeAlias

from tests.kit.raw_streams import RawFrame, RawStream, Refused
from tests.kit.waiting import eventually
from tests.runtime.query_side.by_hand import Log, Person, QueryApi, Written, new_person, running_query_api

CLIENTS_PER_USER = 4
FRAMES_BETWEEN_CUTS_MAX = 4
CONNECT_SECONDS_MAX = 60.0
"""A server that was killed is back by then, on a busy machine too."""
BEHIND_MAX = 100
"""Events of one user that a client may be behind before no more are written for a while."""
LAST = "Sample.Things.Ended"

Cut: TypeAlias = Literal["leave", "leave within a frame", "open another"]
CUTS: tuple[Cut, ...] = ("leave", "leave within a frame", "open another")


async def cut_again_and_again(
    log: Log, directory: Path, *, clients: int, reconnects: int, kills: int, seed: int
) -> None:
    """Fails unless each client has seen every event of its user, once and in order, over all its connections."""
    chance = random.Random(seed)
    people = [new_person() for _ in range(clients // CLIENTS_PER_USER)]
    written: dict[Person, list[int]] = {person: [] for person in people}
    with _Servers(log.url, directory).running() as servers:
        start = log.happen(new_person()).position
        everybody = [
            _Client(person, servers, log.cursor(start), reconnects, random.Random(chance.random()))
            for person in people * CLIENTS_PER_USER
        ]
        async with asyncio.TaskGroup() as group:
            reading = [group.create_task(client.read_to_the_end()) for client in everybody]
            killing = group.create_task(_kill(servers, everybody, kills, chance))
            writer = _Writer(log, written, everybody, chance)
            while any(client.cuts_left for client in everybody) or not killing.done():
                await writer.write_some()
            await writer.write_last()
            await asyncio.gather(*reading)
    for client in everybody:
        assert client.seen == written[client.person], f"a client of {client.person.id}"
        assert client.cuts_left == 0


class _Servers:
    """Two query APIs on one database."""

    def __init__(self, database_url: str, directory: Path) -> None:
        self._database_url = database_url
        self._directory = directory
        self._stack = ExitStack()
        self._apis: list[QueryApi] = []

    @contextmanager
    def running(self) -> Iterator["_Servers"]:
        """Both, up when the block begins."""
        with self._stack:
            self._apis = [self._start(), self._start()]
            yield self

    @property
    def urls(self) -> list[str]:
        """Where they are."""
        return [api.url for api in self._apis]

    def kill(self, number: int) -> None:
        """Kills one as it is, and starts another in its place."""
        self._apis[number].process.kill()
        self._apis[number] = self._start()

    def _start(self) -> QueryApi:
        return self._stack.enter_context(running_query_api(self._database_url, self._directory))


class _Client:
    """One tab of a user: reads until the last event, connecting again after every cut."""

    def __init__(self, person: Person, servers: _Servers, cursor: str, cuts: int, chance: random.Random) -> None:
        self.person = person
        self.seen: list[int] = []
        self.cuts_left = cuts
        self._servers = servers
        self._cursor = cursor
        self._chance = chance
        self._tab_id = f"tab-{chance.getrandbits(64)}"
        self._ended = False

    async def read_to_the_end(self) -> None:
        """Returns when the last event has come."""
        stream = await self._connect()
        while not self._ended:
            try:
                stream = await self._read_until_cut(stream)
            except ConnectionError:
                stream.leave()
                self._count_cut()
                stream = await self._connect()
        stream.leave()

    async def _read_until_cut(self, stream: RawStream) -> RawStream:
        """Reads some frames, then cuts; the stream to go on with. Raises ConnectionError when cut by the server."""
        count = self._chance.randint(0, FRAMES_BETWEEN_CUTS_MAX)
        while (count > 0 or not self.cuts_left) and not self._ended:
            frame = await stream.frame()
            if frame is None:
                raise ConnectionError("the server ended the stream")
            count -= self._take(frame)
        if self._ended:
            return stream
        self._count_cut()
        match self._chance.choice(CUTS):
            case "leave":
                stream.leave()
            case "leave within a frame":
                await stream.half_a_piece()
                stream.leave()
            case "open another":
                # The first is not read any more: what the server still writes to it, the other has to bring.
                other = await self._connect()
                stream.leave()
                return other
        return await self._connect()

    def _take(self, frame: RawFrame) -> bool:
        """Notes an event; whether it was one."""
        assert frame.event != "stream.reset", "every cursor can be honoured"
        if frame.event is None or frame.position is None:
            return False
        assert frame.id is not None
        self.seen.append(frame.position)
        self._cursor = frame.id
        self._ended = frame.event == LAST
        return True

    async def _connect(self) -> RawStream:
        async def connected() -> RawStream | None:
            url = self._chance.choice(self._servers.urls)
            try:
                return await RawStream.open(url, self.person.token, last_event_id=self._cursor, tab_id=self._tab_id)
            except (ConnectionError, Refused):
                return None

        stream = await eventually(connected, what="a server takes the stream", seconds=CONNECT_SECONDS_MAX)
        assert stream is not None
        return stream

    def _count_cut(self) -> None:
        self.cuts_left = max(0, self.cuts_left - 1)


class _Writer:
    """The write side and the projector: lanes become visible late and in any order, each in its own."""

    def __init__(
        self, log: Log, written: dict[Person, list[int]], readers: list[_Client], chance: random.Random
    ) -> None:
        self._log = log
        self._written = written
        self._readers = readers
        self._chance = chance
        self._unseen: list[Written] = []

    async def write_some(self) -> None:
        """A few events, and some of those that wait become visible; nothing while a client is far behind."""
        await eventually(self._all_keep_up, what="no client is far behind", seconds=60)
        await asyncio.to_thread(self._write, "Sample.Thing.Happened", 8)
        lanes = {event.lane for event in self._unseen if self._chance.random() < 0.5}
        await asyncio.to_thread(self._project, lanes)

    async def write_last(self) -> None:
        """The last event of everybody; all become visible."""
        for person in self._written:
            await asyncio.to_thread(self._append, person, LAST)
        await asyncio.to_thread(self._project, {event.lane for event in self._unseen})

    async def _all_keep_up(self) -> bool:
        return all(len(self._written[reader.person]) - len(reader.seen) < BEHIND_MAX for reader in self._readers)

    def _write(self, kind: str, count: int) -> None:
        for person in self._chance.choices(list(self._written), k=count):
            self._append(person, kind)

    def _append(self, person: Person, kind: str) -> None:
        event = self._log.append(person, type=kind)
        self._written[person].append(event.position)
        self._unseen.append(event)

    def _project(self, lanes: set[int]) -> None:
        if not lanes:
            return
        self._log.project(*(event for event in self._unseen if event.lane in lanes))
        self._unseen = [event for event in self._unseen if event.lane not in lanes]


async def _kill(servers: _Servers, clients: list[_Client], kills: int, chance: random.Random) -> None:
    """Kills servers evenly over the run, which is over when nobody is to be cut any more."""
    whole = sum(client.cuts_left for client in clients)
    for number in range(1, kills + 1):

        async def far_enough(left: float = whole * (1 - number / (kills + 1))) -> bool:
            return sum(client.cuts_left for client in clients) <= left

        await eventually(far_enough, what="the clients have been cut so often", seconds=600)
        await asyncio.to_thread(servers.kill, chance.randrange(2))
