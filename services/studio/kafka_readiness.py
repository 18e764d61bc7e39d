"""Ask a broker, with two requests on a plain socket, whether it serves: no client library, no log noise, 1 ms."""

import socket
import struct
from typing import Final

API_VERSIONS_KEY: Final = 18
METADATA_KEY: Final = 3
METADATA_VERSION: Final = 1
CORRELATION_ID: Final = 7
ANSWER_TIMEOUT_SECONDS: Final = 2.0


def is_broker_ready(host: str, port: int) -> bool:
    """Whether the broker answers ApiVersions and lists at least one live broker in its metadata.

    A KRaft broker opens its port before the controller has let it in; only then are topics created.
    """
    try:
        with socket.create_connection((host, port), ANSWER_TIMEOUT_SECONDS) as connection:
            _ask(connection, API_VERSIONS_KEY, 0, b"")
            no_topics = struct.pack(">i", 0)
            answer = _ask(connection, METADATA_KEY, METADATA_VERSION, no_topics)
    except (OSError, EOFError):
        return False
    (broker_count,) = struct.unpack_from(">i", answer)
    return bool(broker_count >= 1)


def _ask(connection: socket.socket, api_key: int, api_version: int, body: bytes) -> bytes:
    """The body of the answer (without its correlation id)."""
    client_id = b"studio"
    header = struct.pack(f">hhih{len(client_id)}s", api_key, api_version, CORRELATION_ID, len(client_id), client_id)
    connection.sendall(struct.pack(">i", len(header) + len(body)) + header + body)
    (size,) = struct.unpack(">i", _receive(connection, 4))
    return _receive(connection, size)[4:]


def _receive(connection: socket.socket, size: int) -> bytes:
    received = b""
    while len(received) < size:
        part = connection.recv(size - len(received))
        if not part:
            raise EOFError
        received += part
    return received
