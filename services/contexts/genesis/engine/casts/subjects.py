"""Whom somebody means: by name, by calling, by role or by a bare "her"."""

from collections.abc import Sequence

import regex

from services.contexts.genesis.engine.casts.ground import speaks_of_woman
from services.contexts.genesis.engine.casts.library import cast_material
from services.contexts.genesis.engine.casts.naming import called
from services.contexts.genesis.engine.foundations import Character, RoleType
from services.contexts.genesis.engine.sparks import people_in
from services.contexts.genesis.engine.text import Language

_BARE = regex.compile(
    r"(?:(?:(?:the|an?|this|that|some|another|my|our|his|her|their)\s+)|所有|这个|那个|一个|一位|一名|另一个)*"
    r"(?P<word>.*?)(?:['’]s|s|们)?",
    regex.I,
)
_PRONOUN = regex.compile(r"(?:her|him|she|he|them|they|他|她|它|name|名字)", regex.I)


def subjects(characters: Sequence[Character], who: str | None, language: Language) -> tuple[str, ...]:
    """Return the ids of those who are meant; the protagonist if that cannot be told."""
    said = (who or "").casefold()
    lead = next((one for one in characters if one.role_type == "protagonist"), characters[0])
    if _PRONOUN.fullmatch(said):
        return (_nearest(said, (lead, *characters)).character_id,)
    named = [one.character_id for one in characters if said and _is_named(one, said, language)]
    if named:
        return tuple(named)
    role = next((kind for word, kind in _roles(said) if word in said), None)
    of_role = [one.character_id for one in characters if one.role_type == role]
    return (of_role[0],) if of_role else (lead.character_id,)


def kind_of(words: str, language: Language) -> RoleType | None:
    """Return the role that is meant when words are nothing but a kind of person ("the hero", "反派", "her")."""
    bare = bare_word(words)
    if _PRONOUN.fullmatch(bare):
        return "protagonist"
    return dict(_roles(bare)).get(bare)


def is_person(words: str, language: Language) -> bool:
    """Tell whether a thing that is to occur is somebody."""
    return kind_of(words, language) is not None or bool(people_in(words, language))


def bare_word(words: str) -> str:
    """Return the word for somebody or something without article, number or possessive."""
    found = _BARE.fullmatch(words.strip().casefold())
    return found["word"].strip() if found else words.strip().casefold()


def _nearest(pronoun: str, characters: Sequence[Character]) -> Character:
    """Return the first of whom the pronoun can be said, else the first of all."""
    is_woman = speaks_of_woman(pronoun, by_pronouns=True)
    fitting = (one for one in characters if speaks_of_woman(_told(one), by_pronouns=True) == is_woman)
    return next(fitting, characters[0]) if is_woman is not None else characters[0]


def _told(character: Character) -> str:
    return f"{character.background}\n{character.wounds}\n{character.motivation}\n{character.arc}"


def _is_named(character: Character, said: str, language: Language) -> bool:
    names = {character.name.casefold(), called(character.name, language).casefold()}
    return any(name and name in said for name in names)


def _roles(said: str) -> list[tuple[str, RoleType]]:
    """Return the words for roles in both languages, longest first."""
    words = [*cast_material("en").role_words.items(), *cast_material("zh").role_words.items()]
    return sorted(words, key=lambda pair: -len(pair[0]))
