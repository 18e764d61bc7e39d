"""What a person's feedback asks for.

The reading is shallow on purpose: what is not plain is a remark, which authors take up in its own words. A wrong guess
would change what nobody complained of.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

import regex

from services.contexts.genesis.engine.directives import (
    ChangeAge,
    ChangeMotive,
    ChangeNumber,
    ChangeTone,
    ChangeTrait,
    Directive,
    Exclude,
    Include,
    Remark,
    Rename,
)
from services.contexts.genesis.engine.feedback.chinese import is_trait, read_chinese
from services.contexts.genesis.engine.feedback.english import read_english
from services.contexts.genesis.engine.feedback.kinds import is_lead, is_somebody, is_thing
from services.contexts.genesis.engine.feedback.numbers import CHINESE_NUMBER, ENGLISH_NUMBER, number_in
from services.contexts.genesis.engine.feedback.splitting import CLAUSE_MAX, Clause, clauses_of
from services.contexts.genesis.engine.text import Language, storable

FEEDBACK_MAX: Final = 20_000
"""What is written behind this many characters is not read."""

_HAN: Final = regex.compile(r"\p{Han}")
_LATIN: Final = regex.compile(r"\p{Latin}")
_POLITE: Final = regex.compile(
    r"please|thanks?(?: you)?|ok(?:ay)?|hi|hello|great|good|谢谢你?|请|拜托|好的?|好吗|可以吗|麻烦了?|你好|辛苦了?",
    regex.I,
)
# A thing in a list of things; with a verb or a pronoun in it, it says something of its own.
_THING_EN: Final = regex.compile(
    r"(?!.*\b(?:is|are|was|were|be|should|must|can|could|will|too|not|he|she|it|they|i|we|you|that|who|feels?|needs?)\b)"
    r"(?:[\p{L}'’-]+\s+){0,4}[\p{L}'’-]+",
    regex.I,
)
_THING_ZH: Final = regex.compile(r"(?!.*[是要太应很我他她让把被得])[\p{L}·]{1,8}")

Grammar = Callable[[str], Sequence[Directive]]
Leads = dict[type[Exclude | Include | Rename], str]
_LEADS_EN: Final[Leads] = {Exclude: "no ", Include: "add ", Rename: "rename "}
_LEADS_ZH: Final[Leads] = {Exclude: "不要", Include: "加入"}


def read_feedback(text: str, language: Language) -> tuple[Directive, ...]:
    """Return what is asked for, in order; whatever is not understood is a remark.

    Feedback may come in the other language than the story's; the story's decides where a clause has words of both.
    """
    directives: list[Directive] = []
    for clause in clauses_of(storable(text)[:FEEDBACK_MAX]):
        if _POLITE.fullmatch(clause.words):
            continue
        last = directives[-1] if directives else None
        if isinstance(last, ChangeNumber) and (so_many := _SO_MANY.fullmatch(clause.words)):
            directives[-1] = _by(last, so_many)
            continue
        before = last if clause.joint else None
        found = _read(clause, before, language) if len(clause.words) <= CLAUSE_MAX else ()
        if not found and isinstance(before, Remark):
            directives[-1] = Remark(f"{before.text}{clause.joint}{clause.words}")
        else:
            directives += found or (Remark(clause.words),)
    return tuple(dict.fromkeys(_about_whom(directives)))


def _about_whom(directives: Iterable[Directive]) -> Iterator[Directive]:
    """Put whoever was named last in the place of "her"; where nobody was, and as the hero, the protagonist is meant."""
    last: str | None = None
    for directive in directives:
        match directive:
            case ChangeAge(who=str(who)) | ChangeTrait(who=str(who)) | ChangeMotive(who=str(who)):
                last = last if is_somebody(who) or is_thing(who) else None if is_lead(who) else who
                yield directive if is_thing(who) else replace(directive, who=last)
            case Rename(old=old, new=new):
                meant = last if is_somebody(old) and last else old
                last = last if is_thing(old) else new
                yield Rename(meant, new)
            case _:
                yield directive


def _by(change: ChangeNumber, so_many: regex.Match[str]) -> ChangeNumber:
    """Read "cut one", 删掉两个 as said of what was too many just before."""
    direction: Literal["more", "fewer"] = "more" if so_many["more"] else "fewer"
    return ChangeNumber(change.what, direction, number_in(so_many["n_en"] or so_many["n_zh"]))


_SO_MANY: Final = regex.compile(
    rf"(?:(?P<more>add|增加|再加|加上?)|cut|drop|remove|delete|lose|take out|删掉|删去|去掉|减掉|砍掉|减少?|删)\s*"
    rf"(?:(?P<n_en>{ENGLISH_NUMBER})(?:\s+(?:of\s+them|more))?|(?P<n_zh>{CHINESE_NUMBER})[个名位章幕场]?吧?)",
    regex.I,
)


def _read(clause: Clause, before: Directive | None, language: Language) -> Sequence[Directive]:
    for grammar, lead in _grammars(clause.words, language):
        found = grammar(clause.words)
        if isinstance(before, ChangeTrait | ChangeAge) and before.who:
            found = _of_same_person(clause, before.who, found)
        if not found and isinstance(before, Exclude | Include | Rename):
            found = _of_same_list(clause.words, before, grammar, lead)
        if found:
            return found
    return ()


def _grammars(words: str, language: Language) -> list[tuple[Grammar, Leads]]:
    """Return the grammars that may fit, the story's own first."""
    chinese: tuple[Grammar, Leads] = (read_chinese, _LEADS_ZH)
    english: tuple[Grammar, Leads] = (read_english, _LEADS_EN)
    if not _HAN.search(words):
        return [english]
    if not _LATIN.search(words):
        return [chinese]
    return [chinese, english] if language == "zh" else [english, chinese]


def _of_same_person(clause: Clause, who: str, found: Sequence[Directive]) -> Sequence[Directive]:
    """Read "make him braver and funnier" as two things about him."""
    only = found[0] if len(found) == 1 else None
    if isinstance(only, ChangeTrait | ChangeAge) and only.who is None:
        return [replace(only, who=who)]
    if not isinstance(only, ChangeTone):
        return found
    said = read_english(f"make {who} {clause.words}") if "and" in clause.joint else ()
    return said or _same_person_in_chinese(clause.words, who) or found


def _same_person_in_chinese(words: str, who: str) -> Sequence[Directive]:
    """Return what is said of somebody if it can be said of people only, or of them as well as of a story."""
    traits = read_chinese(f"让{who}{words}") if _HAN.search(words) else ()
    return [one for one in traits if isinstance(one, ChangeTrait) and is_trait(one.trait)]


def _of_same_list(
    words: str, before: Exclude | Include | Rename, grammar: Grammar, leads: Leads
) -> Sequence[Directive]:
    """Read "dragons" behind "no magic" as one thing more that is not to occur."""
    thing = _THING_EN if grammar is read_english else _THING_ZH
    lead = leads.get(type(before))
    if lead is None or not thing.fullmatch(words):
        return ()
    return [one for one in grammar(lead + words) if isinstance(one, type(before))]
