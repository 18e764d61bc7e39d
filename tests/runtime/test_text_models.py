"""What the port to text models promises, kept by both clients against a stand-in over real HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from services.kernel.text_models import (
    InvalidOutput,
    Message,
    Prompt,
    RateLimited,
    Refused,
    TextModel,
    TimedOut,
    Unavailable,
)
from services.runtime.text_models.circuit_breaker import CircuitBreaker, Resting
from services.runtime.text_models.limits import Limits
from services.runtime.text_models.opening import open_text_model
from services.runtime.text_models.settings import TextModelSettings
from services.runtime.text_models.wire import parse_retry_after
from tests.kit.text_model_server import (
    MODEL_VERSION,
    TOKENS_READ,
    TOKENS_WRITTEN,
    TextModelServer,
    answers,
    breaks_off,
    declines,
    fails,
    hangs,
    runs_out,
    says,
    text_model_server,
    writes_for_ever,
)
from tests.kit.waiting import eventually

pytestmark = pytest.mark.anyio

KEY = "sk-a-key-that-is-nobodys"
TITLE = {"title": "雨季的灯塔"}
SCHEMA = {"type": "object", "properties": {"title": {"type": "string"}}, "required": ["title"]}
PROMPT = Prompt(
    system="Line A-17.\nYou write.",
    messages=(Message("user", "一座灯塔"),),
    schema=SCHEMA,
    output_tokens_max=100,
    secrets=("Line A-17.",),
)
QUICK = Limits(deadline_seconds=5, idle_seconds=0.3, first_wait_seconds=0.01, rest_seconds=60)

Opener = Callable[..., Awaitable[TextModel]]


@pytest.fixture(scope="module")
def running() -> Iterator[TextModelServer]:
    with text_model_server() as server:
        yield server


@pytest.fixture
def server(running: TextModelServer) -> TextModelServer:
    running.play(answers(TITLE))
    return running


@pytest.fixture(params=["openai", "anthropic"])
def provider(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
async def opened(provider: str, server: TextModelServer) -> AsyncIterator[Opener]:
    async with AsyncExitStack() as stack:

        async def open_one(limits: Limits = QUICK, **more: Any) -> TextModel:
            model = await stack.enter_async_context(open_text_model(_settings(provider, server.url, **more), limits))
            assert model is not None
            return model

        yield open_one


@pytest.fixture
async def model(opened: Opener) -> TextModel:
    return await opened()


def _settings(provider: str, url: str, **more: Any) -> TextModelSettings:
    return TextModelSettings(
        database_url="postgresql://nowhere/nothing",
        port=0,
        text_model_provider=provider,
        **{
            "text_model_base_url": f"{url}/v1" if provider == "openai" else url,
            "text_model_key": SecretStr(KEY),
            "text_model_name": "large",
            "text_model_input_price": Decimal(3),
            "text_model_output_price": Decimal(15),
            **more,
        },
    )


def _as_soon_as(look: Callable[[], object]) -> Callable[[], Awaitable[object]]:
    async def looked() -> object:
        return look()

    return looked


async def _silent(text: str) -> None:
    pass


async def test_an_answer_is_told_as_it_comes_and_returned_whole(model: TextModel) -> None:
    pieces: list[str] = []

    async def note(text: str) -> None:
        pieces.append(text)

    answer = await model.write(PROMPT, note)

    assert answer.content == TITLE
    assert len(pieces) > 1
    assert "".join(pieces) == '{"title":"雨季的灯塔"}'


async def test_an_answer_says_what_was_used_and_what_it_costs(model: TextModel) -> None:
    answer = await model.write(PROMPT, _silent)

    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (TOKENS_READ, TOKENS_WRITTEN)
    assert answer.usage.cost == (Decimal(3) * TOKENS_READ + Decimal(15) * TOKENS_WRITTEN) / 1_000_000
    assert (answer.model_version, answer.requests) == (MODEL_VERSION, 1)
    assert answer.latency_ms >= 0


async def test_without_prices_there_is_no_cost(opened: Opener) -> None:
    model = await opened(text_model_input_price=None, text_model_output_price=None)

    assert (await model.write(PROMPT, _silent)).usage.cost is None
    assert model.cost_max(PROMPT) is None
    assert model.cost_broken_off(PROMPT, "x") is None


async def test_the_request_has_all_that_was_asked_and_the_key_in_its_header_only(
    model: TextModel, server: TextModelServer
) -> None:
    await model.write(PROMPT, _silent)
    (asked,) = server.asked

    assert KEY in asked.headers.get("authorization", "") + asked.headers.get("x-api-key", "")
    assert KEY not in str(asked.body)
    assert asked.body["model"] == "large"
    assert asked.body["max_tokens"] == 100
    assert str(SCHEMA) in str(asked.body)
    assert asked.body["messages"][-1] == {"role": "user", "content": "一座灯塔"}


async def test_rate_limited_is_asked_again_after_the_wait_it_was_told(
    model: TextModel, server: TextModelServer
) -> None:
    server.play(fails(429, retry_after="0.2"), answers(TITLE))
    started = asyncio.get_running_loop().time()

    answer = await model.write(PROMPT, _silent)

    assert answer.requests == 2
    assert asyncio.get_running_loop().time() - started >= 0.2


async def test_a_wait_beyond_the_deadline_is_not_waited_for(model: TextModel, server: TextModelServer) -> None:
    server.play(fails(429, retry_after="600"))

    with pytest.raises(RateLimited) as refused:
        await model.write(PROMPT, _silent)

    assert refused.value.retry_after_seconds == 600
    assert len(server.asked) == 1


@pytest.mark.parametrize("status", [500, 503, 529])
async def test_a_provider_that_fails_is_asked_three_times_at_most(
    model: TextModel, server: TextModelServer, status: int
) -> None:
    server.play(fails(status))

    with pytest.raises(Unavailable):
        await model.write(PROMPT, _silent)

    assert len(server.asked) == 3


async def test_a_provider_that_fails_once_is_no_failure(model: TextModel, server: TextModelServer) -> None:
    server.play(fails(503), answers(TITLE))

    assert (await model.write(PROMPT, _silent)).content == TITLE


async def test_nobody_there_is_unavailable(opened: Opener) -> None:
    model = await opened(text_model_base_url="http://127.0.0.1:9")

    with pytest.raises(Unavailable, match="can't be reached"):
        await model.write(PROMPT, _silent)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 302])
async def test_what_would_be_refused_again_is_asked_once(
    model: TextModel, server: TextModelServer, status: int
) -> None:
    server.play(fails(status, message=f"Incorrect key: {KEY}"))

    with pytest.raises(Refused) as refused:
        await model.write(PROMPT, _silent)

    assert len(server.asked) == 1
    assert KEY not in str(refused.value)


async def test_a_quota_that_is_used_up_is_no_rate_limit(model: TextModel, server: TextModelServer) -> None:
    server.play(fails(429, code="insufficient_quota"))

    with pytest.raises(Refused, match="quota"):
        await model.write(PROMPT, _silent)


async def test_a_provider_that_hangs_times_out(model: TextModel, server: TextModelServer) -> None:
    server.play(hangs())

    with pytest.raises(TimedOut) as late:
        await model.write(PROMPT, _silent)

    assert len(server.asked) == 1
    assert late.value.usage.input_tokens > 0, "what was asked for may be paid for"


async def test_a_stream_that_stands_still_times_out_and_is_paid_for(model: TextModel, server: TextModelServer) -> None:
    server.play(hangs(after=60))

    with pytest.raises(TimedOut) as late:
        await model.write(PROMPT, _silent)

    assert late.value.usage.input_tokens > 0
    assert late.value.usage.output_tokens >= 20
    assert late.value.usage.cost is not None


async def test_a_call_ends_at_its_deadline(opened: Opener, server: TextModelServer) -> None:
    server.play(answers(TITLE, seconds_before=30))
    model = await opened(Limits(deadline_seconds=0.2))

    with pytest.raises(TimedOut):
        await model.write(PROMPT, _silent)


async def test_waiting_for_a_place_counts_towards_the_deadline(opened: Opener, server: TextModelServer) -> None:
    server.play(answers(TITLE, seconds_before=30))
    model = await opened(Limits(deadline_seconds=0.3, concurrency_max=1))

    started = asyncio.get_running_loop().time()

    both = await asyncio.gather(*(model.write(PROMPT, _silent) for _ in range(2)), return_exceptions=True)

    assert [type(one) for one in both] == [TimedOut, TimedOut]
    assert asyncio.get_running_loop().time() - started < 0.6, "not one after the other"


async def test_a_slow_answer_is_waited_for(opened: Opener, server: TextModelServer) -> None:
    server.play(answers(TITLE, seconds_before=0.5))
    model = await opened(Limits(deadline_seconds=10))

    assert (await model.write(PROMPT, _silent)).latency_ms >= 500


async def test_half_an_answer_is_unavailable_and_not_begun_anew(model: TextModel, server: TextModelServer) -> None:
    server.play(breaks_off(TITLE, after=8), answers(TITLE))

    with pytest.raises(Unavailable, match="broke off") as broken:
        await model.write(PROMPT, _silent)

    assert len(server.asked) == 1
    assert broken.value.usage.input_tokens > 0


@pytest.mark.parametrize("first", [says("I'd love to!"), answers({"name": "x"}), answers({"title": 7}), runs_out("{")])
async def test_a_wrong_answer_is_repaired_once(model: TextModel, server: TextModelServer, first: Any) -> None:
    server.play(first, answers(TITLE))

    answer = await model.write(PROMPT, _silent)

    assert (answer.content, answer.requests) == (TITLE, 2)
    assert answer.usage.input_tokens == 2 * TOKENS_READ
    roles = [message["role"] for message in server.asked[1].body["messages"] if message["role"] != "system"]
    assert roles == ["user", "assistant", "user"]


async def test_the_repair_says_what_is_wrong(model: TextModel, server: TextModelServer) -> None:
    server.play(answers({"title": 7}), answers(TITLE))

    await model.write(PROMPT, _silent)

    assert "$.title: 7 is not of type 'string'" in server.asked[1].body["messages"][-1]["content"]


async def test_a_wrong_answer_twice_is_invalid_and_paid_for(model: TextModel, server: TextModelServer) -> None:
    server.play(answers({"name": "x"}))

    with pytest.raises(InvalidOutput) as invalid:
        await model.write(PROMPT, _silent)

    assert len(server.asked) == 2
    assert invalid.value.usage.output_tokens == 2 * TOKENS_WRITTEN


async def test_an_answer_in_a_fence_is_an_answer(model: TextModel, server: TextModelServer) -> None:
    server.play(says('```json\n{"title": "雨季的灯塔"}\n```'))

    assert (await model.write(PROMPT, _silent)).content == TITLE


async def test_an_answer_without_end_is_given_up(model: TextModel, server: TextModelServer) -> None:
    server.play(writes_for_ever())

    with pytest.raises(InvalidOutput, match="too long"):
        await model.write(PROMPT, _silent)

    assert len(server.asked) == 1


async def test_a_model_that_declines_is_not_asked_again(model: TextModel, server: TextModelServer) -> None:
    server.play(declines())

    with pytest.raises(Refused):
        await model.write(PROMPT, _silent)

    assert len(server.asked) == 1


@pytest.mark.parametrize("text", ['{"title": "Line A-17."}', '{"title": "Line \\u0041-17."}'])
async def test_an_answer_that_tells_our_lines_is_invalid(model: TextModel, server: TextModelServer, text: str) -> None:
    server.play(says(text))
    told: list[str] = []

    async def note(piece: str) -> None:
        told.append(piece)

    with pytest.raises(InvalidOutput, match="instructions"):
        await model.write(PROMPT, note)

    assert "Line A-17." not in "".join(told)
    assert len(server.asked) == 1


async def test_a_refused_temperature_is_left_out_from_then_on(model: TextModel, server: TextModelServer) -> None:
    server.play(fails(400, message="`temperature` is deprecated for this model."), answers(TITLE))

    await model.write(PROMPT, _silent)
    await model.write(PROMPT, _silent)

    assert ["temperature" in asked.body for asked in server.asked] == [True, False, False]


async def test_a_provider_that_keeps_failing_is_left_alone(opened: Opener, server: TextModelServer) -> None:
    server.play(fails(500))
    model = await opened(Limits(first_wait_seconds=0.01, failures_max=3, rest_seconds=60))

    for _ in range(2):
        with pytest.raises(Unavailable):
            await model.write(PROMPT, _silent)

    assert len(server.asked) == 3


async def test_what_listens_may_fail_with_its_own_error(model: TextModel) -> None:
    async def fail(text: str) -> None:
        raise KeyError(text)

    with pytest.raises(KeyError):
        await model.write(PROMPT, fail)


async def test_a_cancelled_call_gives_its_place_back(opened: Opener, server: TextModelServer) -> None:
    server.play(hangs(), answers(TITLE))
    model = await opened(Limits(concurrency_max=1))
    call = asyncio.create_task(model.write(PROMPT, _silent))
    await eventually(_as_soon_as(lambda: server.asked), what="the request has come")
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call

    assert (await model.write(PROMPT, _silent)).content == TITLE


async def test_no_call_costs_more_than_was_said(model: TextModel, server: TextModelServer) -> None:
    server.play(answers({"name": "x"}), answers(TITLE))
    most = model.cost_max(PROMPT)

    cost = (await model.write(PROMPT, _silent)).usage.cost

    assert most is not None
    assert cost is not None
    assert cost < most


@pytest.mark.parametrize("provider", ["openai"], indirect=True)
async def test_a_server_that_knows_no_schema_gets_it_in_words(model: TextModel, server: TextModelServer) -> None:
    unknown = "Unsupported parameter"
    server.play(
        fails(400, message=unknown, param="max_tokens"),
        fails(400, message=unknown, param="stream_options"),
        fails(422, message="response_format.type: json_schema is unknown"),
        answers(TITLE),
    )

    answer = await model.write(PROMPT, _silent)
    body = server.asked[-1].body

    assert body["max_completion_tokens"] == 100
    assert body["response_format"] == {"type": "json_object"}
    assert '"required":["title"]' in body["messages"][0]["content"]
    assert answer.usage.output_tokens > 0, "estimated where the server does not say"


async def test_the_offline_provider_opens_nothing(server: TextModelServer) -> None:
    async with open_text_model(_settings("offline", server.url)) as model:
        assert model is None


def test_the_breaker_lets_one_through_after_the_rest() -> None:
    now = 0.0
    breaker = CircuitBreaker(failures_max=1, rest_seconds=30, now=lambda: now)
    with pytest.raises(Unavailable), breaker.attempt():
        raise Unavailable("down")
    with pytest.raises(Resting), breaker.attempt():
        pass
    now = 31.0
    with breaker.attempt(), pytest.raises(Resting), breaker.attempt():
        pass
    with breaker.attempt():
        pass


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("7", 7.0),
        ("Thu, 26 Nov 2026 09:00:30 GMT", 30.0),
        ("Thu, 26 Nov 2026 08:00:00 GMT", 0.0),
        ("soon", None),
        ("", None),
        ("9" * 400, None),
        ("-5", None),
    ],
)
def test_both_forms_of_retry_after_are_read(value: str, seconds: float | None) -> None:
    assert parse_retry_after(value, datetime(2026, 11, 26, 9, tzinfo=UTC)) == seconds


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        ({"text_model_name": ""}, "STUDIO_TEXT_MODEL_NAME"),
        ({"text_model_key": SecretStr(""), "text_model_base_url": ""}, "STUDIO_TEXT_MODEL_KEY"),
        ({"text_model_input_price": None}, "_OUTPUT_PRICE"),
        (
            {"text_model_input_price": None, "text_model_output_price": None, "text_model_budget_usd": Decimal(5)},
            "STUDIO_TEXT_MODEL_BUDGET_USD",
        ),
    ],
)
def test_settings_that_do_not_fit_together_are_named(wrong: dict[str, Any], name: str) -> None:
    good = _settings("openai", "http://127.0.0.1").model_dump()

    with pytest.raises(ValidationError, match=name) as refused:
        TextModelSettings(**{**good, **wrong})

    assert KEY not in str(refused.value)
