"""What a person asked for, wherever it stands in a request: preferences, input, requirements, feedback."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import regex

from services.contexts.genesis.engine.directives import ChangeCount, Directive, Exclude, Include
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language, storable

WISHES_MAX = 12
_WISH_MAX = 400
# A field's name says what its value means: what to leave out, what to bring in, how many.
_LEAVE_OUT = regex.compile(r"exclu|avoid|forbid|without|taboo|banned|禁|不要|避免|排除", regex.I)
_BRING_IN = regex.compile(r"includ|must|keyword|topic|themes?$|包含|必须|关键|加入|主题", regex.I)
_COUNT = regex.compile(r"count|number|数", regex.I)
# What only asks for themes says nothing about them.
_NOTHING_SAID = regex.compile(
    r"(?:please\s+)?(?:(?:give|propose|suggest|generate|write|show|find|make)\s+(?:me\s+)?)?(?:(?:some|a|the|new|more)\s+)*themes?"
    r"(?:\s+please)?|(?:请|帮我|给我|再|来|想|提出?|生成|给出?|写|一些|几个|一个|新的?|个)*主题吧?",
    regex.I,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish in the person's words, and what it means."""

    text: str
    directives: tuple[Directive, ...]


def wish_of(text: str, language: Language) -> Wish:
    """Read one wish."""
    return Wish(text, read_feedback(text, language))


def wishes_of(request: StageRequest) -> tuple[Wish, ...]:
    """Return all wishes of a request for something new, the oldest first and the newest kept if there are many."""
    language = request.language
    found = [
        *_stated(request.options.get("theme_preferences"), "", language),
        *_stated(request.requirements, "", language),
        *_stated(request.user_input, "", language),
        *_stated(list(request.feedback), "", language),
    ]
    return tuple({wish.text: wish for wish in found}.values())[-WISHES_MAX:]


def _stated(value: object, name: str, language: Language) -> Iterator[Wish]:
    """Find the wishes in free JSON; `name` is the key it stands under."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _stated(inner, str(key), language)
    elif isinstance(value, list):
        for inner in value:
            yield from _stated(inner, name, language)
    elif isinstance(value, int) and not isinstance(value, bool) and _COUNT.search(name):
        yield Wish(f"{name}: {value}", (ChangeCount(name, value),))
    elif isinstance(value, str):
        text = storable(value).strip()[:_WISH_MAX].strip()
        if text and not _NOTHING_SAID.fullmatch(text.rstrip(".!。！")):
            yield Wish(text, _meaning(name, text, language))


def _meaning(name: str, text: str, language: Language) -> tuple[Directive, ...]:
    if _LEAVE_OUT.search(name):
        return (Exclude(text),)
    return (Include(text),) if _BRING_IN.search(name) else read_feedback(text, language)
