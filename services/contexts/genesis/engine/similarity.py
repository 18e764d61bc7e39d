"""How alike two texts are: 0 nothing in common, 1 the same words.

Measured on words that carry meaning (in Chinese on characters and their neighbours), once in order and once as a bag,
and the larger counts: moving sentences about does not make a text new.
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import regex
from rapidfuzz.distance import Indel

from services.contexts.genesis.engine.concepts import ConceptDraft
from services.contexts.genesis.engine.text import words

ALIKE_MAX = 0.7
"""Two candidates at or above this are the same one told twice."""

_HAN_CHARACTER = regex.compile(r"\p{Script=Han}")
_EMPTY_HAN = frozenset("的了着是在有和与而就也都还又却但被把将对从到于之以其这那个一不人上下中里")
_EMPTY_WORDS = frozenset(
    """a an the and or but nor so yet of in on at to for from by with without into onto over under about between
    is are was were be been being has have had do does did will would can could may might must shall should
    it its this that these those they them their there here who whom whose which what when where why how
    he she his her him you your we our i my me as if than then not no only just one every each all any some""".split()
)


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, 0-1."""
    return _likeness(content_tokens(one), content_tokens(other))


def nearest(draft: ConceptDraft, others: Iterable[ConceptDraft]) -> float:
    """Return the likeness of a draft to the most alike of the others, 0 if there are none."""
    own = content_tokens(text_of(draft))
    return max((_likeness(own, content_tokens(text_of(other))) for other in others), default=0.0)


def text_of(draft: ConceptDraft) -> str:
    """Return all the story of a draft as one text; labels (audience, length) are left out, as they tell nothing."""
    return "\n".join((draft.title, draft.premise, draft.hook, draft.usp, *draft.unique_elements, *draft.potential_conflicts))


def content_tokens(text: str) -> list[str]:
    """Return the tokens that carry meaning, in order: words, or single characters where Chinese is written."""
    tokens: list[str] = []
    for word in words(text):
        if _HAN_CHARACTER.search(word):
            tokens.extend(letter for letter in word if letter not in _EMPTY_HAN)
        elif word not in _EMPTY_WORDS:
            tokens.append(word)
    return tokens


def _likeness(one: Sequence[str], other: Sequence[str]) -> float:
    if not one or not other:
        return 0.0
    return max(Indel.normalized_similarity(one, other), _dice(_bag(one), _bag(other)))


def _bag(tokens: Sequence[str]) -> Counter[str]:
    """Return words as they are and Chinese characters in pairs: a single character is too common to mean anything."""
    if not any(_HAN_CHARACTER.match(token) for token in tokens):
        return Counter(tokens)
    return Counter(first + second for first, second in zip(tokens, tokens[1:], strict=False))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
