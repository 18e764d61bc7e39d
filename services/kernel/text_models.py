"""The port to whoever writes texts for us: what a text model is asked, what it answers, how it fails."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, Literal, Protocol

OnText = Callable[[str], Awaitable[None]]
"""Gets the answer piece by piece, as it is written: parts of a JSON text, good for showing that something happens."""


@dataclass(frozen=True, slots=True)
class Message:
    """A turn of the talk with the model."""

    role: Literal["user", "assistant"]
    content: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is asked for: one JSON object that is valid under `schema`.

    `system` is ours alone; whatever a user wrote is in `messages`. `secrets` are lines of `system` that no
    answer may repeat. `language` is that in which a repair is asked for.
    """

    system: str
    messages: Sequence[Message]
    schema: Mapping[str, Any]
    language: Literal["zh", "en"] = "en"
    temperature: float = 0.9
    output_tokens_max: int = 8_000
    secrets: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Usage:
    """The tokens that were read and written, all requests of a call together, and what they cost in US dollars.

    `cost` is None where no prices are known.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ModelAnswer:
    """What a model wrote: `content` is valid under the prompt's schema. `requests` is how often it was asked for it."""

    content: Mapping[str, Any]
    usage: Usage
    model_version: str
    latency_ms: int
    requests: int


class TextModel(Protocol):
    """A language model behind some API.

    `write` returns one object that is valid under the prompt's schema, or raises a TextModelError; it never returns
    half an answer. An answer that is invalid is sent back once, with what is wrong with it; the second is final.
    A call has a deadline; a provider that fails is asked again a bounded number of times, and one that goes on failing
    is left alone for a while. Once text has come the same request is not made anew: what was told to `on_text` is not
    taken back, except that a repaired answer follows the broken one.

    A call may be cancelled at any point. An error says what was used up to it, as far as it is known: text that was
    thrown away has been paid for as well.
    """

    async def write(self, prompt: Prompt, on_text: OnText) -> ModelAnswer:
        """The answer. Raises a TextModelError."""
        ...

    def cost_max(self, prompt: Prompt) -> Decimal | None:
        """What `write` costs at most, in US dollars, whatever happens; None where no prices are known."""
        ...

    def cost_broken_off(self, prompt: Prompt, written: str) -> Decimal | None:
        """About what a call costs that is cancelled after this much text; None where no prices are known."""
        ...


class TextModelError(Exception):
    """A call that came to nothing. `message` is for the user: it holds no key and nothing of the prompt.

    `retry_after_seconds` is how long the provider wants to be left alone, where it says so. `CODE` and `IS_RETRYABLE`
    are those of a task that fails for it.
    """

    CODE: ClassVar[str] = "PROVIDER_ERROR"
    IS_RETRYABLE: ClassVar[bool] = True

    def __init__(self, message: str, *, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_seconds = retry_after_seconds
        self.usage = Usage()


class RateLimited(TextModelError):
    """The provider wants fewer requests."""


class Unavailable(TextModelError):
    """The provider can't be reached, fails, or has failed so often that it is left alone for now."""


class TimedOut(TextModelError):
    """There was no whole answer in time."""

    CODE = "TIMEOUT"


class Refused(TextModelError):
    """The provider or the model will not do this; asking again the same way is of no use."""

    IS_RETRYABLE = False


class InvalidOutput(TextModelError):
    """The answer was no valid object, neither at first nor repaired, or too large, or told what it must not."""

    CODE = "INVALID_OUTPUT"
