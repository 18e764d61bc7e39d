"""A stand-in for the providers of text models: speaks both protocols over real HTTP and does what a test tells it.

Each request is answered by the next play of the script; the last one is repeated. What was asked is kept in `asked`.
"""

import asyncio
import multiprocessing
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Event
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from tests.kit.other_machines import give_way_to_the_studio
from tests.kit.waiting import eventually_sync
from tests.kit.writing_model import written_answer

MODEL_VERSION = "stand-in-2026"
TOKENS_READ, TOKENS_WRITTEN = 120, 30
PIECE_LENGTH = 7
FOR_EVER_SECONDS = 3_600.0
STEP_SECONDS = 0.05
"""How exactly what is paused keeps its time."""


@dataclass(frozen=True, slots=True)
class Play:
    """What comes of one request: a failure, or a text that is streamed."""

    text: str = ""
    status: int = 200
    error: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    seconds_before: float = 0.0
    cut_after: int | None = None
    hangs_after: int | None = None
    end: str = "stop"
    repeats_system: bool = False
    writes: bool = False
    piece_length: int = PIECE_LENGTH


def answers(content: Mapping[str, Any], *, seconds_before: float = 0.0) -> Play:
    """The object, perhaps after a while."""
    return Play(orjson.dumps(content).decode(), seconds_before=seconds_before)


def writes(*, seconds_before: float = 0.0) -> Play:
    """A good model, that answers whatever it is asked."""
    return Play(writes=True, seconds_before=seconds_before, piece_length=500)


def says(text: str) -> Play:
    """Any text."""
    return Play(text)


def runs_out(text: str) -> Play:
    """A text that ends where the model was allowed no more."""
    return Play(text, end="length")


def declines() -> Play:
    """A model that does not want to."""
    return Play(end="refusal")


def fails(status: int, *, retry_after: str | None = None, **error: str) -> Play:
    """A response of that status; `error` is what stands in its `error`."""
    return Play(status=status, error=error, headers={} if retry_after is None else {"Retry-After": retry_after})


def hangs(*, after: int | None = None) -> Play:
    """Nothing for ever; with `after`, so many characters first."""
    return Play("x" * 100, hangs_after=after) if after is not None else Play(seconds_before=FOR_EVER_SECONDS)


def breaks_off(content: Mapping[str, Any], *, after: int) -> Play:
    """A stream that ends in the middle of the answer, with the connection."""
    return Play(orjson.dumps(content).decode(), cut_after=after)


def repeats_its_instructions() -> Play:
    """A model that has been talked into telling its system prompt."""
    return Play(repeats_system=True)


def writes_for_ever() -> Play:
    """Far more than anybody wanted."""
    return Play('{"title": "' + "很长" * 1_000_000, piece_length=50_000)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]


Voice = Callable[[Play, Mapping[str, Any]], Iterator[bytes | None]]
"""The events of a play in one protocol; None where the play breaks off or hangs."""


