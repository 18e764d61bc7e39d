"""One stream and the connection under it: what is written where it is offered, and what waits its turn."""

import asyncio
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from starlette.types import Message

from services.runtime.access import User, Verified
from services.runtime.frames import Wanted
from services.runtime.streams import Stream

pytestmark = pytest.mark.anyio


class Connection:
    """A client that keeps up, or is behind for as long as the test says; `written` in order, whoever wrote it."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.keeping_up = asyncio.Event()
        self.keeping_up.set()

    def fall_behind(self) -> None:
        self.keeping_up.clear()

    def catch_up(self) -> None:
        self.keeping_up.set()

    def write_now(self, piece: bytes) -> bool:
        if self.keeping_up.is_set():
            self.written.append(piece)
        return self.keeping_up.is_set()

    def abort(self) -> None:
        raise AssertionError("nobody is cut here")

    async def send(self, message: Message) -> None:
        await self.keeping_up.wait()
        self.written.append(message["body"])


@pytest.fixture
async def connection() -> Connection:
    return Connection()


def new_stream(connection: Connection) -> Stream:
    now = datetime.now(UTC)
    verified = Verified(User(uuid4(), "user"), uuid4(), now, now)
    return Stream(verified, None, Wanted(), connection, ends_at=float("inf"), frames_max=3)


async def pumped(stream: Stream, connection: Connection) -> None:
    """Lets the pump write until the stream ends."""
    async with asyncio.timeout(5):
        await stream.pump(connection.send)


async def test_a_frame_for_a_client_that_keeps_up_is_written_where_it_is_offered(connection: Connection) -> None:
    stream = new_stream(connection)
    pumping = asyncio.create_task(pumped(stream, connection))
    await asyncio.sleep(0)
    assert stream.push(b"one")
    assert connection.written == [b"one"]
    stream.end("over")
    await pumping


async def test_nothing_is_written_before_the_past_has_been_sent(connection: Connection) -> None:
    stream = new_stream(connection)
    assert stream.push(b"live")
    assert connection.written == []
    await connection.send({"type": "http.response.body", "body": b"past"})
    stream.end("over")
    await pumped(stream, connection)
    assert connection.written == [b"past", b"live"]


async def test_a_frame_overtakes_none_that_waits_although_the_client_keeps_up_again(connection: Connection) -> None:
    stream = new_stream(connection)
    pumping = asyncio.create_task(pumped(stream, connection))
    await asyncio.sleep(0)
    connection.fall_behind()
    assert stream.push(b"one,")
    connection.catch_up()
    assert stream.push(b"two,")
    connection.fall_behind()
    await asyncio.sleep(0)
    assert stream.push(b"three")
    connection.catch_up()
    stream.end("over")
    await pumping
    assert b"".join(connection.written) == b"one,two,three"


async def test_a_client_that_lets_too_many_frames_wait_is_told_and_gets_no_more(connection: Connection) -> None:
    stream = new_stream(connection)
    connection.fall_behind()
    assert [stream.push(frame) for frame in (b"1", b"2", b"3", b"4", b"5")] == [True, True, True, False, False]
    assert stream.ended == "overloaded"
    assert b"SERVER_OVERLOAD" in stream.farewell
    connection.catch_up()
    await pumped(stream, connection)
    assert b"".join(connection.written) == b"123"
