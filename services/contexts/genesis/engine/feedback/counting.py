"""How many there are of something in a settings document, by the words people use for it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import regex

from services.contexts.genesis.engine.directives import ChangeCount, ChangeNumber, Include
from services.contexts.genesis.engine.documents import objects_of

_SHARE: Final = 5
"""Where nobody says how many more or fewer, one in so many is meant, and at least one."""


def counts_of(document: Mapping[str, Any], what: str) -> set[int]:
    """Return how many there are of what is meant, list by list; of an unknown thing the length of every list."""
    return next((counted for pattern, counted in _COUNTS if pattern.search(what)), _lengths)(document)


def number_of(document: Mapping[str, Any], what: str) -> int:
    """Return how many there are of what is meant where most of them are, 0 if there are none."""
    return max(counts_of(document, what), default=0)


def in_numbers(change: ChangeNumber, document: Mapping[str, Any]) -> ChangeCount | Include:
    """Return how many there are to be, by how many there are in this document.

    Where none are counted, more of them can only be told of.
    """
    now = number_of(document, change.what)
    if not now and change.direction == "more":
        return Include(change.what)
    by = max(1, now // _SHARE) if change.by is None else change.by
    return ChangeCount(change.what, now + by if change.direction == "more" else max(0, now - by))


_Count = Callable[[Mapping[str, Any]], set[int]]


def _sizes(*keys: str) -> _Count:
    """Return a way to tell how long the lists under some keys are."""

    def sizes(document: Mapping[str, Any]) -> set[int]:
        lists = [one.get(key) for _, one in objects_of(document) for key in keys]
        return {len(found) for found in lists if isinstance(found, list | tuple)}

    return sizes


def _with(key: str, value: str) -> _Count:
    """Return a way to tell how many objects have a value."""
    return lambda document: {sum(one.get(key) == value for _, one in objects_of(document))}


def _either(*ways: _Count) -> _Count:
    """Return a way to tell what any of some ways tells: the same thing stands in other places of other documents."""
    return lambda document: {size for way in ways for size in way(document)}


def _chapters(document: Mapping[str, Any]) -> set[int]:
    """Return the last chapter of each list of acts, and how many points the curve of tension has."""
    ends = {
        max(
            (end for act in acts if isinstance(act, Mapping) and isinstance(end := act.get("end_chapter"), int)),
            default=0,
        )
        for _, one in objects_of(document)
        if isinstance(acts := one.get("acts"), list | tuple)
    }
    return ends | _sizes("tension_curve")(document)


def _lengths(document: Mapping[str, Any]) -> set[int]:
    lists = (value for _, one in objects_of(document) for value in one.values())
    return {len(value) for value in lists if isinstance(value, list | tuple)}


_COUNTS: Final = tuple(
    (regex.compile(pattern, regex.I), counted)
    for pattern, counted in (
        (r"subplot|支线|副线", _sizes("subplots")),
        (r"chapter|章", _chapters),
        (r"villain|antagonist|反派", _with("role_type", "antagonist")),
        (r"hero|protagonist|^[男女]?主角", _with("role_type", "protagonist")),
        (r"supporting|side character|配角", _with("role_type", "supporting")),
        (r"character|people|person|figure|角色|人物|^人$", _sizes("characters", "nodes", "person")),
        (r"scene|node|plot point|场景|节点|^场$", _sizes("nodes")),
        (r"\bact|幕", _sizes("acts")),
        (
            r"candidate|option|concept|plan|proposal|候选|概念|方案|计划|选项",
            _sizes("candidates", "concept_candidates"),
        ),
        (r"sub-?theme|子主题", _sizes("sub_themes")),
        (r"theme|主题", _sizes("candidates", "theme_candidates", "themes")),
        (r"level|rank|tier|等级|境界|层级|级别|阶段|^[级层]$", _sizes("levels")),
        (r"place|location|cit(?:y|ies)|地点|地方|城市", _either(_with("entry_type", "LOCATION"), _sizes("place"))),
        (r"organi[sz]ation|faction|组织|势力", _either(_with("entry_type", "ORGANIZATION"), _sizes("organization"))),
        (r"item|物品", _either(_with("entry_type", "ITEM"), _sizes("item"))),
        (r"skill|技能", _sizes("skill")),
        (r"motif|意象|母题", _sizes("motifs")),
        (r"taboo|禁忌", _sizes("taboos")),
        (r"question|问题", _sizes("philosophical_questions")),
        (r"entr(?:y|ies)|条目", _sizes("entries")),
        (r"term|术语", _sizes("glossary")),
    )
)
