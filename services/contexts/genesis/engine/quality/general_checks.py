"""What must hold in every stage: what was ruled out stays away, nothing is ahead of its time, years run forwards."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

import regex

from services.contexts.genesis.engine.documents import object_in, objects_in, text_in, told_in, words_in
from services.contexts.genesis.engine.quality.issues import Case, Finding, Level, finding
from services.contexts.genesis.engine.scoring_words import MODERN_WORDS

_CLAUSE_BREAK = regex.compile(r"[.,;:!?\n。，、；：！？]+")
_SENTENCE = regex.compile(r"[^.!?\n。！？；;]+")
# A ban is short: "no magic", 不要魔法. What is longer ("no villain who is evil for fun") is about how it is told.
_BAN = regex.compile(
    r"\s*(?:(?:please\s+)?(?:absolutely\s+)?(?:no|without|ban|exclude)\s+(?:any\s+)?(?P<en>[\p{Latin}'’-]+(?:\s[\p{Latin}'’-]+)?)"
    r"|(?:请)?(?:绝对?)?(?:不要|不许|不能|没有|禁止|不得|拒绝|不含|无)(?:有|出现|任何|写)*(?P<zh>\p{Han}{2,5}))\s*",
    regex.I,
)
# "No more waiting", 不要出现在 … do not name a thing.
_NOT_A_THING = regex.compile(
    r"^(?:more|one|longer|matter|such|way|need|other|less|doubt|wonder|exceptions?|\w+ing\b)|(?:\b(?:is|are|may|can|of|to|the|in|for|without)$)|"
    r"[的了得地着过在就太很]|^(?:人|论|法|能|可|过|写|例外|办法|退路|道理)",
    regex.I,
)
# Where something is denied, forbidden, dreamt or told of others, its name is no breach.
_DENIED = regex.compile(
    r"\b(?:no|not|none|never|without|nor|neither|nothing|cannot|forbid\w*|forbade|ban\w*|outlaw\w*|deni\w+|deny"
    r"|free of|instead of|lost|fake|false|myths?|legends?|rumou?rs?|believ\w+|superstition|like|as if)\b|n['’]t\b"
    r"|[不没无非未勿莫禁拒假像似]|传说|谣|迷信|所谓|据说|以为|仿佛|绝迹|失传|消失|排除",
    regex.I,
)
_MAGIC = {"en": ("magic", "spells", "sorcery"), "zh": ("魔法", "法术", "巫术")}
# A rule that is nothing but a denial: "There is no magic in this world." 世上没有魔法。
_RULE_OF_ABSENCE = regex.compile(
    r"\s*(?:there\s+is\s+no\s+(?P<en>[\p{Latin}'’-]+)(?:\s+(?:here|anywhere|in\s+(?:this|the)\s+world))?"
    r"|(?:这个世界(?:上|里)?|这世上|世上|天下)(?:完全|从来)?没有(?P<zh>\p{Han}{2,4}))\s*",
    regex.I,
)
_NO_MAGIC = regex.compile(
    r"^\s*(?:(?:there is |has )?(?:no|without|zero)\s+(?:\w+\s+)?magic\b|non-?magical"
    r"|(?:完全)?(?:无|没有|不含)(?:任何)?(?:魔法|法术|超自然))",
    regex.I,
)
_NO_POWER = regex.compile(r"^\s*(?:none|no|nothing|无|没有|不要|不需要)\s*[.。]?\s*$", regex.I)
_PREMODERN = regex.compile(
    r"\b(?:ancient|medieval|middle ages|antiquity|wuxia|xianxia|bronze age|iron age|stone age)\b"
    r"|古代|古典|中世纪|武侠|仙侠|修真|上古|先秦|唐朝|宋朝|明朝|春秋|战国",
    regex.I,
)
_YEARS = regex.compile(
    r"\bfrom\s+(?:the\s+year\s+)?([1-9][0-9]{2,3})\s+(?:to|until|till)\s+(?:the\s+year\s+)?([1-9][0-9]{2,3})\b"
    r"|(?<![0-9])([1-9][0-9]{2,3})年?\s*[至到—-]+\s*([1-9][0-9]{2,3})年",
    regex.I,
)
_A_YEAR = regex.compile(r"[1-9][0-9]{2}")
_BEFORE_ZERO = regex.compile(r"\bB\.?C|公元前|前", regex.I)


def excluded_things(case: Case) -> Iterator[Finding]:
    """Find what was ruled out and the document has nevertheless; against a theme's taboo it is a matter of taste."""
    levels: dict[str, Level] = dict.fromkeys(_bans(_taboos(case)), 2)
    levels |= dict.fromkeys(excluded_terms(case), 4)
    for term, level in levels.items():
        if (found := _affirmed(case, term)) is not None:
            yield finding(level, "excluded_returns", found, term=term)


