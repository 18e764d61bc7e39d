"""The signs by which a reader of a document sees that something was obeyed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, Literal

import regex

from services.contexts.genesis.engine.directives import ChangeAge, ChangeTrait, Tone
from services.contexts.genesis.engine.feedback.documents import name_of, objects_of, texts_of
from services.contexts.genesis.engine.feedback.kinds import people_in, person_meant
from services.contexts.genesis.engine.feedback.numbers import number_in
from services.contexts.genesis.engine.feedback.renaming import stands_in
from services.contexts.genesis.engine.feedback.terms import bare_term, holds, names
from services.contexts.genesis.engine.feedback.tones import tone_words
from services.contexts.genesis.engine.similarity import content_tokens
from services.contexts.genesis.engine.text import Language

_WORDS_SHOWN: Final = 0.5
_TONE_WORDS_MIN: Final = 2
_CHANGE_OF_LENGTH: Final = 0.03


def name_shown(document: Mapping[str, Any], texts: Sequence[str], old: str | None, new: str) -> bool:
    """Tell whether the new name stands there and, unless it holds the old one, the old one nowhere."""
    if not any(stands_in(new, text) for text in texts):
        return False
    if old is None or old.casefold() in new.casefold() or new.casefold() in old.casefold():
        return True
    others = [name for _, one in objects_of(document) if old in (name := name_of(one)) and name != old]
    return not any(stands_in(old, _without(text, others)) for text in texts)


def words_shown(texts: Sequence[str], said: str) -> bool:
    """Tell whether what was said stands there, word for word or by half of the words that carry its meaning."""
    whole = "\n".join(texts)
    if said.strip().casefold() in whole.casefold() or names(whole, said):
        return True
    wanted = set(content_tokens(bare_term(said)))
    return bool(wanted) and len(wanted & set(content_tokens(whole))) >= _WORDS_SHOWN * len(wanted)


def tone_taken(texts: Sequence[str], before: Sequence[str], tone: Tone, language: Language) -> bool:
    """Tell whether several words of the tone stand there, and other or more ones than before."""
    found, earlier = (tone_words("\n".join(one), tone, language) for one in (texts, before))
    if before:
        return found.total() > earlier.total() or bool(found.keys() - earlier.keys())
    return len(found) >= _TONE_WORDS_MIN


def age_shown(document: Mapping[str, Any], before: Mapping[str, Any] | None, change: ChangeAge) -> bool:
    """Tell whether somebody is as old as was asked, or older (younger) than before."""
    person = person_meant(document, change.who)
    age = _age(person)
    if person is None or age is None:
        return change.years is None or _says_years(document, change.years)
    if change.years is not None:
        return age == change.years
    earlier = _age(_same_person(before, person)) if before else None
    return earlier is None or (age > earlier if change.direction == "older" else age < earlier)


def trait_shown(document: Mapping[str, Any], change: ChangeTrait, language: Language) -> bool:
    """Tell whether somebody is (or is no longer) told to be like this."""
    person = person_meant(document, change.who) or document
    told = any(holds(text, change.trait, language) for text in texts_of(person))
    return told is not change.absent


def count_shown(document: Mapping[str, Any], what: str, count: int) -> bool:
    """Tell whether there are so many of what is meant, of an unknown thing whether any list is as long."""
    counted = next((count_of for pattern, count_of in _COUNTS if pattern.search(what)), _lengths)
    return count in counted(document)


def length_shown(texts: Sequence[str], before: Sequence[str], direction: Literal["longer", "shorter"]) -> bool:
    """Tell whether what is written has become noticeably longer or shorter."""
    now, then = sum(map(len, texts)), sum(map(len, before))
    return now > then * (1 + _CHANGE_OF_LENGTH) if direction == "longer" else now < then * (1 - _CHANGE_OF_LENGTH)


def _without(text: str, others: Sequence[str]) -> str:
    """Return a text without the longer names of others, in which a Chinese name may stand by chance."""
    for name in others:
        text = text if name.isascii() else text.replace(name, "\n")
    return text


# --- Ages ----------------------------------------------------------------------------------------------------------


def _age(person: Mapping[str, Any] | None) -> int | None:
    age = person.get("age") if person else None
    if isinstance(age, str):
        digits = regex.search(r"[0-9]{1,6}|[零一二两三四五六七八九十百]+", age)
        return number_in(digits.group()) if digits else None
    return age if isinstance(age, int) and not isinstance(age, bool) else None


def _same_person(document: Mapping[str, Any], person: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = [one for one in people_in(document) if one.get("character_id") == person.get("character_id")]
    return next((one for one in found if person.get("character_id") or name_of(one) == name_of(person)), None)


def _says_years(document: Mapping[str, Any], years: int) -> bool:
    return any(number == str(years) for text in texts_of(document) for number in regex.findall(r"[0-9]+", text))


# --- Counts --------------------------------------------------------------------------------------------------------


Count = Callable[[Mapping[str, Any]], set[int]]


def _sizes(*keys: str) -> Count:
    """Return a way to tell how long the lists under some keys are."""

    def sizes(document: Mapping[str, Any]) -> set[int]:
        lists = [one.get(key) for _, one in objects_of(document) for key in keys]
        return {len(found) for found in lists if isinstance(found, list | tuple)}

    return sizes


def _with(key: str, value: str) -> Count:
    """Return a way to tell how many objects have a value."""
    return lambda document: {sum(one.get(key) == value for _, one in objects_of(document))}


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
        (r"character|people|person|figure|角色|人物|^人$", _sizes("characters", "nodes")),
        (r"scene|node|plot point|场景|节点|^场$", _sizes("nodes")),
        (r"\bact|幕", _sizes("acts")),
        (
            r"candidate|option|concept|plan|proposal|候选|概念|方案|计划|选项",
            _sizes("candidates", "concept_candidates"),
        ),
        (r"sub-?theme|子主题", _sizes("sub_themes")),
        (r"theme|主题", _sizes("candidates", "theme_candidates", "themes")),
        (r"level|rank|tier|等级|境界|层级|级别|阶段|^[级层]$", _sizes("levels")),
        (r"place|location|cit(?:y|ies)|地点|地方|城市", _with("entry_type", "LOCATION")),
        (r"motif|意象|母题", _sizes("motifs")),
        (r"taboo|禁忌", _sizes("taboos")),
        (r"question|问题", _sizes("philosophical_questions")),
        (r"entr(?:y|ies)|条目", _sizes("entries")),
        (r"term|术语", _sizes("glossary")),
    )
)
