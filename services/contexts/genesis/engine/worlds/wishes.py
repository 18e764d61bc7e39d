"""What a person asked for, wherever it stands in a request: requirements, input, feedback."""

from collections.abc import Iterator, Mapping
from typing import Any

import regex

from services.contexts.genesis.engine.directives import Directive, Exclude, Include, Remark
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language, storable

_WISHES_MAX = 24
_DEPTH_MAX = 4
# A field's name says what its value means: what to leave out, what to bring in.
_LEAVE_OUT = regex.compile(r"exclu|avoid|forbid|without|taboo|banned|no_|禁|不要|避免|排除", regex.I)
_BRING_IN = regex.compile(r"includ|must|keyword|element|topic|require|包含|必须|关键|加入|元素", regex.I)
# What only asks for a world says nothing about it.
_NOTHING_SAID = regex.compile(
    r"(?:please\s+)?(?:(?:give|propose|suggest|generate|write|show|build|make|create)\s+(?:me\s+)?)?"
    r"(?:(?:an?|the|new|another)\s+)*world(?:view)?(?:\s+please)?[.!]?"
    r"|(?:请|帮我|给我|再|来|想|提出?|生成|给出?|写|构建|一个|新的?|个)*世界观?(?:设定)?吧?[。！]?",
    regex.I,
)


def directives_of(request: StageRequest) -> tuple[Directive, ...]:
    """Return all that is asked of a new world, the oldest first."""
    typed = (request.user_input,) if request.user_input else ()
    said = [one for text in (*typed, *request.feedback) for one in directives_in(text, request.language)]
    return (*_required(request.requirements, request.language), *said)[-_WISHES_MAX:]


def newest_wish(request: StageRequest) -> str:
    """Return what a revision is about, in the person's words."""
    return request.feedback[-1] if request.feedback else request.user_input or ""


def earlier_directives(request: StageRequest) -> tuple[Directive, ...]:
    """Return all that was asked before the newest wish."""
    said = [one for text in request.feedback[:-1] for one in directives_in(text, request.language)]
    return (*_required(request.requirements, request.language), *said)


def directives_in(text: str, language: Language) -> tuple[Directive, ...]:
    """Read a text; one in which nothing is understood is one remark, not one for each of its commas."""
    words = " ".join(storable(text).split())
    if not words or _NOTHING_SAID.fullmatch(words):
        return ()
    found = read_feedback(text, language)
    return (Remark(words),) if all(isinstance(one, Remark) for one in found) else found


def _required(value: Any, language: Language, key: str = "", depth: int = 0) -> Iterator[Directive]:
    if isinstance(value, str) and value.strip():
        if _LEAVE_OUT.search(key):
            yield Exclude(" ".join(storable(value).split()))
        elif _BRING_IN.search(key) and len(value) <= 40:
            yield Include(" ".join(storable(value).split()))
        else:
            yield from directives_in(value, language)
    elif depth < _DEPTH_MAX and isinstance(value, Mapping):
        for name, one in value.items():
            yield from _required(one, language, str(name), depth + 1)
    elif depth < _DEPTH_MAX and isinstance(value, list | tuple):
        for one in value:
            yield from _required(one, language, key, depth + 1)
