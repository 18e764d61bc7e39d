"""What the two protocols have in common: how a request is put, what a stream tells, what a failure means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Any, Final, Protocol

import orjson

from services.kernel.text_models import Message, Prompt, RateLimited, Refused, TextModelError, Unavailable
from services.runtime.text_models.server_events import ServerEvent

OUR_FAULT_STATUSES: Final = (400, 413, 422)


@dataclass(slots=True)
class Told:
    """What a stream has told up to now.

    `was_taken`: there is a stream, so the request is paid for. `is_whole`: it said that it is over. `is_cut`: it is
    over because the answer got too long. `is_refused`: the model would not write it.
    """

    pieces: list[str] = field(default_factory=list)
    input_tokens: int | None = None
    output_tokens: int | None = None
    model_version: str = ""
    was_taken: bool = False
    is_whole: bool = False
    is_cut: bool = False
    is_refused: bool = False

    @property
    def text(self) -> str:
        """All that was written."""
        return "".join(self.pieces)


@dataclass(frozen=True, slots=True)
class Failure:
    """A response that is no answer. `message`, `code` and `parameter` are the provider's own, where it gives them."""

    status: int
    message: str = ""
    code: str = ""
    parameter: str = ""
    retry_after_seconds: float | None = None

    def names(self, part: str) -> bool:
        """Whether it complains of this part of the request."""
        return self.status in OUR_FAULT_STATUSES and (self.parameter.startswith(part) or part in self.message)


class Wire(Protocol):
    """A protocol of providers. It keeps what it has learnt about the one behind it."""

    path: str
    headers: Mapping[str, str]

    def body(self, prompt: Prompt, messages: Sequence[Message], model: str) -> dict[str, Any]:
        """The request for a streamed answer."""
        ...

    def learn(self, body: Mapping[str, Any], failure: Failure) -> bool:
        """Whether the next body will leave out what this one was refused for."""
        ...

    def read(self, event: ServerEvent, told: Told) -> str:
        """The text in an event, perhaps none; everything else that it says goes into `told`. Raises TextModelError."""
        ...


def read_failure(status: int, headers: Mapping[str, str], body: bytes) -> Failure:
    """What a response that is no answer says; both protocols put it in `error`."""
    error = _object(_object(_parsed(body)).get("error"))
    return Failure(
        status,
        message=str(error.get("message") or ""),
        code=str(error.get("code") or error.get("type") or ""),
        parameter=str(error.get("param") or ""),
        retry_after_seconds=parse_retry_after(headers.get("retry-after", ""), datetime.now(UTC)),
    )


def error_of(failure: Failure) -> TextModelError:
    """What a failure means for the call."""
    wait = failure.retry_after_seconds
    match failure.status:
        case _ if failure.code == "insufficient_quota":
            return Refused("The text model's provider says that the quota of this key is used up.")
        case 429:
            return RateLimited("The text model's provider is asked too often.", retry_after_seconds=wait)
        case 401 | 403:
            # What the provider says here may repeat the key.
            return Refused("The text model's provider does not accept the key.")
        case 404:
            return Refused("The text model's provider knows no such model or address.")
        case status if status in (408, 409) or status >= 500:
            return Unavailable(f"The text model's provider failed (status {status}).", retry_after_seconds=wait)
        case status:
            return Refused(f"The text model's provider refused the request (status {status}).")


def parse_retry_after(value: str, now: datetime) -> float | None:
    """The seconds that a Retry-After header means, given in either of its two forms; None for anything else."""
    try:
        seconds = float(value) if value[:1].isdigit() else (parsedate_to_datetime(value) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return max(seconds, 0.0) if isfinite(seconds) else None


def token_count(found: object) -> int | None:
    """A number of tokens; None for anything else."""
    return found if isinstance(found, int) and found >= 0 else None


def event_data(event: ServerEvent) -> Mapping[str, Any]:
    """The object in an event. Raises Unavailable when there is none."""
    data = _parsed(event.data.encode())
    if not isinstance(data, dict):
        raise Unavailable("The text model's provider answered with something that can't be read.")
    return data


def _parsed(text: bytes) -> object:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return None


def _object(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, dict) else {}
