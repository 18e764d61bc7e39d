"""Taking a thing out of a document without leaving a hole: what a list or a sentence needs is made good."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import regex

from services.contexts.genesis.engine import foundations
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.concepts import Value
from services.contexts.genesis.engine.documents import is_fixed
from services.contexts.genesis.engine.feedback.terms import mentions, pattern_of
from services.contexts.genesis.engine.text import Language

_SENTENCES: Final = regex.compile(r"[^。！？.!?\n]*(?:[。！？]+[”』」]*|[.!?]+(?:[”\"]+|(?=\s)|$|(?=\S))|\n|$)\s*")
_LABEL_MAX: Final = {"en": 8, "zh": 14}
# These live on what is banned, and a world can do without.
_HOMES: Final = {"power_system": "magic"}
_NAMED_THINGS: Final = ("name", "term", "title", "technique")
# Of these lists nothing is left out: who or what they hold is not what the ban is about.
_WHOLE_LISTS: Final = frozenset(
    {"characters", "nodes", "acts", "candidates", "edges", "tension_curve", "embodiment_paths"}
)


def _minimums() -> dict[str, int]:
    """Return by field how many items a list needs at least, as the shapes of the foundation say."""
    shapes = [one for one in vars(foundations).values() if isinstance(one, type) and issubclass(one, Value)]
    found: dict[str, int] = {}
    for name, field in (pair for shape in shapes for pair in shape.model_fields.items()):
        sizes = [size for rule in field.metadata if (size := getattr(rule, "min_length", None))]
        found[name] = max([found.get(name, 0), *sizes])
    return found


MINIMUMS: Final[Mapping[str, int]] = _minimums()

NEUTRAL: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": (
        "What stood here before has given way to something plainer.",
        "People get by with what their hands can do, and it is enough.",
        "It is settled among those whom it concerns, and without a stir.",
        "The answer lies in what everyone has known for years.",
        "It takes patience, good neighbours and a long memory.",
        "Nobody makes much of it; the day has other business.",
        "What matters here can be carried home under one arm.",
        "It goes the ordinary way, one step after another.",
    ),
    "zh": (
        "原先的说法作罢，换成了更寻常的一种。",
        "人们靠一双手过活，也就够了。",
        "这件事由当事的几个人商量着定，没有惊动谁。",
        "答案就在大家早已知道的事情里。",
        "靠的是耐心、邻里和好记性。",
        "没有人把它当回事，日子另有日子的忙法。",
        "要紧的东西，一只手就能提回家。",
        "它按平常的路子走，一步挨着一步。",
    ),
}
_NEUTRAL_LABELS: Final[Mapping[Language, tuple[str, ...]]] = {
    "en": ("an open question", "an old habit", "plain dealing", "a long road", "what is left unsaid", "common ground"),
    "zh": ("未了的事", "老规矩", "寻常日子", "没说出口的话", "一条长路", "街坊的情面"),
}


class Broom:
    """Takes one term out of everything it is shown, and remembers which neutral words it has used."""

    def __init__(self, term: str, language: Language) -> None:
        self._term = term
        self._language = language
        self._used: set[str] = set()

    def swept(self, value: Any, key: str = "") -> Any:
        """Return a value without the thing; ids, fixed words and numbers stay."""
        if is_fixed(key):
            return value
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, Mapping):
            return self._object(value)
        if isinstance(value, list | tuple):
            return type(value)(self._items(value, key))
        return value

    def _held(self, value: object) -> bool:
        return isinstance(value, str) and mentions(value, self._term)

    def _object(self, value: Mapping[str, Any]) -> dict[str, Any]:
        kept = {
            name: self.swept(item, str(name))
            for name, item in value.items()
            if not (isinstance(item, Mapping) and self._held(str(name)))
        }
        gone = [name for name, banned in _HOMES.items() if isinstance(kept.get(name), Mapping) and self._is(banned)]
        return kept | dict.fromkeys(gone)

    def _is(self, banned: str) -> bool:
        return pattern_of(self._term).fullmatch(banned) is not None

    def _items(self, items: Sequence[Any], key: str) -> list[Any]:
        """Return the items without those that are the thing; as many as the list needs stay, with it taken out."""
        banned = [index for index, item in enumerate(items) if self._is_the_thing(item, key)]
        spare = max(0, len(items) - MINIMUMS.get(key, 0))
        gone = set(banned[:spare])
        return [self.swept(item, key) for index, item in enumerate(items) if index not in gone]

    def _is_the_thing(self, item: Any, key: str) -> bool:
        if isinstance(item, Mapping):
            return key not in _WHOLE_LISTS and any(self._held(item.get(name)) for name in _NAMED_THINGS)
        return self._held(item)

    def _text(self, text: str) -> str:
        if not self._held(text):
            return text
        if self._is_label(text):
            return self._label(text)
        kept = [part for part in _SENTENCES.findall(text) if part and not self._held(part)]
        return "".join(kept).strip() or self._neutral(NEUTRAL[self._language], text)

    def _is_label(self, text: str) -> bool:
        if regex.search(r"[。！？!?]|[.](?:\s|$)", text):
            return False
        size = len(text) if self._language == "zh" else len(text.split())
        return size <= _LABEL_MAX[self._language]

    def _label(self, text: str) -> str:
        """Return a name or title without the word, or, where too little is left of it, another one."""
        rest = " ".join(pattern_of(self._term).sub(" ", text).split())
        rest = regex.sub(
            r"^(?:['’]s|of|and|or|的|与|和|、|：|:)\s*|\s*(?:of|and|or|的|与|和|、|the|an?)$", "", rest
        ).strip(" ,，-·")
        whole = len(rest) > 1 and not regex.fullmatch(r"(?:the|an?|of|in|and|\W)*", rest, regex.I)
        if not whole or self._held(rest):
            return self._neutral(_NEUTRAL_LABELS[self._language], text)
        return rest if self._language == "zh" else rest[:1].upper() + rest[1:] if text[:1].isupper() else rest

    def _neutral(self, options: Sequence[str], text: str) -> str:
        """Return neutral words, others each time as long as there are others."""
        ordered = Choices(f"{self._term}\x1f{text}").ordered("neutral", options)
        fitting = [one for one in ordered if not self._held(one)] or ordered
        chosen = next((one for one in fitting if one not in self._used), fitting[0])
        self._used.add(chosen)
        return chosen
