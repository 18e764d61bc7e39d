"""The signs by which a reader of a document sees that something was obeyed."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import regex

from services.contexts.genesis.engine.directives import ChangeAge, ChangeMotive, ChangeNumber, ChangeTrait, Tone
from services.contexts.genesis.engine.documents import AGE_MAX, name_of, objects_of, texts_of, whole_number
from services.contexts.genesis.engine.feedback.counting import number_of
from services.contexts.genesis.engine.feedback.kinds import is_kind, people_in, person_meant
from services.contexts.genesis.engine.feedback.renaming import stands_in
from services.contexts.genesis.engine.feedback.terms import bare_term, holds, names
from services.contexts.genesis.engine.feedback.tones import tone_words
from services.contexts.genesis.engine.similarity import content_bag
from services.contexts.genesis.engine.text import Language

_THING_SHOWN: Final = 0.75
_WORDS_SHOWN: Final = 0.5
_TONE_WORDS_MIN: Final = 2
_REASON: Final = regex.compile(r"\breasons?\b|\bmotiv\w+|\bbecause\b|理由|动机|缘由|因为", regex.I)
_CHANGE_OF_LENGTH: Final = 0.03


def name_shown(
    document: Mapping[str, Any], texts: Sequence[str], old: str, new: str, before: Sequence[str] = ()
) -> bool:
    """Tell whether the new name stands there and, unless it holds the old one, the old one nowhere.

    Which name a kind ("the city") had is not known: there the new one is to stand more often than before.
    """
    often = _times(new, texts)
    if is_kind(old):
        return often > _times(new, before)
    if not often or old.casefold() in new.casefold() or new.casefold() in old.casefold():
        return often > 0
    others = [name for _, one in objects_of(document) if old in (name := name_of(one)) and name != old]
    return not any(stands_in(old, _without(text, others)) for text in texts)


def _times(name: str, texts: Sequence[str]) -> int:
    return sum(stands_in(name, text) for text in texts)


def thing_shown(texts: Sequence[str], term: str) -> bool:
    """Tell whether a thing stands there: by its words, or in one text by most of those that carry their meaning."""
    return any(names(text, term) for text in texts) or _gathered(texts, bare_term(term), _THING_SHOWN)


def words_shown(texts: Sequence[str], said: str) -> bool:
    """Tell whether what was said stands there, word for word, or in one text by half of what carries its meaning."""
    return any(said.strip().casefold() in text.casefold() for text in texts) or _gathered(texts, said, _WORDS_SHOWN)


def _gathered(texts: Sequence[str], said: str, share: float) -> bool:
    """Tell whether enough of the words stand near to each other; scattered over a document they mean nothing."""
    wanted = content_bag(said).keys()
    return bool(wanted) and any(len(wanted & content_bag(text).keys()) >= share * len(wanted) for text in texts)


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


def motive_shown(document: Mapping[str, Any], before: Mapping[str, Any] | None, change: ChangeMotive) -> bool:
    """Tell whether somebody is moved by something else than before; where nobody is described, a new reason is told."""
    person = person_meant(document, change.who)
    if person is None or not isinstance(person.get("motivation"), str):
        told, earlier = (sum(len(_REASON.findall(text)) for text in texts_of(one)) for one in (document, before))
        return told > earlier
    then = _same_person(before, person) if before else None
    return then is None or then.get("motivation") != person["motivation"]


def number_shown(document: Mapping[str, Any], before: Mapping[str, Any], change: ChangeNumber) -> bool:
    """Tell whether there are more or fewer than before, and by as many as was asked."""
    now, then = number_of(document, change.what), number_of(before, change.what)
    if now == then == 0 and change.direction == "more":
        return thing_shown(tuple(texts_of(document)), change.what)
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
    return whole_number(person.get("age"), 0, AGE_MAX) if person else None


def _same_person(document: Mapping[str, Any], person: Mapping[str, Any]) -> Mapping[str, Any] | None:
    found = [one for one in people_in(document) if one.get("character_id") == person.get("character_id")]
    return next((one for one in found if person.get("character_id") or name_of(one) == name_of(person)), None)


def _says_years(document: Mapping[str, Any], years: int) -> bool:
    return any(number == str(years) for text in texts_of(document) for number in regex.findall(r"[0-9]+", text))
