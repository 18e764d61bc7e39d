"""Requests written byte by byte, as no client library would."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Self

import httpx

ANSWER_SECONDS_MAX = 60.0


class RawConnection:
    """One connection to a port of this machine."""

    def __init__(self, port: int) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS_MAX)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._socket.close()

    def send(self, data: bytes) -> bool:
        """Whether the other side still took it."""
        try:
            self._socket.sendall(data)
        except OSError:
            return False
        return True

    def answer(self) -> httpx.Response | None:
        """The next answer, None when the connection was closed without one."""
        received = b""
        while b"\r\n\r\n" not in received:
            if not (piece := self._received()):
                return None
            received += piece
        head, _, body = received.partition(b"\r\n\r\n")
        status_line, *lines = head.split(b"\r\n")
        headers = [(name, value.strip()) for name, _, value in (line.partition(b":") for line in lines)]
        response = httpx.Response(int(status_line.split()[1]), headers=headers, content=b"")
        while len(body) < int(response.headers.get("content-length", "0")):
            body += self._received()
        return httpx.Response(response.status_code, headers=headers, content=body)

    def is_closed(self) -> bool:
        """Whether the other side has closed it, without waiting for that."""
        self._socket.setblocking(False)
        try:
            while piece := self._received():
                assert piece
        except BlockingIOError:
            return False
        finally:
            self._socket.settimeout(ANSWER_SECONDS_MAX)
        return True

    def _received(self) -> bytes:
        try:
            return self._socket.recv(65_536)
        except ConnectionError:
            return b""


def head(method: str, path: str, **headers: object) -> bytes:
    """The head of a request; names of headers are written with underscores."""
    lines = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode()


@contextmanager
def many_connections(port: int, count: int) -> Iterator[list[RawConnection]]:
    """So many at once, closed when the block ends."""
    opened: list[RawConnection] = []
    try:
        opened += [RawConnection(port) for _ in range(count)]
        yield opened
    finally:
        for connection in opened:
            connection.__exit__(None, None, None)
