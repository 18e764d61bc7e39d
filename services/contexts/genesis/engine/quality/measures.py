"""Small measures of a work, each 0-1, and the checks they make up."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from services.contexts.genesis.engine.similarity import content_tokens, similarity
from services.contexts.genesis.engine.text import Language, length_of

_ALIKE = 0.6


class Check(NamedTuple):
    """One thing that is looked at: its weight among the others, and how far it is as it should be."""

    name: str
    weight: float
    value: float


def score_of(checks: Sequence[Check]) -> float:
    """Return the weighted mean of checks as a score of 0-10."""
    weight = sum(check.weight for check in checks)
    return round(10 * sum(check.weight * check.value for check in checks) / weight, 2) if weight else 0.0


def mean(values: Iterable[float]) -> float:
    """Return the mean, 0 of nothing."""
    found = list(values)
    return sum(found) / len(found) if found else 0.0


def share(count: float, enough: float) -> float:
    """Return how near a count comes to enough."""
    return min(1.0, count / enough) if enough > 0 else 1.0


def within(count: float, low: float, high: float) -> float:
    """Return 1 within the bounds, falling to 0 at nothing below and at twice the upper bound above."""
    if count < low:
        return count / low
    return max(0.0, 1 - (count - high) / high) if count > high else 1.0


def length_within(text: str, low: int, high: int, language: Language) -> float:
    """Return how near a text comes to a length in Chinese characters, or in half as many English words."""
    halved = 1 if language == "zh" else 2
    return within(length_of(text, language), low / halved, high / halved)


def told_share(texts: Iterable[str]) -> float:
    """Return how many of the texts say something."""
    return mean(float(bool(content_tokens(text))) for text in texts)


def distinct_share(texts: Sequence[str]) -> float:
    """Return how many of the texts say something that none before them said."""
    kept: list[str] = []
    for text in texts:
        if content_tokens(text) and all(similarity(text, other) < _ALIKE for other in kept):
            kept.append(text)
    return len(kept) / len(texts) if texts else 0.0


def quoted_share(names: Iterable[str], text: str, enough: int) -> float:
    """Return how many of the confirmed names stand in a text, of as many as are enough."""
    known = {name for name in names if len(name) > 1}
    return share(sum(name in text for name in known), min(enough, len(known)))
