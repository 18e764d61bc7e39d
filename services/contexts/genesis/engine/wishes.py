"""What a person asks for, wherever it stands in a request: preferences, requirements, input, feedback."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import regex

from services.contexts.genesis.engine.directives import ChangeCount, Directive, Exclude, Include, Remark
from services.contexts.genesis.engine.documents import leaves_of
from services.contexts.genesis.engine.feedback.reading import read_feedback
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language, storable

WISHES_MAX: Final = 24
_WISH_MAX: Final = 400
_THING_MAX: Final = 40
# A field's name says what its value means: what to leave out, what to bring in, how many.
_LEAVE_OUT: Final = regex.compile(r"exclu|avoid|forbid|without|taboo|banned|no_|禁|不要|避免|排除", regex.I)
_BRING_IN: Final = regex.compile(
    r"includ|must|keyword|element|topic|require|themes?$|包含|必须|关键|加入|元素|主题", regex.I
)
_COUNT: Final = regex.compile(r"count|number|数", regex.I)
# "Give me a plot, please" asks for what is coming anyway; quoted in a scene it would be nonsense.
_NOTHING_SAID: Final = regex.compile(
    r"(?!more\s+(?:details?|names|plans?|story))(?:please\s+)?"
    r"(?:(?:write|make|give|create|generate|propose|suggest|find|build|show|plan|start|begin|go on|continue)\b"
    r"(?:\s+(?:me|us))?\s*)?(?:(?:an?|the|my|some|new|more|another|good|whole)\s+)*"
    r"(?:(?:plot|outline|story|plans?|details?|names|library|world|worldview|themes?)\b)?(?:,?\s*(?:now|please))?"
    r"|(?:请|帮我|给我|再|继续|开始|提出?|构建|生成|给出?|想|写|来|出|一个|一些|几个|一份|新的?|完整的?|个)*+"
    r"(?:情节|剧情|大纲|方案|细节|名字|设定|世界观?|主题)?(?:设定)?[吧了]?",
    regex.I,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish in the person's words, and what it means."""

    text: str
    directives: tuple[Directive, ...]


def wish_of(text: str, language: Language) -> Wish:
    """Read one wish; where nothing in it is understood it is one remark, not one for each of its sentences."""
    words = " ".join(storable(text).split())
    directives = () if _says_nothing(words) else read_feedback(text, language)
    if len(directives) > 1 and all(isinstance(one, Remark) for one in directives):
        directives = (Remark(words[:_WISH_MAX].strip()),)
    return Wish(words[:_WISH_MAX].strip(), directives)


def wishes_of(request: StageRequest) -> tuple[Wish, ...]:
    """Return all wishes of a request for something new, the oldest first and the newest kept if there are many."""
    return _newest(
        request, request.options.get("theme_preferences"), request.requirements, request.user_input, request.feedback
    )


def earlier_wishes(request: StageRequest) -> tuple[Wish, ...]:
    """Return what was asked for before the feedback that a revision is about."""
    return _newest(request, request.requirements, request.feedback[:-1])


def directives_of(wishes: tuple[Wish, ...]) -> tuple[Directive, ...]:
    """Return all that some wishes mean, in their order."""
    return tuple(directive for wish in wishes for directive in wish.directives)


def _newest(request: StageRequest, *stated: Any) -> tuple[Wish, ...]:
    found = {wish.text: wish for value in stated for wish in _stated(value, request.language)}
    return tuple(found.values())[-WISHES_MAX:]


def _stated(value: Any, language: Language) -> Iterator[Wish]:
    """Find the wishes in free JSON by the keys they stand under; a number is one only where something is counted."""
    for key, leaf in leaves_of(value):
        if isinstance(leaf, int) and not isinstance(leaf, bool) and _COUNT.search(key):
            yield Wish(f"{key}: {leaf}", (ChangeCount(key, leaf),))
        elif isinstance(leaf, str) and not _says_nothing(words := " ".join(storable(leaf).split())):
            yield _under(key, words) or wish_of(leaf, language)


def _says_nothing(words: str) -> bool:
    return bool(_NOTHING_SAID.fullmatch(words.rstrip(".!。！ ")))


def _under(key: str, words: str) -> Wish | None:
    """Read a thing that stands under the name of what is to be done with it."""
    if _LEAVE_OUT.search(key):
        return Wish(words[:_WISH_MAX], (Exclude(words[:_WISH_MAX]),))
    is_thing = _BRING_IN.search(key) and len(words) <= _THING_MAX
    return Wish(words, (Include(words),)) if is_thing else None
