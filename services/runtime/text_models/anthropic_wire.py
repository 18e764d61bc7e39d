"""The messages of Anthropic; the object that is wanted is the input of a tool which the model must use."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.kernel.text_models import Message, Prompt, RateLimited, Unavailable
from services.runtime.text_models.server_events import ServerEvent
from services.runtime.text_models.wire import Failure, Told, event_data, token_count

API_VERSION = "2023-06-01"
TEMPERATURE_MAX = 1.0
TOOL = "answer"


class AnthropicWire:
    """The protocol. Some of its models take no temperature, which is left out once one has said so."""

    path = "v1/messages"

    def __init__(self, key: str) -> None:
        self.headers: Mapping[str, str] = {"x-api-key": key, "anthropic-version": API_VERSION}
        self._takes_temperature = True

    def body(self, prompt: Prompt, messages: Sequence[Message], model: str) -> dict[str, Any]:
        """The request."""
        body: dict[str, Any] = {
            "model": model,
            "system": prompt.system,
            "messages": [{"role": message.role, "content": message.content} for message in messages],
            "stream": True,
            "max_tokens": prompt.output_tokens_max,
            "tools": [{"name": TOOL, "description": "Takes the answer.", "input_schema": prompt.schema}],
            "tool_choice": {"type": "tool", "name": TOOL},
        }
        if self._takes_temperature:
            body["temperature"] = min(prompt.temperature, TEMPERATURE_MAX)
        return body

    def learn(self, body: Mapping[str, Any], failure: Failure) -> bool:
        """Leaves out the temperature."""
        if "temperature" in body and failure.names("temperature"):
            self._takes_temperature = False
            return True
        return False

    def read(self, event: ServerEvent, told: Told) -> str:
        """A piece of the tool's input, or what was read and written so far."""
        data = event_data(event)
        match data.get("type"):
            case "message_start":
                message = data["message"]
                told.model_version = str(message["model"])
                told.input_tokens = _input_tokens(message["usage"])
            case "content_block_delta":
                # Text before the tool is used is not the answer.
                return str(data["delta"].get("partial_json") or "")
            case "message_delta":
                told.output_tokens = token_count(data["usage"]["output_tokens"])
                reason = data["delta"].get("stop_reason")
                told.is_cut = reason == "max_tokens"
                told.is_refused = reason == "refusal"
            case "message_stop":
                told.is_whole = True
            case "error":
                raise _error(data)
            case _:
                pass
        return ""


def _input_tokens(usage: Mapping[str, Any]) -> int:
    """All that were read, those from and into the cache among them."""
    names = ("input_tokens", "cache_creation_input_tokens", "cache_read_input_tokens")
    return sum(token_count(usage.get(name)) or 0 for name in names)


def _error(data: Mapping[str, Any]) -> RateLimited | Unavailable:
    if (data.get("error") or {}).get("type") == "rate_limit_error":
        return RateLimited("The text model's provider is asked too often.")
    return Unavailable("The text model's provider failed while it answered.")
