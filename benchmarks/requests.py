"""The HTTP requests that the benchmarks send: realistic commands, rendered once, with a fresh key each time."""

import os
from collections.abc import Sequence
from typing import Literal, TypeAlias
from uuid import UUID, uuid4

import orjson

Kind: TypeAlias = Literal["novel", "round", "session"]

NOVEL = {
    "title": "The Lighthouse at the End of the Map",
    "theme": "What we owe to the people who kept the light before us",
    "writing_style": "Close third person, past tense, long quiet sentences broken by short ones",
    "description": (
        "A surveyor is sent to the last island of an archipelago to strike its lighthouse off the charts, and finds "
        "that somebody still lights it every night for a ship that went down forty years ago."
    ),
    "target_chapters": 24,
}
ROUND = {
    "role": "user",
    "input": {
        "content": (
            "Let the keeper refuse at first. She has her reasons, and the reader should feel them before hearing "
            "them: show the ledger, the chair at the window, the second cup."
        ),
        "language": "en",
    },
    "model": "offline-1",
    "tokens_in": 61,
}
SESSION = {"title": "Night watch", "metadata": {"client": "benchmark"}}


def render_requests(kind: Kind, token: str, session_ids: Sequence[str] = ()) -> list["RequestTemplate"]:
    """What one client sends in turn: one kind of command, rounds to each of its sessions."""
    match kind:
        case "novel":
            return [RequestTemplate("/api/v1/novels", token, NOVEL)]
        case "session":
            return [RequestTemplate("/api/v1/conversations/sessions", token, SESSION)]
        case "round":
            return [
                RequestTemplate(f"/api/v1/conversations/sessions/{session_id}/rounds", token, ROUND)
                for session_id in session_ids
            ]


class RequestTemplate:
    """One POST but for its Idempotency-Key."""

    __slots__ = ("_head", "_tail")

    def __init__(self, path: str, token: str, body: object) -> None:
        content = orjson.dumps(body)
        # The headers that a browser's fetch or an HTTP library sends, no more.
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: application/json\r\n"
            f"Authorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n"
            "Idempotency-Key: "
        ).encode()
        self._tail = b"\r\n\r\n" + content

    def render(self) -> bytes:
        """The request with a key that was never used."""
        return self._head + random_key() + self._tail


def random_key() -> bytes:
    """A version 4 UUID, made without the cost of a UUID object."""
    digits = os.urandom(16).hex()
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}".encode()


def parse_key(key: bytes) -> UUID:
    """The command id that the API makes of a key."""
    return UUID(key.decode())


def new_users(count: int) -> list[str]:
    """Names of users that nobody had before."""
    return [f"bench-{uuid4().hex[:12]}" for _ in range(count)]
