"""What a person wishes for in a request, as sentences: feedback, requirements and what was typed."""

from collections.abc import Iterator, Mapping
from typing import Any

import regex

from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import storable

_DEPTH_MAX = 4
# "Give me a plot, please" asks for what is coming anyway; quoted in a scene it would be nonsense.
_ORDER = regex.compile(
    r"(?:please\s+)?(?:write|make|give|create|generate|propose|show|plan|start|begin|go on|continue)\b"
    r"(?:\s+(?:me|us|a|an|the|my|some|new|another|good|whole))*"
    r"(?:\s+(?:plot|outline|story|plans?|details?|names|library))?(?:,?\s+(?:now|please))?"
    r"|(?:请|帮我|给我|继续|开始|生成|写|来|出|一个|一份|新的|完整的)*(?:情节|剧情|大纲|方案|细节|名字|设定)?[吧了]?",
    regex.I,
)


def wishes_in(request: StageRequest) -> tuple[str, ...]:
    """Return all wishes, those that were said first first."""
    typed = tuple(words for words in (request.user_input,) if words and not _ORDER.fullmatch(words.strip(" .!。！")))
    said = (*_texts(request.requirements), *typed, *request.feedback)
    return tuple(dict.fromkeys(wish for text in said if (wish := " ".join(storable(text).split()))))


def _texts(value: Any, depth: int = 0) -> Iterator[str]:
    """Return the texts inside a free value; numbers and names of fields say nothing by themselves."""
    if isinstance(value, str):
        yield value
    elif depth < _DEPTH_MAX and isinstance(value, Mapping):
        for one in value.values():
            yield from _texts(one, depth + 1)
    elif depth < _DEPTH_MAX and isinstance(value, list | tuple):
        for one in value:
            yield from _texts(one, depth + 1)
