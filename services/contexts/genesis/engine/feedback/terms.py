"""Finding a thing in a text: the word itself, and what belongs to it."""

from functools import lru_cache
from typing import Final

import regex

from services.contexts.genesis.engine.feedback.families import FAMILIES
from services.contexts.genesis.engine.text import Language

_NOTHING: Final = regex.compile(r"(?!)")
_MEASURED: Final = regex.compile(r"^(?:[一两几这那][个条只位名把座场些件段片艘朵株头匹张颗块]|一些)")
_ARTICLE: Final = regex.compile(r"^(?:an?|the|any|some|all|more)\s+", regex.I)
# "There is no magic" does what was asked by "no magic".
_DENIED_EN: Final = regex.compile(
    r"\b(?:no|not|never|without|nor|neither|isn['’]t|aren['’]t|instead of|rather than|free of|neither)\s+"
    r"(?:[\p{L}'’-]+\s+){0,2}?$",
    regex.I,
)
_DENIED_ZH: Final = regex.compile(
    r"(?:没有|没|无|不要|不写|不用|不靠|禁止|并非|不是|不存在|不许|不涉及|不再|绝无|毫无)[^，。；！？、]{0,3}$"
)
# Single characters stand inside words that mean something else (神 in 精神): there they are not meant.
_SHORT: Final = {
    "神": r"(?<![精眼留出入提心传失回凝定费劳养聚走伤])神(?![情色经态采秘奇气志似速往圣])",
    "死": r"(?<![拼累笑气])死(?![板角心活守])",
    "龙": r"(?<![水沙])龙(?![头井卷虾眼套])",
    "酒": r"酒(?![精店窝])",
    "鬼": r"(?<![捣搞小胆])鬼(?!脸)",
    "性": r"(?!)",
    "爱": r"(?<![可敬关喜])爱(?![好惜护])",
    "血": r"(?<![心])血(?![缘脉统])",
}
_CLAUSE_BEFORE: Final = 40


def bare_term(term: str) -> str:
    """Return what a term says without article or measure word, in small letters."""
    return _MEASURED.sub("", _ARTICLE.sub("", " ".join(term.casefold().split()))).strip("\"“”'‘’「」《》 ")


def holds(text: str, term: str, language: Language) -> bool:
    """Tell whether a text speaks of the thing; to say that there is none is not to speak of it."""
    denied = _DENIED_ZH if language == "zh" else _DENIED_EN
    return any(
        not denied.search(text[max(0, found.start() - _CLAUSE_BEFORE) : found.start()])
        for found in pattern_of(term).finditer(text)
    )


def mentions(text: str, term: str) -> bool:
    """Tell whether the thing, or what belongs to it, is mentioned at all: "no magic works here" is about magic."""
    return bool(pattern_of(term).search(text))


def names(text: str, term: str) -> bool:
    """Tell whether the words of a term stand in a text, whatever is said of them there."""
    return bool(_literal_pattern(bare_term(term)).search(text))


# Every sentence of a document is asked for the same few terms.
@lru_cache(maxsize=256)
def pattern_of(term: str) -> regex.Pattern[str]:
    """Return the pattern of a thing: its own words and those of every family that it names."""
    bare = bare_term(term)
    if not bare:
        return _NOTHING
    kin = [family for family in FAMILIES if _names_whole(family.names, bare)]
    words = [part for family in kin for part in (_edged(family.english), family.chinese)]
    return regex.compile("|".join([_literal(bare), *words]), regex.I)


def names_family(term: str) -> bool:
    """Tell whether a term names a thing with all that belongs to it: magic, 战争."""
    bare = bare_term(term)
    return any(_names_whole(family.names, bare) for family in FAMILIES)


def _names_whole(names_of_family: str, bare: str) -> bool:
    return bool(regex.fullmatch(names_of_family, bare, regex.I))


@lru_cache(maxsize=256)
def _literal_pattern(bare: str) -> regex.Pattern[str]:
    return regex.compile(_literal(bare), regex.I) if bare else _NOTHING


def _literal(bare: str) -> str:
    """Return the pattern of some words, in English in the plural as well and never inside another word."""
    if regex.search(r"\p{Han}", bare):
        return _SHORT.get(bare) or regex.escape(bare)
    singular = regex.sub(r"(?<=ss|x|ch|sh|zz)es$|(?<=[^s])s$", "", bare)
    stem = regex.escape(singular[:-1]) + "(?:y|ies)" if singular.endswith("y") else regex.escape(singular) + "(?:e?s)?"
    return _edged(stem.replace(r"\ ", r"\s+"))


def _edged(pattern: str) -> str:
    """Return the pattern where it begins and ends a word; between Chinese characters there is no such place."""
    return rf"(?<![\p{{Latin}}\p{{N}}])(?:{pattern})(?![\p{{Latin}}\p{{N}}])"
