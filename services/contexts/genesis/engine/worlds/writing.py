"""Filling templates: the world's own names, the language's nouns, and nothing that is unwanted or was told before."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import regex

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.voice import capitalised, typeset
from services.contexts.genesis.engine.worlds.material import Era, WorldMaterial
from services.contexts.genesis.engine.worlds.naming import Names

T = TypeVar("T")
_SLOT = regex.compile(r"\{(\w+)\}")
_FORM = regex.compile(r"(?P<article>[aA]_)?(?P<noun>[A-Za-z]+?)(?P<turn>\d?)")
_TRIES = 4
_VOWELS = "aeiou"


@dataclass(frozen=True, slots=True)
class Scribe:
    """Whoever writes one world. `told` is what must not be told again, `unwanted` finds what must not occur."""

    language: Language
    era: Era
    material: WorldMaterial
    names: Names
    choices: Choices
    told: str = ""
    unwanted: regex.Pattern[str] | None = None

    def under(self, *labels: object) -> "Scribe":
        """Return the same scribe with other choices."""
        return replace(self, choices=self.choices.under(*labels))

    def knowing(self, **names: str) -> "Scribe":
        """Return a scribe who knows more names."""
        return replace(self, names=Names({**self.names.fixed, **names}, self.names.roots))

    def say(self, template: str, label: str, given: Mapping[str, str] | None = None) -> str:
        """Return a template filled; what is given comes first."""
        known = dict(self.names.fixed) | dict(given or {})
        choices = self.choices.under(label)
        slots = {slot: self._word(slot, known, choices) for slot in _SLOT.findall(template)}
        text = typeset(template, self.language).format_map(slots)
        return capitalised(text) if self.language == "en" else text

    def write(
        self, label: str, templates: Sequence[str], count: int = 1, given: Mapping[str, str] | None = None
    ) -> tuple[str, ...]:
        """Return `count` of the templates filled, those first that say what has not been said."""
        return tuple(text for _, text in self.select(label, templates, lambda one: one, count, given))

    def select(
        self,
        label: str,
        options: Sequence[T],
        told_by: Callable[[T], str],
        count: int = 1,
        given: Mapping[str, str] | None = None,
    ) -> list[tuple[T, str]]:
        """Return `count` of the options, each with its template filled.

        What does not suit comes last, and comes at all only where nearly everything is unwanted: a world has to have
        its parts.
        """
        ordered = sorted(self.choices.ordered(label, options), key=lambda one: self.is_told(told_by(one), self.told))
        found: list[tuple[T, str]] = []
        unsuited: list[tuple[T, str]] = []
        for place, option in enumerate(ordered):
            text = self._best(told_by(option), f"{label}/{place}", given)
            (found if self.suits(text) else unsuited).append((option, text))
            if len(found) == count:
                break
        return (found + unsuited)[:count]

    def suits(self, text: str) -> bool:
        """Tell whether nothing unwanted occurs in a text."""
        return self.unwanted is None or not self.unwanted.search(text)

    def suiting(self, text: str) -> str:
        """Return the text, "" if something unwanted occurs in it."""
        return text if self.suits(text) else ""

    def _best(self, template: str, label: str, given: Mapping[str, str] | None) -> str:
        """Return the template filled, with other nouns until it suits."""
        texts = [self.say(template, f"{label}/0", given)]
        while not self.suits(texts[-1]) and len(texts) < _TRIES:
            texts.append(self.say(template, f"{label}/{len(texts)}", given))
        return texts[-1]

    def is_told(self, template: str, told: str) -> bool:
        """Look in a text for the longest stretch of the template that stays the same whatever fills it."""
        longest = max(_SLOT.split(typeset(template, self.language))[::2], key=len)
        return len(longest) > 1 and longest in told

    def _word(self, slot: str, known: Mapping[str, str], choices: Choices) -> str:
        if slot in known:
            return known[slot]
        form = _FORM.fullmatch(slot)
        if form is None:
            raise KeyError(slot)
        noun, turn = form["noun"].lower(), int(form["turn"] or 1) - 1
        if noun not in known and not self._options(noun) and noun.endswith("s"):
            word = _plural(self._noun(noun.removesuffix("s"), turn, known, choices))
        else:
            word = self._noun(noun, turn, known, choices)
        if form["article"]:
            word = f"{'an' if word[0].lower() in _VOWELS else 'a'} {word}"
        return capitalised(word) if slot[0].isupper() else word

    def _noun(self, noun: str, turn: int, known: Mapping[str, str], choices: Choices) -> str:
        if noun in known:
            return known[noun]
        return typeset(choices.ordered(noun, self._options(noun))[turn], self.language)

    def _options(self, noun: str) -> Sequence[str]:
        if noun == "root":
            return self.names.roots
        own = self.material.era_pools.get(self.era, {}).get(noun, ())
        return (*own, *self.material.pools.get(noun, ()))


def _plural(noun: str) -> str:
    if noun.endswith("man"):
        return f"{noun[:-3]}men"
    if noun.endswith("y") and noun[-2] not in _VOWELS:
        return f"{noun[:-1]}ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")