class TextModelServer:
    """The server; `play` tells it what to do next."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.asked: list[Asked] = []
        self.goes_on: Callable[[], bool] = lambda: True
        """Whether time passes for it. Nothing is answered while it does not."""
        self._script: list[Play] = [answers({})]

    def play(self, *plays: Play) -> None:
        """Replaces the script and forgets what was asked."""
        self._script = list(plays)
        self.asked.clear()

    def application(self) -> Starlette:
        """The two protocols, each where its clients look for it."""
        return Starlette(
            routes=[
                Route("/v1/chat/completions", self._endpoint(_openai_events), methods=["POST"]),
                Route("/v1/messages", self._endpoint(_anthropic_events), methods=["POST"]),
            ]
        )

    def _endpoint(self, voice: Voice) -> Callable[[Request], Any]:
        async def endpoint(request: Request) -> Response:
            body = orjson.loads(await request.body())
            self.asked.append(Asked(request.url.path, dict(request.headers), body))
            play = self._script.pop(0) if len(self._script) > 1 else self._script[0]
            await self._take(play.seconds_before)
            if play.writes:
                play = replace(play, text=await asyncio.to_thread(_written, body))
            if play.status != 200:
                return JSONResponse({"error": play.error}, play.status, play.headers)
            return StreamingResponse(_performed(play, voice(play, body)), media_type="text/event-stream")

        return endpoint

    async def _take(self, seconds: float) -> None:
        """Waits for as much of its own time. After a pause everybody has as long to wait as before: answered all at
        once, they would go on in step with one another, as people never do.
        """
        while seconds > 0 or not self.goes_on():
            step = min(seconds, STEP_SECONDS) if seconds > 0 else STEP_SECONDS
            await asyncio.sleep(step)
            if self.goes_on():
                seconds -= step


@dataclass(frozen=True, slots=True)
class TextModelApart:
    """A stand-in in a process of its own, where it takes no time from the test."""

    url: str
    _goes_on: Event

    def pause(self) -> None:
        """From now on its time stands still."""
        self._goes_on.clear()

    def go_on(self) -> None:
        """Its time passes again."""
        self._goes_on.set()


@contextmanager
def text_model_apart(*plays: Play) -> Iterator[TextModelApart]:
    """A running server in another process."""
    spawning = multiprocessing.get_context("spawn")
    ours, theirs = spawning.Pipe(duplex=False)
    goes_on = spawning.Event()
    goes_on.set()
    process = spawning.Process(target=_serve_apart, args=(plays, theirs, goes_on))
    process.start()
    try:
        yield TextModelApart(ours.recv(), goes_on)
    finally:
        process.kill()
        process.join()


def _serve_apart(plays: tuple[Play, ...], told: "Connection[str]", goes_on: Event) -> None:
    give_way_to_the_studio()
    with text_model_server() as server:
        server.goes_on = goes_on.is_set
        server.play(*plays)
        told.send(server.url)
        threading.Event().wait()


@contextmanager
def text_model_server() -> Iterator[TextModelServer]:
    """A running server on the loopback."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        stand_in = TextModelServer(f"http://127.0.0.1:{listener.getsockname()[1]}")
        config = uvicorn.Config(
            stand_in.application(), log_config=None, log_level="critical", lifespan="off", loop="asyncio"
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        eventually_sync(lambda: server.started, what="the stand-in listens")
        try:
            yield stand_in
        finally:
            server.should_exit = server.force_exit = True
            thread.join(10)


def _written(body: Mapping[str, Any]) -> str:
    message = next(message["content"] for message in body["messages"] if message["role"] == "user")
    schema = body["tools"][0]["input_schema"] if "tools" in body else body["response_format"]["json_schema"]["schema"]
    return orjson.dumps(written_answer(orjson.dumps(schema).decode(), message, body["temperature"])).decode()


async def _performed(play: Play, events: Iterator[bytes | None]) -> AsyncIterator[bytes]:
    for event in events:
        if event is not None:
            yield event
        elif play.hangs_after is not None:
            await asyncio.sleep(FOR_EVER_SECONDS)
        else:
            raise ConnectionAbortedError


def _pieces(play: Play, system: str) -> Iterator[str | None]:
    limit = play.cut_after if play.cut_after is not None else play.hangs_after
    text = system if play.repeats_system else play.text[:limit]
    for start in range(0, len(text), play.piece_length):
        yield text[start : start + play.piece_length]
    if limit is not None:
        yield None


def _openai_events(play: Play, body: Mapping[str, Any]) -> Iterator[bytes | None]:
    def chunk(delta: Mapping[str, Any], reason: str | None = None, **more: Any) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return _event({"model": MODEL_VERSION, "choices": [choice], **more})

    yield b": a comment that says nothing\n\n"
    yield chunk({"role": "assistant", "content": ""})
    for piece in _pieces(play, body["messages"][0]["content"]):
        yield None if piece is None else chunk({"content": piece})
    refuses = play.end == "refusal"
    yield chunk({"refusal": "No."} if refuses else {}, "stop" if refuses else play.end)
    if body.get("stream_options", {}).get("include_usage"):
        usage = {"prompt_tokens": TOKENS_READ, "completion_tokens": TOKENS_WRITTEN}
        yield _event({"model": MODEL_VERSION, "choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _anthropic_events(play: Play, body: Mapping[str, Any]) -> Iterator[bytes | None]:
    def event(kind: str, **more: Any) -> bytes:
        return f"event: {kind}\r\n".encode() + _event({"type": kind, **more}, end="\r\n")

    usage = {"input_tokens": TOKENS_READ - 20, "cache_read_input_tokens": 20, "output_tokens": 1}
    yield event("message_start", message={"model": MODEL_VERSION, "usage": usage})
    yield event("content_block_start", index=0, content_block={"type": "tool_use", "name": "answer", "input": {}})
    yield event("ping")
    for piece in _pieces(play, body["system"]):
        delta = {"type": "input_json_delta", "partial_json": piece}
        yield None if piece is None else event("content_block_delta", index=0, delta=delta)
    reason = {"stop": "tool_use", "length": "max_tokens", "refusal": "refusal"}[play.end]
    yield event("message_delta", delta={"stop_reason": reason}, usage={"output_tokens": TOKENS_WRITTEN})
    yield event("message_stop")


def _event(data: Mapping[str, Any], *, end: str = "\n") -> bytes:
    return f"data: {orjson.dumps(data).decode()}{end}{end}".encode()
