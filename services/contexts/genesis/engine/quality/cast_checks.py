"""What must hold in a cast: ages, names and numbers agree, and relations lead from somebody to somebody."""

from collections import Counter
from collections.abc import Iterator
from math import isfinite

import regex

from services.contexts.genesis.engine.documents import AGE_MAX, object_in, objects_in, text_in, whole_number
from services.contexts.genesis.engine.quality.issues import Case, Finding, finding, number_of
from services.contexts.genesis.engine.stage_requests import Object

_STRENGTH_MAX = 10
_AN_AGE = regex.compile(r"[0-9岁]")
_SENTENCE = regex.compile(r"[^.!?\n。！？]+")
_ZH_AGE = r"[0-9]{1,4}|[零一二三四五六七八九十百]{1,5}"
_NOW = regex.compile(
    rf"^\s*(?:(?:\w+\s+){{0,3}}(?:is|aged)\s+(?:now\s+)?|now\s+)([0-9]{{1,4}})(?:\s+years\s+old|(?=\s*(?:[.,;]|$)))"
    rf"|(?:今年|现年|年方|如今)(?:刚满|刚|已)?({_ZH_AGE})岁",
    regex.I,
)
"""Somebody's age as it is now; how old they look, or were, is another matter."""
_WHEN = regex.compile(
    rf"\b(?:at|aged)\s+([0-9]{{1,3}}),?\s+(?:she|he|they)\b|(?<![\p{{Han}}0-9])({_ZH_AGE})岁(?:那年|时|上)", regex.I
)
_OTHERS = regex.compile(
    r"\b(?:mother|father|brother|sister|uncle|aunt|teacher|will be|would be|looks?)\b"
    r"|[父母爹娘爷奶祖叔伯哥姐师]|将|看上去|看着",
    regex.I,
)


def ages_out_of_bounds(case: Case) -> Iterator[Finding]:
    """Find ages that nobody can have."""
    for one in case.characters:
        age = number_of(one.get("age"))
        if age is not None and not (isfinite(age) and 0 <= age <= AGE_MAX):
            yield finding(2, "age_bounds", str(age), name=text_in(one, "name"), age=age)


def ages_told_otherwise(case: Case) -> Iterator[Finding]:
    """Find descriptions that tell another age than the record."""
    for one, age in _aged(case):
        for sentence in _sentences(text_in(one, "appearance")):
            found = _NOW.search(sentence)
            told = _age(found)
            if found and told is not None and told != age and not _OTHERS.search(sentence):
                yield finding(3, "age_contradiction", found.group(), name=text_in(one, "name"), age=age, told=told)


def ages_not_reached_yet(case: Case) -> Iterator[Finding]:
    """Find pasts that lie at an age the person has not reached."""
    for one, age in _aged(case):
        for sentence in _sentences(f"{text_in(one, 'background')}\n{text_in(one, 'wounds')}"):
            found = _WHEN.search(sentence)
            told = _age(found)
            if found and told is not None and told > age and not _OTHERS.search(sentence):
                yield finding(2, "age_ahead", found.group(), name=text_in(one, "name"), age=age, told=told)


def counts_that_were_asked_for(case: Case) -> Iterator[Finding]:
    """Find another number of protagonists than the config asks for, or a villain where there is to be none."""
    roles = [text_in(one, "role_type") for one in case.characters]
    wanted, found = number_of(case.setting("protagonist_count")), roles.count("protagonist")
    if found and wanted is not None and wanted != found:
        yield finding(2, "protagonist_count", str(found), wanted=wanted, found=found)
    if case.setting("include_villains") is False and "antagonist" in roles:
        name = text_in(case.characters[roles.index("antagonist")], "name")
        yield finding(2, "villain_unwanted", name, name=name)


def names_shared(case: Case) -> Iterator[Finding]:
    """Find two people of one name."""
    for name, count in Counter(text_in(one, "name") for one in case.characters).items():
        if count > 1:
            yield finding(2, "named_twice", name, name=name)


def people_renamed_in_the_network(case: Case) -> Iterator[Finding]:
    """Find people whom the network calls otherwise than the cast."""
    names = {text_in(one, "character_id"): text_in(one, "name") for one in case.characters}
    for node in objects_in(object_in(case.document, "network"), "nodes"):
        name, other = names.get(text_in(node, "character_id")), text_in(node, "name")
        if name and other and name != other:
            yield finding(3, "renamed", other, name=name, other=other)


def relations_to_nowhere(case: Case) -> Iterator[Finding]:
    """Find relations that lead to nobody, or back to where they begin."""
    known = {text_in(one, key) for one in case.characters for key in ("character_id", "name")}
    for edge in _edges(case):
        one, other = text_in(edge, "from", "from_"), text_in(edge, "to")
        if one and one == other:
            yield finding(2, "edge_to_self", one, name=one)
        for end in (one, other):
            if known and end and end not in known:
                yield finding(2, "edge_unknown", end, name=end)


def strengths_out_of_bounds(case: Case) -> Iterator[Finding]:
    """Find relations stronger than strongest."""
    for edge in _edges(case):
        strength = number_of(edge.get("strength"))
        if strength is not None and not -_STRENGTH_MAX <= strength <= _STRENGTH_MAX:
            yield finding(2, "strength_bounds", text_in(edge, "description") or str(strength), value=strength)


def _aged(case: Case) -> Iterator[tuple[Object, int]]:
    for one in case.characters:
        age = whole_number(number_of(one.get("age")), 0, AGE_MAX)
        if age is not None:
            yield one, age


def _edges(case: Case) -> list[Object]:
    return objects_in(object_in(case.document, "network"), "edges")


def _sentences(text: str) -> list[str]:
    """Return the sentences of a text that tells of an age."""
    return [str(sentence) for sentence in _SENTENCE.findall(text)] if _AN_AGE.search(text) else []


def _age(found: "regex.Match[str] | None") -> int | None:
    return whole_number(found[1] or found[2], 0, AGE_MAX) if found else None
