"""What must hold in a world: its rules agree, its numbers too, and each name and term means one thing."""

from collections import Counter
from collections.abc import Iterator

import regex

from services.contexts.genesis.engine.documents import object_in, objects_in, text_in, whole_number
from services.contexts.genesis.engine.quality.issues import Case, Finding, finding

_NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_EN_NUMBER = rf"[0-9]{{1,3}}|{'|'.join(_NUMBER_WORDS)}"
_ZH_NUMBER = r"[0-9]{1,3}|[一二两三四五六七八九十]{1,3}"
_DENIED = regex.compile(
    r"\bthere\s+(?:is|are)\s+no\s+([\p{Latin}'’-]+)\s*(?=[.,;:!?]|$)|(?:^|[，。；：])(?:这里|世上|天下|此地|本地)?没有(\p{Han}{1,4})(?=[，。；]|$)",
    regex.I,
)
_COUNTED = regex.compile(
    rf"\bthere\s+are\s+(?:exactly\s+|only\s+)?({_EN_NUMBER})\s+([\p{{Latin}}'’-]+)\s*(?=[.,;:!?]|$)"
    rf"|(?:天上|世上|天下|全境|境内)(?:只|共|一共)?有({_ZH_NUMBER})[个座条颗轮国种]?(\p{{Han}}{{1,4}})(?=[，。；]|$)",
    regex.I,
)
_LEVELS = regex.compile(
    rf"\b({_EN_NUMBER})\s+(?:levels|ranks|grades)\b|(?:分为?|共有?|设)({_ZH_NUMBER})(?:个?(?:境界|等级|层级|级|阶|品|境))(?![之的]?[一上下])",
    regex.I,
)


def contradicting_rules(case: Case) -> Iterator[Finding]:
    """Find a rule that says there is none of something of which another says that there is."""
    rules = _rules(case)
    for index, rule in enumerate(rules):
        denied = [(found, found[1] or found[2]) for found in _DENIED.finditer(rule)]
        others = [*rules[:index], *rules[index + 1 :]] if denied else ()
        for other in others:
            for found, term in denied:
                if affirmed := _affirmation(term).search(other):
                    yield finding(3, "rules_contradict", f"{found.group()} / {affirmed.group()}", term=term)


def contradicting_counts(case: Case) -> Iterator[Finding]:
    """Find two rules that count the same things differently."""
    counted: dict[str, tuple[int, str]] = {}
    for rule in _rules(case):
        for found in _COUNTED.finditer(rule):
            number, thing = _number(found[1] or found[3]), (found[2] or found[4]).casefold()
            first, said = counted.setdefault(thing, (number, found.group()))
            if first != number:
                yield finding(3, "counts_contradict", f"{said} / {found.group()}", term=thing, first=first, last=number)


def wrong_count_of_levels(case: Case) -> Iterator[Finding]:
    """Find a power system that tells of another number of levels than it lists."""
    power = object_in(case.document, "power_system")
    found = len(objects_in(power, "levels"))
    told = _LEVELS.search(" ".join((text_in(power, "source"), text_in(power, "cost"))))
    if found and told and (number := _number(told[1] or told[2])) != found:
        yield finding(2, "level_count", told.group(), told=number, found=found)


def names_given_twice(case: Case) -> Iterator[Finding]:
    """Find entries and levels of power that share a name."""
    for things in (
        objects_in(case.document, "entries"),
        objects_in(object_in(case.document, "power_system"), "levels"),
    ):
        for name, count in Counter(text_in(thing, "name") for thing in things).items():
            if name and count > 1:
                yield finding(2, "named_twice", name, name=name)


def terms_explained_twice(case: Case) -> Iterator[Finding]:
    """Find a term of the glossary that has two meanings."""
    meanings: dict[str, str] = {}
    for entry in objects_in(case.document, "glossary"):
        term, meaning = text_in(entry, "term"), text_in(entry, "meaning")
        if term and meanings.setdefault(term, meaning) != meaning:
            yield finding(1, "term_twice", f"{meanings[term]} / {meaning}", term=term)


def _rules(case: Case) -> list[str]:
    rules = (text_in(dimension, "core_rule") for dimension in object_in(case.document, "dimensions").values())
    return [rule for rule in rules if rule]


def _affirmation(term: str) -> "regex.Pattern[str]":
    escaped = regex.escape(term)
    if term.isascii():
        return regex.compile(
            rf"\bthere\s+(?:is|are)\s+(?!no\b)(?:an?\s+|many\s+|some\s+|still\s+)*{escaped}\b", regex.I
        )
    return regex.compile(rf"(?<![没未无])有(?:许多|很多|一些|一[个种座条])?{escaped}(?=[，。；]|$)")


def _number(written: str) -> int:
    lowered = written.casefold()
    return _NUMBER_WORDS.index(lowered) + 1 if lowered in _NUMBER_WORDS else whole_number(written, 0, 999) or 0
