"""What must not occur: a word that somebody does not want, and the words that go together with it."""

from collections.abc import Iterable, Iterator, Sequence

import regex

from services.contexts.genesis.engine.directives import Directive, Exclude, Include
from services.contexts.genesis.engine.worlds.material import WorldMaterial

_ARTICLE = regex.compile(r"^(?:an?|the|any|all|所有|任何|一切)\s*", regex.I)
_EDGE = r"(?<![\p{{L}}\p{{N}}]){}(?![\p{{L}}\p{{N}}])"
HEADS = 3
"""How many words of a family, its first, stand for all of it."""
MAGIC = 0
"""The place of the family of words for the impossible among the families of a language."""


def banned_by(directives: Iterable[Directive]) -> tuple[str, ...]:
    """Return the terms that are not to occur, in the order they were named; what was asked for later may occur."""
    terms: dict[str, None] = {}
    for directive in directives:
        match directive:
            case Exclude(term=term) if bare(term):
                terms[bare(term)] = None
            case Include(term=term):
                terms = {kept: None for kept in terms if kept.casefold() not in term.casefold()}
            case _:
                pass
    return tuple(terms)


def bare(term: str) -> str:
    """Return a term without its article."""
    return _ARTICLE.sub("", term.strip())


def family_of(term: str, material: WorldMaterial) -> tuple[str, ...]:
    """Return the term and the words that belong to what it means."""
    own = dict.fromkeys((term, *_numbers(term)))
    for family in material.bans:
        if _means(term, family):
            own |= dict.fromkeys(family)
    return tuple(own)


def bans_magic(terms: Iterable[str], material: WorldMaterial) -> bool:
    """Tell whether one of the terms means the impossible as a whole."""
    return any(_means(term, material.bans[MAGIC]) for term in terms)


def unwanted_words(terms: Iterable[str], material: WorldMaterial) -> regex.Pattern[str] | None:
    """Return what finds the terms and all that belongs to them; None if nothing is unwanted."""
    words = dict.fromkeys(word for term in terms for word in family_of(term, material) if word)
    if not words:
        return None
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return regex.compile("|".join(map(_whole, longest_first)), regex.I)


def _means(term: str, family: Sequence[str]) -> bool:
    """Tell whether a term means all of a family: it is, or ends on, one of the words that the family goes by.

    "No wizards" is not "no magic", and a war memorial is not the war.
    """
    wanted, heads = term.casefold(), family[:HEADS]
    if term.isascii():
        return wanted.rpartition(" ")[2] in heads
    return any(wanted == head or (len(head) > 1 and wanted.startswith(head)) for head in heads)


def _whole(word: str) -> str:
    return _EDGE.format(regex.escape(word)) if word.isascii() else regex.escape(word)


def _numbers(term: str) -> Iterator[str]:
    """Return an English term in its other number."""
    if not term.isascii() or len(term) <= 3 or not term.isalpha():
        return
    yield term.removesuffix("s") if term.endswith("s") else f"{term}s"
