"""How well a scene fits: how much of what moves its people, and of the theme, its words really show.

Measured on the text itself, so that a scene edited by hand is measured like one of ours.
"""

from collections.abc import Iterable

from services.contexts.genesis.engine.similarity import content_tokens

# Showing one claim fully is most of it; a second one, heard behind it, makes it whole.
_FIRST, _SECOND = 0.75, 0.25


def fit(scene: str, claims: Iterable[str]) -> int:
    """Return in percent how far a scene shows the two of the claims that it shows best."""
    shown = frozenset(content_tokens(scene))
    shares = sorted((_share(claim, scene, shown) for claim in claims), reverse=True)
    best, second = [*shares, 0.0, 0.0][:2]
    return round(100 * (_FIRST * best + _SECOND * max(second, best / 2)))


def _share(claim: str, scene: str, shown: frozenset[str]) -> float:
    tokens = frozenset(content_tokens(claim))
    # A claim of small words only ("who are you") has no token to look for; it is there as a whole or not.
    return len(tokens & shown) / len(tokens) if tokens else float(claim in scene)
