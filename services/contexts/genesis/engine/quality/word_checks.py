"""What must hold of the words: the theme is the concept's, terms are explained, links and names lead somewhere."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import regex

from services.contexts.genesis.engine.concepts import ConsistencyIssue
from services.contexts.genesis.engine.documents import object_in, objects_in, text_in, told_in, words_in
from services.contexts.genesis.engine.quality.issues import Case
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.stage_requests import Object
from services.contexts.genesis.engine.text import detect_language

THEME_FIT_MIN = 70
_SHARED_ENOUGH = 6
"""As many words (in Chinese pairs of characters) of the concept make a theme its own."""

_TERM = regex.compile(
    r"\bthe\s+(\p{Lu}[\p{L}'’-]+(?:\s+(?:of\s+(?:the\s+)?)?\p{Lu}[\p{L}'’-]+)+)|[「『【](\p{Han}{2,8})[」』】]"
)
_NAMING_KEYS = frozenset({"name", "title", "term", "place"})


def theme_beside_the_concept(case: Case) -> Iterator[ConsistencyIssue]:
    """Find a theme that has little to do with its concept."""
    theme = object_in(case.document, "theme")
    if not text_in(theme, "core_theme") or not text_in(case.concept, "premise"):
        return
    fit = theme_fit(theme, case.concept)
    if fit is not None and fit < THEME_FIT_MIN:
        yield case.issue(2, "theme_fit", text_in(theme, "core_theme"), percent=fit)


def theme_fit(theme: Object, concept: Object) -> int | None:
    """Return how much of a concept its theme takes up, in per cent; None if they cannot be compared."""
    one, other = _joined(theme), _joined(concept)
    if detect_language(one) != detect_language(other):
        return None
    title = text_in(concept, "title")
    if title and title in one:
        return 100
    return min(100, 100 * len(_weighty(one) & _weighty(other)) // _SHARED_ENOUGH)


def terms_unknown(case: Case) -> Iterator[ConsistencyIssue]:
    """Find terms, set apart as such, that neither the glossary nor anything else explains."""
    if not objects_in(case.world, "glossary"):
        return
    known = "\n".join((case.confirmed_text, *_names_given(case.document))).casefold()
    found = (match[1] or match[2] for text in case.told for match in _TERM.finditer(text))
    for term in dict.fromkeys(found):
        if term.casefold() not in known:
            yield case.issue(1, "unknown_term", term, term=term)


def details_tied_to_nothing(case: Case) -> Iterator[ConsistencyIssue]:
    """Find details whose links lead to nothing that is known."""
    details = _details(case)
    known = "\n".join((case.confirmed_text, *(text_in(one, "name") for one in details)))
    for detail in details:
        for link in words_in(detail, "links") if case.confirmed else ():
            if link not in known:
                yield case.issue(1, "link_unknown", link, name=text_in(detail, "name"), link=link)


def details_named_twice(case: Case) -> Iterator[ConsistencyIssue]:
    """Find two details of one name."""
    names = [text_in(one, "name") for one in _details(case)]
    for name in dict.fromkeys(name for name in names if name and names.count(name) > 1):
        yield case.issue(2, "named_twice", name, name=name)


def style_at_odds(case: Case) -> Iterator[ConsistencyIssue]:
    """Find what the style guide both asks for and forbids."""
    guide = object_in(case.document, "style_guide")
    for term in words_in(guide, "dos"):
        if term in words_in(guide, "donts"):
            yield case.issue(2, "style_contradicts", term, term=term)


def _details(case: Case) -> list[Object]:
    library = object_in(case.document, "details")
    return [detail for category in library for detail in objects_in(library, category)]


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
