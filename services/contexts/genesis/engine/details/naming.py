"""Names by a grammar, each unlike all that are taken."""

from collections.abc import Iterator, Sequence

import regex
from rapidfuzz.distance import Indel

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.details.material import NameGrammar
from services.contexts.genesis.engine.foundations import Category
from services.contexts.genesis.engine.similarity import similarity

NAME_LIKENESS_MAX: dict[Category, float] = {
    "place": 0.8,
    "person": 1.0,
    "item": 0.7,
    "skill": 0.7,
    "organization": 0.6,
}
"""From here on two names of a category are too much alike; of persons only equal ones are."""

_SLOT = regex.compile(r"\{(\w+)\}")
_TRIES_MAX = 4_000
# So long no word of the grammar is used twice; after that the grammar's combinations are.
_FRESH_TRIES = 400


def names_for(
    category: Category, grammar: NameGrammar, choices: Choices, taken: Sequence[str], banned: Sequence[str]
) -> Iterator[str]:
    """Return names, as many as the grammar gives, without the banned words and unlike those taken and each other."""
    known, used = list(taken), set[str]()
    for turn in range(_TRIES_MAX):
        name, words = _name(grammar, choices.under(category, turn))
        worn = turn < _FRESH_TRIES and not used.isdisjoint(words)
        if worn or _is_banned(name, banned) or not is_unlike(category, name, known):
            continue
        known.append(name)
        used |= words
        yield name


def is_unlike(category: Category, name: str, others: Sequence[str]) -> bool:
    """Tell whether a name can be told from all others, by its words and by its letters."""
    folded = name.casefold()
    if category == "person":
        return folded not in {other.casefold() for other in others}
    limit = NAME_LIKENESS_MAX[category]
    return all(
        Indel.normalized_similarity(folded, other.casefold()) < limit and similarity(name, other) < limit
        for other in others
    )


def _name(grammar: NameGrammar, choices: Choices) -> tuple[str, set[str]]:
    pattern = choices.one("pattern", grammar.patterns)
    words = {slot: choices.one(slot, grammar.words[slot]) for slot in _SLOT.findall(pattern)}
    return pattern.format_map(words).replace("'", "\u2019"), set(words.values())


def _is_banned(name: str, banned: Sequence[str]) -> bool:
    return any(term.casefold() in name.casefold() for term in banned)
