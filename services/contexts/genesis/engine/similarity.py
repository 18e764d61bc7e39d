"""How alike two texts are: 0 nothing in common, 1 the same words.

Measured on words that carry meaning (in Chinese on characters and their neighbours), once in order and once as a bag,
and the larger counts: moving sentences about does not make a text new.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise

import regex
from rapidfuzz.distance import Indel

from services.contexts.genesis.engine.concepts import ConceptDraft
from services.contexts.genesis.engine.text import listed, words

ALIKE_MAX = 0.7
"""Two candidates at or above this are the same one told twice."""

_HAN_CHARACTER = regex.compile(r"\p{Script=Han}")
_EMPTY_HAN = frozenset("的了着是在有和与而就也都还又却但被把将对从到于之以其这那个一不人上下中里")
_EMPTY_WORDS = listed("""
    a an the and or but nor so yet of in on at to for from by with without into onto over under about between is are
    was were be been being has have had do does did will would can could may might must shall should it its this
    that these those they them their there here who whom whose which what when where why how he she his her him you
    your we our i my me as if than then not no only just one every each all any some
""")


# Without slots, so that the bag is put together once, and only of a text that is compared.
@dataclass(frozen=True)
class _Fingerprint:
    """What a text is compared by: its tokens in order, and as a bag (Chinese characters in pairs)."""

    tokens: tuple[str, ...]

    @cached_property
    def bag(self) -> Counter[str]:
        """Words as they are and Chinese characters in pairs: a single one is too common to mean anything."""
        han = {token for token in set(self.tokens) if _HAN_CHARACTER.match(token)}
        spaced = (token for token in self.tokens if token not in han)
        return Counter(spaced) + Counter(one + two for one, two in pairwise(self.tokens) if one in han)


def similarity(one: str, other: str) -> float:
    """Return how alike two texts are, 0-1."""
    return _likeness(_fingerprint(one), _fingerprint(other))


def nearest(draft: ConceptDraft, others: Iterable[ConceptDraft], *, given: Sequence[str] = ()) -> float:
    """Return the likeness of a draft to the most alike of the others, 0 if there are none.

    `given` are words that were asked for and so stand in all of them; they are left out of the comparison.
    """
    own = text_of(draft, given)
    return max((similarity(own, text_of(other, given)) for other in others), default=0.0)


def text_of(draft: ConceptDraft, without: Sequence[str] = ()) -> str:
    """Return all the story of a draft as one text; labels (audience, length) are left out, as they tell nothing."""
    parts = (draft.title, draft.premise, draft.hook, draft.usp, *draft.unique_elements, *draft.potential_conflicts)
    text = "\n".join(parts)
    for words_given in without:
        text = text.replace(words_given, " ")
    return text


def content_tokens(text: str) -> tuple[str, ...]:
    """Return the tokens that carry meaning, in order: words, or single characters where Chinese is written."""
    return _fingerprint(text).tokens


def content_bag(text: str) -> Counter[str]:
    """Return how often each word that carries meaning stands in a text, in Chinese each pair of characters."""
    return _fingerprint(text).bag


# A pure function of its text; each candidate is compared with all others, and reading it takes longer than comparing.
@lru_cache(maxsize=512)
def _fingerprint(text: str) -> _Fingerprint:
    tokens: list[str] = []
    for word in words(text):
        if not word.isascii() and _HAN_CHARACTER.search(word):
            tokens.extend(letter for letter in word if letter not in _EMPTY_HAN)
        elif word not in _EMPTY_WORDS:
            tokens.append(word)
    return _Fingerprint(tuple(tokens))


def _likeness(one: _Fingerprint, other: _Fingerprint) -> float:
    if not one.tokens or not other.tokens:
        return 0.0
    alike_as_bags = _dice(one.bag, other.bag)
    return max(alike_as_bags, Indel.normalized_similarity(one.tokens, other.tokens, score_cutoff=alike_as_bags))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    total = one.total() + other.total()
    # Only the shared tokens are counted one by one: two different concepts share few of their words.
    return 2 * sum(min(one[token], other[token]) for token in one.keys() & other.keys()) / total if total else 0.0
