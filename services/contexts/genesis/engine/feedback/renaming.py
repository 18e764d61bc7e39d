"""Putting one name in the place of another, as whole words and in the spelling of the place."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import regex

from services.contexts.genesis.engine.documents import name_of
from services.contexts.genesis.engine.feedback.kinds import people_in

_ARTICLE: Final = regex.compile(r"^the\s", regex.I)
_SPACED: Final = regex.compile(r"\p{Latin}")
# 林晚 stands in 林晚晴 as well; a single character is a name only where no other stands beside it.
_HAN: Final = r"\p{Han}"


def renaming(document: Mapping[str, Any], old: str, new: str) -> dict[str, str]:
    """Return what is to be put for what: the name, and of a person's also its parts, by which people are called."""
    people = [name_of(one) for one in people_in(document)]
    others = [name for name in people if name != old]
    names = {old: new} | {other: other for other in others if old in people and old in other and not _is_spaced(old)}
    if old in people or old in _cast_of_scenes(document):
        names |= _parts(old, new, others)
    return {before: after for before, after in names.items() if before}


def with_names(text: str, names: Mapping[str, str]) -> str:
    """Return a text with all names changed at once, the longest first."""
    return _pattern(names).sub(lambda found: _put(found, names), text)


def stands_in(name: str, text: str) -> bool:
    """Tell whether a name stands in a text as a whole word."""
    return bool(name) and bool(regex.search(_edged(name), text, regex.I if name.islower() else 0))


def _parts(old: str, new: str, others: Iterable[str]) -> dict[str, str]:
    """Return first and last name each for the other's, unless somebody else has it too."""
    before, after = regex.split(r"[\s·]+", old), regex.split(r"[\s·]+", new)
    if len(before) == 1 or _ARTICLE.match(old):
        return {}
    pairs = {before[0]: after[0]} | ({before[-1]: after[-1]} if len(after) > 1 else {})
    shared = {part for other in others for part in regex.split(r"[\s·]+", other)}
    return {part: put for part, put in pairs.items() if part not in shared and part != put}


def _cast_of_scenes(document: Mapping[str, Any]) -> set[str]:
    names: set[str] = set()
    outline = document.get("outline", document)
    nodes = outline.get("nodes") if isinstance(outline, Mapping) else None
    for node in nodes if isinstance(nodes, list | tuple) else ():
        cast = node.get("characters") if isinstance(node, Mapping) else None
        names |= {name for name in cast if isinstance(name, str)} if isinstance(cast, list | tuple) else set()
    return names


def _pattern(names: Mapping[str, str]) -> regex.Pattern[str]:
    # A new name that holds the old one must not be taken for it when it stands there already.
    kept = [after for before, after in names.items() if before != after and before in after]
    ordered = sorted({*names, *kept}, key=len, reverse=True)
    return regex.compile(rf"(?P<article>\b[Aa]n?\s)?(?P<name>{'|'.join(map(_edged, ordered))})", regex.I)


def _edged(name: str) -> str:
    if _is_spaced(name):
        words = r"\s+".join(map(regex.escape, name.split()))
        return rf"(?<![\p{{Latin}}\p{{N}}]){words}(?![\p{{Latin}}\p{{N}}])"
    return rf"(?<!{_HAN}){regex.escape(name)}(?!{_HAN})" if len(name) == 1 else regex.escape(name)


def _is_spaced(name: str) -> bool:
    return bool(_SPACED.search(name)) or not regex.search(_HAN, name)


def _put(found: regex.Match[str], names: Mapping[str, str]) -> str:
    article, name = found["article"] or "", found["name"]
    new = _in_spelling_of(" ".join(name.split()), names)
    return _article_for(article, new) + new if new != name else found.group()


def _in_spelling_of(name: str, names: Mapping[str, str]) -> str:
    """Return what stands for a name as it is spelled here: a rose is not Rose, but ROSE is."""
    if name in names:
        return names[name]
    old = next((one for one in names if one.casefold() == name.casefold()), None)
    if old is None:
        return name
    if name.isupper():
        return names[old].upper()
    if old == old.lower():
        return names[old][:1].upper() + names[old][1:] if name[:1].isupper() else names[old]
    return names[old] if _ARTICLE.match(old) and name[1:] == old[1:] else name


def _article_for(article: str, name: str) -> str:
    if not article:
        return ""
    vowel = name[:1].casefold() in tuple("aeiou")
    return article[0] + ("n" if vowel else "") + article[-1]
