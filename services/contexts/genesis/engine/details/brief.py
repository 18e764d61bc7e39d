"""The request for details as understood: what, how many, and which wishes change them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

import regex

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.details.material import DetailMaterial
from services.contexts.genesis.engine.details.words_en import MATERIAL_EN
from services.contexts.genesis.engine.details.words_zh import MATERIAL_ZH
from services.contexts.genesis.engine.directives import (
    ChangeCount,
    ChangeTone,
    Directive,
    Exclude,
    Include,
    Rename,
    Tone,
)
from services.contexts.genesis.engine.foundations import Category
from services.contexts.genesis.engine.settled import Settled, lines_at, settle
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.wishes import Wish, wish_of, wishes_of

CATEGORIES: tuple[Category, ...] = get_args(Category)
COUNT_LIMITS: dict[Category, tuple[int, int]] = {
    "place": (10, 50),
    "person": (10, 50),
    "item": (10, 30),
    "skill": (10, 30),
    "organization": (5, 20),
}
_MATERIAL: dict[Language, DetailMaterial] = {"en": MATERIAL_EN, "zh": MATERIAL_ZH}


@dataclass(frozen=True, slots=True)
class DetailBrief:
    """`counts` says how many there are to be of each category asked for, `recounted` of which somebody said so in
    words; the other wishes are sorted by what they do.
    """

    request: StageRequest
    language: Language
    settled: Settled
    material: DetailMaterial
    choices: Choices
    counts: dict[Category, int]
    recounted: frozenset[Category]
    wish: str
    renames: tuple[Rename, ...]
    excluded: tuple[str, ...]
    included: tuple[str, ...]
    tones: tuple[Tone, ...]
    remarks: tuple[str, ...]


def brief_of(request: StageRequest) -> DetailBrief:
    """Read a request; in a revision only what was said last is still to be done."""
    material = _MATERIAL[request.language]
    said = _last(request) if request.is_revision else wishes_of(request)
    wishes = [(wish.text, directive) for wish in said for directive in wish.directives]
    wanted = [directive for _, directive in wishes]
    categories, recounted = _categories(request, material), _recounted(wanted, material)
    return DetailBrief(
        request=request,
        language=request.language,
        settled=settle(request),
        material=material,
        choices=Choices(request.seed),
        counts=_counts(request, categories) | recounted,
        recounted=frozenset(recounted),
        wish=said[-1].text if said else "",
        renames=tuple(wish for wish in wanted if isinstance(wish, Rename)),
        excluded=tuple(wish.term for wish in wanted if isinstance(wish, Exclude)),
        included=tuple(wish.term for wish in wanted if isinstance(wish, Include)),
        tones=tuple(wish.tone for wish in wanted if isinstance(wish, ChangeTone)),
        remarks=tuple(dict.fromkeys(words for words, wish in wishes if _is_remark(wish, material))),
    )


def _last(request: StageRequest) -> tuple[Wish, ...]:
    return tuple(wish_of(words, request.language) for words in request.feedback[-1:])


def category_of(words: str, material: DetailMaterial) -> Category | None:
    """Return the category that words speak of, None if of none."""
    said = words.strip()
    exact = [name for name in CATEGORIES if said.casefold() == name or said == material.labels[name]]
    found = [name for pattern, name in material.category_words if regex.search(pattern, words, regex.I)]
    return next(iter((*exact, *found)), None)


def _categories(request: StageRequest, material: DetailMaterial) -> tuple[Category, ...]:
    wanted = [category_of(words, material) for words in lines_at(request.options, "categories")]
    return tuple(dict.fromkeys(one for one in wanted if one)) or CATEGORIES


def _counts(request: StageRequest, categories: Sequence[Category]) -> dict[Category, int]:
    asked = request.options.get("counts")
    given = asked if isinstance(asked, dict) else {}
    return {name: _bounded(name, given.get(name)) for name in categories}


def _recounted(wishes: Sequence[Directive], material: DetailMaterial) -> dict[Category, int]:
    found = ((category_of(wish.what, material), wish.count) for wish in wishes if isinstance(wish, ChangeCount))
    return {name: _bounded(name, count) for name, count in found if name}


def _bounded(category: Category, count: object) -> int:
    low, high = COUNT_LIMITS[category]
    if not isinstance(count, int) or isinstance(count, bool):
        return low
    return min(high, max(low, count))


def _is_remark(wish: Directive, material: DetailMaterial) -> bool:
    """Tell whether nothing else obeys a wish, so that the style guide has to remember it."""
    if isinstance(wish, ChangeCount):
        return category_of(wish.what, material) is None
    return not isinstance(wish, Rename | Exclude | Include | ChangeTone)
