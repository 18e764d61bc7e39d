"""What must hold of the words: the theme is the concept's, terms are explained, links and names lead somewhere."""

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Any

import regex

from services.contexts.genesis.engine.documents import object_in, objects_in, text_in, told_in, words_in
from services.contexts.genesis.engine.quality.issues import Case, Finding, finding
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import detect_language

THEME_FIT_MIN = 70
_SHARED_ENOUGH = 6
"""As many words (in Chinese pairs of characters) of the concept make a theme its own."""

_CAPITALS = regex.compile(r"\bthe\s+(\p{Lu}[\p{L}'’-]+(?:\s+(?:of\s+(?:the\s+)?)?\p{Lu}[\p{L}'’-]+)+)")
_BRACKETS = "「『【"
_BRACKETED = regex.compile(rf"[{_BRACKETS}](\p{{Han}}{{2,8}})[」』】]")
_NAMING_KEYS = frozenset({"name", "title", "term", "place"})


def theme_beside_the_concept(case: Case) -> Iterator[Finding]:
    """Find a theme that has little to do with its concept."""
    theme = object_in(case.document, "theme")
    if not text_in(theme, "core_theme") or not text_in(case.concept, "premise"):
        return
    fit = theme_fit(theme, case.concept)
    if fit is not None and fit < THEME_FIT_MIN:
        yield finding(2, "theme_fit", text_in(theme, "core_theme"), percent=fit)


def theme_fit(theme: Object, concept: Object) -> int | None:
    """Return how much of a concept its theme takes up, in per cent; None if they cannot be compared."""
    one, other = _joined(theme), _joined(concept)
    if detect_language(one) != detect_language(other):
        return None
    title = text_in(concept, "title")
    if title and title in one:
        return 100
    return min(100, 100 * len(_weighty(one) & _weighty(other)) // _SHARED_ENOUGH)


def terms_unknown(case: Case) -> Iterator[Finding]:
    """Find terms, set apart as such, that neither the glossary nor anything else explains."""
    if not objects_in(case.world, "glossary"):
        return
    terms = [term for term in _terms(case.told_text) if not case.is_confirmed(term)]
    if not terms:
        return
    known = "\n".join((case.confirmed_folded, *map(str.casefold, _names_given(case.document))))
    for term in terms:
        if term.casefold() not in known:
            yield finding(1, "unknown_term", term, term=term)


def details_tied_to_nothing(case: Case) -> Iterator[Finding]:
    """Find details whose links lead to nothing that is known."""
    if not case.confirmed:
        return
    details = _details(case)
    names = [text_in(one, "name") for one in details]
    links = ((name, link) for name, detail in zip(names, details, strict=True) for link in words_in(detail, "links"))
    doubtful = [(name, link) for name, link in links if not case.is_confirmed(link)]
    known = "\n".join((case.confirmed_text, *names)) if doubtful else ""
    for name, link in doubtful:
        if link not in known:
            yield finding(1, "link_unknown", link, name=name, link=link)


def details_named_twice(case: Case) -> Iterator[Finding]:
    """Find two details of one name."""
    for name, count in Counter(text_in(one, "name") for one in _details(case)).items():
        if name and count > 1:
            yield finding(2, "named_twice", name, name=name)


def style_at_odds(case: Case) -> Iterator[Finding]:
    """Find what the style guide both asks for and forbids."""
    guide = object_in(case.document, "style_guide")
    forbidden = frozenset(words_in(guide, "donts"))
    for term in words_in(guide, "dos"):
        if term in forbidden:
            yield finding(2, "style_contradicts", term, term=term)


def _details(case: Case) -> list[Object]:
    library = object_in(case.document, "details")
    return [detail for category in library for detail in objects_in(library, category)]


def _terms(text: str) -> Iterable[str]:
    """Return what is set apart as a term, each once, in the order of the text."""
    # One pattern each: the two in one could begin with anything, so that every place of the text would be tried.
    found = list(_CAPITALS.finditer(text))
    if any(bracket in text for bracket in _BRACKETS):
        found = sorted((*found, *_BRACKETED.finditer(text)), key=lambda match: match.start())
    return dict.fromkeys(match[1] for match in found)


def _weighty(text: str) -> set[str]:
    tokens = content_tokens(text)
    spaced = {token for token in tokens if token.isascii()}
    return spaced | {one + two for one, two in pairwise(tokens) if not one.isascii() and not two.isascii()}


def _names_given(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (item for key, item in value.items() if key in _NAMING_KEYS and isinstance(item, str))
        value = list(value.values())
    if isinstance(value, list | tuple):
        for item in value:
            yield from _names_given(item)


def _joined(document: Any) -> str:
    return "\n".join(told_in(document))
