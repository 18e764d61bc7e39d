"""A text model over HTTP: how often it is asked, how long it is waited for, what is made of its answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from time import monotonic
from typing import Any, Final

import httpx

from services.kernel.text_models import (
    InvalidOutput,
    Message,
    ModelAnswer,
    OnText,
    Prompt,
    RateLimited,
    Refused,
    TextModelError,
    TimedOut,
    Unavailable,
    Usage,
)
from services.runtime.logs import get_logger
from services.runtime.metrics import TEXT_MODEL_CALLS_TOTAL, TEXT_MODEL_SECONDS, TEXT_MODEL_TOKENS_TOTAL
from services.runtime.pacing import Backoff
from services.runtime.text_models.answers import WrongAnswer, parse_answer, refuse_secrets, repair_request
from services.runtime.text_models.circuit_breaker import CircuitBreaker, Resting
from services.runtime.text_models.limits import Limits
from services.runtime.text_models.prices import Prices, estimated_tokens, tokens_max
from services.runtime.text_models.server_events import LineTooLong, ServerEvent, server_events
from services.runtime.text_models.wire import Told, Wire, error_of, read_failure

FAILURE_BYTES_MAX: Final = 64 * 1024
SECRET_LENGTH_MAX: Final = 200
"""As much of what has been told is kept, to find a line of ours that comes in pieces."""

log = get_logger(__name__)


@dataclass(slots=True)
class _Call:
    """A call that is under way: until when, whom it tells, and what it was told by each request."""

    prompt: Prompt
    on_text: OnText
    deadline: float
    told: list[Told] = field(default_factory=list)


class HttpTextModel:
    """A TextModel of one provider; made by `opening.open_text_model`."""

    def __init__(self, wire: Wire, client: httpx.AsyncClient, *, model: str, prices: Prices, limits: Limits) -> None:
        self._wire = wire
        self._client = client
        self._model = model
        self._prices = prices
        self._limits = limits
        self._breaker = CircuitBreaker(failures_max=limits.failures_max, rest_seconds=limits.rest_seconds)
        self._places = asyncio.Semaphore(limits.concurrency_max)

    async def write(self, prompt: Prompt, on_text: OnText) -> ModelAnswer:
        """See the port."""
        started = monotonic()
        call = _Call(prompt, on_text, asyncio.get_running_loop().time() + self._limits.deadline_seconds)
        outcome = "cancelled"
        try:
            async with self._place(call):
                content = await self._content(call)
            outcome = "answered"
        except TextModelError as error:
            outcome = type(error).__name__
            error.usage = self._usage(call)
            raise
        finally:
            self._record(call, outcome, monotonic() - started)
        return ModelAnswer(
            content=content,
            usage=self._usage(call),
            model_version=call.told[-1].model_version or self._model,
            latency_ms=round(1000 * (monotonic() - started)),
            requests=len(call.told),
        )

    def cost_max(self, prompt: Prompt) -> Decimal | None:
        """See the port: two requests are paid for at most, the second of which repeats what the first one answered."""
        read, written = tokens_max(prompt), prompt.output_tokens_max
        return self._prices.cost(2 * read + written, 2 * written)

    def cost_broken_off(self, prompt: Prompt, written: str) -> Decimal | None:
        """See the port."""
        return self._prices.cost(_estimated_input(prompt), estimated_tokens(written))

    @asynccontextmanager
    async def _place(self, call: _Call) -> AsyncIterator[None]:
        """One of the places for calls at once."""
        await _in_time(call, self._places.acquire)
        try:
            yield
        finally:
            self._places.release()

    async def _content(self, call: _Call) -> Mapping[str, Any]:
        """The object, repaired once if need be."""
        messages = call.prompt.messages
        told = await self._asked(call, messages)
        try:
            return parse_answer(told.text, call.prompt, is_cut=told.is_cut)
        except WrongAnswer as wrong:
            log.info("text_model.repaired", complaints=len(wrong.complaints))
            complaint = Message("user", repair_request(wrong, call.prompt))
        # A model that wrote nothing can't be shown what it wrote.
        answer = Message("assistant", told.text.strip() or "{}")
        try:
            told = await self._asked(call, (*messages, answer, complaint))
            return parse_answer(told.text, call.prompt, is_cut=told.is_cut)
        except WrongAnswer as wrong:
            raise InvalidOutput("The text model's answer was not what was asked for, twice.") from wrong

    async def _asked(self, call: _Call, messages: Sequence[Message]) -> Told:
        """What came of a request, which is made again while nothing has come of it and there is time."""
        backoff = Backoff(self._limits.first_wait_seconds, 8.0)
        for requests_left in reversed(range(self._limits.requests_max)):
            try:
                return await self._asked_in_words_it_takes(call, messages)
            except Resting:
                raise
            except (RateLimited, Unavailable) as error:
                wait = (error.retry_after_seconds or 0.0) + backoff.next_seconds()
                out_of_time = asyncio.get_running_loop().time() + wait >= call.deadline
                if not requests_left or out_of_time or call.told[-1].was_taken:
                    raise
                log.info("text_model.asked_again", reason=str(error), wait_seconds=round(wait, 1))
            await asyncio.sleep(wait)
        raise AssertionError("the last request returns or raises")

    async def _asked_in_words_it_takes(self, call: _Call, messages: Sequence[Message]) -> Told:
        while True:
            told = Told()
            body = self._wire.body(call.prompt, messages, self._model)
            with self._breaker.attempt():
                call.told.append(told)
                if await _in_time(call, partial(self._exchange, call, body, told)):
                    return told

    async def _exchange(self, call: _Call, body: dict[str, Any], told: Told) -> bool:
        """Makes one request; whether there was an answer, or it has to be put another way."""
        try:
            async with self._client.stream("POST", self._wire.path, json=body, headers=self._wire.headers) as response:
                if response.status_code == httpx.codes.OK:
                    await self._read(call, response, told)
                    return True
                failure = read_failure(response.status_code, response.headers, await _beginning(response))
        except asyncio.CancelledError:
            # Somebody has given up, perhaps at the deadline: what was asked for is paid for all the same.
            told.was_taken = True
            raise
        except (httpx.ReadTimeout, httpx.WriteTimeout):
            told.was_taken = True
            raise TimedOut("The text model's provider stopped answering.") from None
        except httpx.HTTPError as error:
            raise _unreached(error, told) from None
        if self._wire.learn(body, failure):
            return False
        log.warning("text_model.failed", status=failure.status, code=failure.code[:40])
        raise error_of(failure)

    async def _read(self, call: _Call, response: httpx.Response, told: Told) -> None:
        """Reads the stream to its end, into `told`."""
        told.was_taken = True
        length, tail = 0, ""
        try:
            async for event in server_events(response.aiter_bytes()):
                if not (piece := self._piece(event, told)):
                    continue
                told.pieces.append(piece)
                length, tail = length + len(piece), tail[-SECRET_LENGTH_MAX:] + piece
                if length > self._limits.answer_length_max:
                    raise InvalidOutput("The text model's answer was too long.")
                refuse_secrets(tail, call.prompt)
                await call.on_text(piece)
        except LineTooLong:
            raise InvalidOutput("The text model's answer was too long.") from None
        if not told.is_whole:
            raise Unavailable("The text model's answer broke off.")
        if told.is_refused:
            raise Refused("The text model would not write this.")

    def _piece(self, event: ServerEvent, told: Told) -> str:
        try:
            return self._wire.read(event, told)
        except (KeyError, TypeError, AttributeError):
            raise Unavailable("The text model's provider answered with something that can't be read.") from None

    def _usage(self, call: _Call) -> Usage:
        """What all requests of the call used; where the provider has not said, what the texts let one expect."""
        read = sum(_input_tokens(told, call.prompt) for told in call.told)
        written = sum(_output_tokens(told) for told in call.told)
        return Usage(read, written, self._prices.cost(read, written))

    def _record(self, call: _Call, outcome: str, seconds: float) -> None:
        usage = self._usage(call)
        TEXT_MODEL_CALLS_TOTAL.labels(outcome).inc()
        TEXT_MODEL_SECONDS.observe(seconds)
        TEXT_MODEL_TOKENS_TOTAL.labels("read").inc(usage.input_tokens)
        TEXT_MODEL_TOKENS_TOTAL.labels("written").inc(usage.output_tokens)
        log.info(
            "text_model.called",
            outcome=outcome,
            requests=len(call.told),
            tokens_read=usage.input_tokens,
            tokens_written=usage.output_tokens,
            cost=None if usage.cost is None else str(usage.cost),
            seconds=round(seconds, 2),
        )


async def _in_time(call: _Call, work: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout_at(call.deadline) as limit:
            return await work()
    except TimeoutError:
        if not limit.expired():
            raise
        raise TimedOut("The text model did not finish in time.") from None


async def _beginning(response: httpx.Response) -> bytes:
    """As much of a response as a message of failure takes."""
    found = b""
    async for chunk in response.aiter_bytes():
        found += chunk
        if len(found) >= FAILURE_BYTES_MAX:
            break
    return found


def _unreached(error: httpx.HTTPError, told: Told) -> Unavailable:
    if told.pieces:
        return Unavailable("The text model's answer broke off.")
    return Unavailable(f"The text model's provider can't be reached ({type(error).__name__}).")


def _estimated_input(prompt: Prompt) -> int:
    return estimated_tokens(prompt.system) + sum(estimated_tokens(message.content) for message in prompt.messages)


def _input_tokens(told: Told, prompt: Prompt) -> int:
    if told.input_tokens is not None:
        return told.input_tokens
    return _estimated_input(prompt) if told.was_taken else 0


def _output_tokens(told: Told) -> int:
    """As said at the end; until then Anthropic says nothing, and neither do some others ever."""
    return estimated_tokens(told.text) if told.output_tokens is None else told.output_tokens
