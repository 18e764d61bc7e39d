"""The chat completions that OpenAI began with and most servers of models speak."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from services.kernel.text_models import Message, Prompt, Unavailable
from services.runtime.text_models.server_events import ServerEvent
from services.runtime.text_models.wire import Failure, Told, event_data, token_count

OPTIONAL_PARTS = ("stream_options", "temperature")
FORMATS = ("json_schema", "json_object", "text")


class OpenAIWire:
    """The protocol, as far as the server understands it: what it refuses is put another way from then on."""

    path = "chat/completions"

    def __init__(self, key: str) -> None:
        self.headers: Mapping[str, str] = {"Authorization": f"Bearer {key}"} if key else {}
        self._left_out: set[str] = set()
        self._limit = "max_tokens"
        self._format = "json_schema"

    def body(self, prompt: Prompt, messages: Sequence[Message], model: str) -> dict[str, Any]:
        """The request; a server that takes no schema gets it in words."""
        system = prompt.system if self._format == "json_schema" else _with_schema(prompt)
        told = [{"role": "system", "content": system}]
        told += [{"role": message.role, "content": message.content} for message in messages]
        body: dict[str, Any] = {
            "model": model,
            "messages": told,
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": prompt.temperature,
            self._limit: prompt.output_tokens_max,
            "response_format": _response_format(self._format, prompt.schema),
        }
        return {name: part for name, part in body.items() if name not in self._left_out}

    def learn(self, body: Mapping[str, Any], failure: Failure) -> bool:
        """Leaves out what is optional, or takes the next form of what is not."""
        for part in OPTIONAL_PARTS:
            if part in body and failure.names(part):
                self._left_out.add(part)
                return True
        if "max_tokens" in body and failure.names("max_tokens"):
            self._limit = "max_completion_tokens"
            return True
        asked = body["response_format"]["type"]
        if asked != FORMATS[-1] and (failure.names("response_format") or failure.names(asked)):
            self._format = FORMATS[FORMATS.index(asked) + 1]
            return True
        return False

    def read(self, event: ServerEvent, told: Told) -> str:
        """A piece of the first choice; usage comes in an event of its own, after the end."""
        if event.data == "[DONE]":
            told.is_whole = True
            return ""
        data = event_data(event)
        if data.get("error"):
            raise Unavailable("The text model's provider failed while it answered.")
        told.model_version = str(data.get("model") or told.model_version)
        if usage := data.get("usage"):
            told.input_tokens = token_count(usage.get("prompt_tokens"))
            told.output_tokens = token_count(usage.get("completion_tokens"))
        for choice in (data.get("choices") or [])[:1]:
            return _read_choice(choice, told)
        return ""


def _read_choice(choice: Mapping[str, Any], told: Told) -> str:
    delta, reason = choice.get("delta") or {}, choice.get("finish_reason")
    told.is_whole = told.is_whole or reason is not None
    told.is_cut = told.is_cut or reason == "length"
    told.is_refused = told.is_refused or reason == "content_filter" or bool(delta.get("refusal"))
    return str(delta.get("content") or "")


def _response_format(kind: str, schema: Mapping[str, Any]) -> Mapping[str, Any]:
    if kind != "json_schema":
        return {"type": kind}
    # Not `strict`, which takes only a part of JSON Schema: the answer is checked here in any case.
    return {"type": kind, "json_schema": {"name": "answer", "schema": schema, "strict": False}}


def _with_schema(prompt: Prompt) -> str:
    return f"{prompt.system}\n\nJSON Schema:\n{orjson.dumps(prompt.schema).decode()}"
