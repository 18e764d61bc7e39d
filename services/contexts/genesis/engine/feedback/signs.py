"""The signs by which a reader of a document sees that something was obeyed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import regex

from services.contexts.genesis.engine.directives import ChangeAge, ChangeNumber, ChangeTrait, Tone
from services.contexts.genesis.engine.feedback.counting import number_of
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


def number_shown(document: Mapping[str, Any], before: Mapping[str, Any], change: ChangeNumber) -> bool:
    """Tell whether there are more or fewer than before, and by as many as was asked."""
    now, then = number_of(document, change.what), number_of(before, change.what)
    if change.by is not None:
        return now - then == (change.by if change.direction == "more" else -change.by)
    return now > then if change.direction == "more" else now < then


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