def power_where_none_is(case: Case) -> Iterator[Finding]:
    """Find a power system in a world that is to have no magic."""
    power = object_in(case.document, "power_system")
    if not power or not (words_in(power, "source", "cost") or objects_in(power, "levels")):
        return
    wanted, magic = case.setting("power_system"), case.setting("tech_magic_level")
    if (isinstance(wanted, str) and _NO_POWER.match(wanted)) or (isinstance(magic, str) and _NO_MAGIC.match(magic)):
        yield finding(4, "power_excluded", text_in(power, "source", "cost"))


def things_out_of_time(case: Case) -> Iterator[Finding]:
    """Find modern things in an old age, unless the concept brought them there."""
    age = " ".join(told_in([case.setting("time_period"), case.concept.get("genre")]))
    if not _PREMODERN.search(age):
        return
    brought = "\n".join(told_in(case.concept))
    modern = (word for word in MODERN_WORDS if holds(case.told_text, word) and not holds(brought, word))
    if case.stage != "INITIAL_PROMPT" and (word := next(modern, None)):
        yield finding(2, "out_of_time", word, term=word)


def years_that_run_backwards(case: Case) -> Iterator[Finding]:
    """Find spans of years that end before they begin; before the year zero they do, rightly."""
    # Most stories tell of no year at all, and spans of them take long to look for.
    if not _A_YEAR.search(case.told_text):
        return
    for text in filter(_A_YEAR.search, case.told):
        for found in _YEARS.finditer(text):
            first, last = (int(year) for year in found.groups() if year)
            around = text[max(0, found.start() - 8) : found.end() + 8]
            if first > last and not _BEFORE_ZERO.search(around):
                yield finding(2, "years_reversed", around.strip(), first=first, last=last)


def excluded_terms(case: Case) -> tuple[str, ...]:
    """Return what the settings and the confirmed rules rule out, as bare words."""
    terms = _bans(told_in(case.setting("special_requirements")))
    rules = object_in(object_in(case.confirmed.get("WORLDVIEW"), "dimensions"), "rules")
    absent = (_RULE_OF_ABSENCE.fullmatch(sentence) for sentence in _SENTENCE.findall(text_in(rules, "core_rule")))
    terms += [rule["en"] or rule["zh"] for rule in absent if rule]
    magic = case.setting("tech_magic_level")
    if isinstance(magic, str) and _NO_MAGIC.match(magic):
        terms += _MAGIC[case.language]
    return tuple(dict.fromkeys(term for term in terms if not _NOT_A_THING.search(term)))


def _taboos(case: Case) -> tuple[str, ...]:
    return words_in(object_in(case.confirmed.get("INITIAL_PROMPT"), "theme"), "taboos")


def _bans(wishes: Iterable[str]) -> list[str]:
    found = (_BAN.fullmatch(clause) for wish in wishes for clause in _CLAUSE_BREAK.split(wish))
    terms = ((ban["en"] or ban["zh"]).strip() for ban in found if ban)
    return [term for term in terms if not _NOT_A_THING.search(term)]


def holds(text: str, term: str) -> bool:
    """Tell whether a text holds a term: as words of its own in Latin script, anywhere in Chinese."""
    return bool(_pattern(term).search(text))


@lru_cache(maxsize=512)
def _pattern(term: str) -> "regex.Pattern[str]":
    escaped = regex.escape(term)
    return regex.compile(
        escaped if not term.isascii() else rf"(?<![\p{{L}}\p{{N}}]){escaped}(?![\p{{L}}\p{{N}}])", regex.I
    )


def _affirmed(case: Case, term: str) -> str | None:
    """Return the first sentence that has the term and denies nothing, in a document that does not argue about it."""
    if not holds(case.told_text, term):
        return None
    for text in case.told:
        if not holds(text, term):
            continue
        for sentence in _SENTENCE.findall(text):
            if holds(sentence, term) and not _DENIED.search(_pattern(term).sub("", sentence)):
                return str(sentence).strip()
    return None
