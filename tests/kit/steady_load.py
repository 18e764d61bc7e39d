"""Commands at a steady mean rate on many flows, at random moments, as those of people who know nothing of one another.

Each is sent when it is due, however long the ones before it take. At regular intervals no two would ever meet, and a
quiet server would look better than it can be to anybody.
"""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

import orjson
import psycopg

from services.runtime.database import BY_INDEX
from services.runtime.positions import decode_position_token
from tests.kit.parallel import at_once
from tests.kit.studio import API, Client, Studio

ANSWER_SECONDS_MAX = 30.0
LOOK_SECONDS = 0.05
MAKING_AT_ONCE = 10


@dataclass(frozen=True, slots=True)
class Desk:
    """A flow that somebody works on: a session of its first stage, and the stage's record."""

    token: str
    stage_id: str
    session_id: str


@dataclass(frozen=True, slots=True)
class SteadyReport:
    """What the clients were told: statuses, times from due to answered, positions by session; and how far behind
    the read models were, looked at all the time, in seconds."""

    statuses: Counter[int] = field(default_factory=Counter)
    answer_seconds: list[float] = field(default_factory=list)
    behind_seconds: list[float] = field(default_factory=list)
    said: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def said_in_order(self, session_id: str) -> list[str]:
        """What was acknowledged to have been said in the session, in the order of the positions."""
        return [words for _, words in sorted(self.said.get(session_id, []))]


def open_desks(studio: Studio, count: int) -> list[Desk]:
    """So many flows of as many users, each ready to be worked on."""

    def open_some(number: int) -> list[Desk]:
        return [_open_desk(studio.user()) for _ in range(number, count, MAKING_AT_ONCE)]

    return [desk for some in at_once(MAKING_AT_ONCE, open_some) for desk in some]


def _open_desk(user: Client) -> Desk:
    stage_id, session_id = user.new_stage_session(user.new_flow())
    return Desk(user.token or "", stage_id, session_id)


async def work_steadily(
    studio: Studio, desks: Sequence[Desk], *, per_second: float, seconds: float, chance: random.Random
) -> SteadyReport:
    """Messages, and now and then a saved settings version, for about so long; returns when all are answered."""
    report = SteadyReport()
    looking = asyncio.create_task(_look_how_far_behind(studio.database_url, report))
    lines = [await _Line.open(chance.choice(studio.command_urls), desk) for desk in desks]
    try:
        async with asyncio.TaskGroup() as group:
            due = time.monotonic()
            for number in range(int(per_second * seconds)):
                due += chance.expovariate(per_second)
                await asyncio.sleep(due - time.monotonic())
                group.create_task(_send(chance.choice(lines), number, due, report))
    finally:
        for line in lines:
            line.close()
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    return report


class _Line:
    """A desk's own connection: one request at a time. An HTTP library would cost more than the server at work."""

    def __init__(self, desk: Desk, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.desk = desk
        self._reader = reader
        self._writer = writer
        self._turn = asyncio.Lock()

    @classmethod
    async def open(cls, url: str, desk: Desk) -> Self:
        address = urlsplit(url)
        line = cls(desk, *await asyncio.open_connection(address.hostname, address.port))
        # Who has asked for something may be silent for longer than who never did; some desks wait for their first turn.
        status, _ = await line._ask("GET", "/livez")
        assert status == 200
        return line

    async def post(self, path: str, body: object) -> tuple[int, dict[str, str]]:
        """Status and headers of the answer."""
        return await self._ask("POST", f"{API}{path}", orjson.dumps(body))

    async def _ask(self, method: str, path: str, content: bytes = b"") -> tuple[int, dict[str, str]]:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: studio\r\nAuthorization: Bearer {self.desk.token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        async with self._turn, asyncio.timeout(ANSWER_SECONDS_MAX):
            self._writer.write(head.encode() + content)
            status, *lines = (await self._reader.readuntil(b"\r\n\r\n")).decode().strip().split("\r\n")
            headers = {name.lower(): value for name, value in (line.split(": ", 1) for line in lines)}
            await self._reader.readexactly(int(headers["content-length"]))
        return int(status.split()[1]), headers

    def close(self) -> None:
        self._writer.close()


async def _send(line: _Line, number: int, due: float, report: SteadyReport) -> None:
    desk, words = line.desk, f"word {number}"
    path = f"/conversations/sessions/{desk.session_id}/messages"
    body: dict[str, object] = {"content": words}
    if number % 10 == 0:
        path = f"/genesis/instances/{desk.stage_id}/settings"
        body = {"settings": {"theme": {"core_theme": words}}, "session_id": desk.session_id}
    status, headers = await line.post(path, body)
    report.answer_seconds.append(time.monotonic() - due)
    report.statuses[status] += 1
    if status == 201 and number % 10:
        position = decode_position_token(headers["x-event-position"]).position
        report.said.setdefault(desk.session_id, []).append((position, words))


async def _look_how_far_behind(database_url: str, report: SteadyReport) -> None:
    """The age of the oldest event that is not in the read models, again and again."""
    async with await psycopg.AsyncConnection.connect(database_url, autocommit=True) as connection:
        await connection.execute(BY_INDEX)
        while True:
            cursor = await connection.execute(
                "SELECT coalesce(max(extract(EPOCH FROM now() - late.created_at)), 0)::FLOAT"
                " FROM projection_checkpoints AS c CROSS JOIN LATERAL ("
                " SELECT e.created_at FROM domain_events AS e WHERE e.lane = c.lane AND e.id > c.last_position"
                " ORDER BY e.lane, e.id LIMIT 1) AS late"
                " WHERE c.projection = 'core'"
            )
            [(seconds,)] = await cursor.fetchall()
            report.behind_seconds.append(seconds)
            await asyncio.sleep(LOOK_SECONDS)
