"""Just enough of two wire protocols for a proxy: where a message ends, and whether it is the one to interfere with.

PostgreSQL: the named message is what commits: COMMIT, as a simple query or as the execution of a prepared statement, or
an append that is a transaction of its own. Kafka: Produce.
"""

import asyncio
import struct
from typing import Final, Protocol

from services.studio.ports import LOOPBACK

_APPEND: Final = b"pg_temp.append_if_unchanged("


class Wire(Protocol):
    """One connection's protocol. Messages are read whole, and are written as they were read unless said otherwise."""

    async def read_request(self, client: asyncio.StreamReader) -> bytes:
        """The client's next message. Raises IncompleteReadError at the end."""

    async def read_reply(self, server: asyncio.StreamReader) -> bytes:
        """The server's next message, as the client may see it. Raises IncompleteReadError at the end."""

    def own_answer(self, request: bytes) -> bytes | None:
        """What the proxy itself answers, so that the server need not see the message; None for nearly all."""

    def is_named_request(self, request: bytes) -> bool:
        """Whether it is the named message. Asked once for each message, in order."""

    def is_named_reply(self, reply: bytes) -> bool:
        """Whether the server hereby says that it has done what the named message asks for. Asked as above."""


class PostgresWire:
    """PostgreSQL's protocol, version 3, never encrypted."""

    _ENCRYPTION_REQUESTS: Final = (80_877_103, 80_877_104)
    """SSLRequest and GSSENCRequest: a client that prefers encryption asks, and goes on without when refused."""
    _REFUSED: Final = b"N"

    def __init__(self, *, server_port: int, own_port: int) -> None:
        self._has_begun = False
        self._is_in_transaction = False
        self._appends = False
        """An append has been asked for and not been answered."""
        self._commit_statements: set[bytes] = set()
        self._commit_portals: set[bytes] = set()
        self._append_statements: set[bytes] = set()
        self._append_portals: set[bytes] = set()

    async def read_request(self, client: asyncio.StreamReader) -> bytes:
        """The next, whatever its form."""
        if self._has_begun:
            return await _read_typed(client)
        # The first messages of a connection have no type.
        message = await _read_sized(client, sized_from_itself=True)
        self._has_begun = not self._asks_for_encryption(message)
        return message

    async def read_reply(self, server: asyncio.StreamReader) -> bytes:
        """The next."""
        return await _read_typed(server)

    def own_answer(self, request: bytes) -> bytes | None:
        """Encryption is refused."""
        return None if self._has_begun else self._REFUSED

    def is_named_request(self, request: bytes) -> bool:
        """What commits, by whichever way."""
        kind, body = request[:1], request[5:]
        match kind:
            case b"Q":
                return _is_commit(body)
            case b"P":
                statement, query, *_ = body.split(b"\0")
                _note(self._commit_statements, statement, holds=_is_commit(query))
                _note(self._append_statements, statement, holds=_APPEND in query)
            case b"B":
                portal, statement, *_ = body.split(b"\0")
                _note(self._commit_portals, portal, holds=statement in self._commit_statements)
                _note(self._append_portals, portal, holds=statement in self._append_statements)
            case b"E":
                portal = body.split(b"\0")[0]
                self._appends = portal in self._append_portals and not self._is_in_transaction
                return self._appends or portal in self._commit_portals
            case _:
                pass
        return False

    def is_named_reply(self, reply: bytes) -> bool:
        """A transaction is committed. One that is a single statement is so when the server is ready for the next."""
        if reply[:1] != b"Z":
            return reply[:1] == b"C" and reply[5:] == b"COMMIT\0"
        self._is_in_transaction = reply[5:6] != b"I"
        has_appended, self._appends = self._appends, False
        return has_appended

    def _asks_for_encryption(self, message: bytes) -> bool:
        return int.from_bytes(message[4:8], "big") in self._ENCRYPTION_REQUESTS


class KafkaWire:
    """Kafka's protocol.

    A broker tells its clients where it is, and they connect there: what it tells is changed to the proxy's address, or
    they would go past it.
    """

    _PRODUCE: Final = 0
    _REPLIES_WITH_ADDRESSES: Final = (3, 10, 60)
    """Metadata, FindCoordinator, DescribeCluster."""

    def __init__(self, *, server_port: int, own_port: int) -> None:
        self._server_address = _kafka_address(server_port)
        self._own_address = _kafka_address(own_port)
        self._asked: dict[int, int] = {}
        """Number of a request that is not answered yet → what kind it is."""
        self._replied_kind: int | None = None

    async def read_request(self, client: asyncio.StreamReader) -> bytes:
        """The next; its number is kept."""
        request = await _read_sized(client)
        kind, _, number = struct.unpack_from(">hhi", request, 4)
        self._asked[number] = kind
        return request

    async def read_reply(self, server: asyncio.StreamReader) -> bytes:
        """The next, with our address where the broker's is told."""
        reply = await _read_sized(server)
        (number,) = struct.unpack_from(">i", reply, 4)
        self._replied_kind = self._asked.pop(number, None)
        if self._replied_kind in self._REPLIES_WITH_ADDRESSES:
            return reply.replace(self._server_address, self._own_address)
        return reply

    def own_answer(self, request: bytes) -> bytes | None:
        """Nothing is."""
        return None

    def is_named_request(self, request: bytes) -> bool:
        """Produce."""
        return int.from_bytes(request[4:6], "big") == self._PRODUCE

    def is_named_reply(self, reply: bytes) -> bool:
        """The records are written."""
        return self._replied_kind == self._PRODUCE


def _kafka_address(port: int) -> bytes:
    """Host and port as they stand next to each other in a reply; of the same length for every port."""
    return LOOPBACK.encode() + port.to_bytes(4, "big")


def _is_commit(text: bytes) -> bool:
    return text.rstrip(b"\0; \n").upper() == b"COMMIT"


def _note(names: set[bytes], name: bytes, *, holds: bool) -> None:
    names.discard(name)
    if holds:
        names.add(name)


async def _read_typed(reader: asyncio.StreamReader) -> bytes:
    kind = await reader.readexactly(1)
    return kind + await _read_sized(reader, sized_from_itself=True)


async def _read_sized(reader: asyncio.StreamReader, *, sized_from_itself: bool = False) -> bytes:
    """A message that begins with its size in four bytes, which count themselves or do not."""
    size = await reader.readexactly(4)
    counted = len(size) if sized_from_itself else 0
    return size + await reader.readexactly(int.from_bytes(size, "big") - counted)
