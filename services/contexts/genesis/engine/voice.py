"""How each language puts words together: quotation marks, capitals, possessives, lists, full stops."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from services.contexts.genesis.engine.sparks import ends_a_sentence
from services.contexts.genesis.engine.text import Language, listed

_ARTICLE = regex.compile(r"^(?:an?|the)\s+", regex.I)
_POSSESSIVE = regex.compile(r"^(?:her|his|their|its|my|our|your)\b", regex.I)
_QUOTED = regex.compile(r'"([^"]*)"')
_COUNTABLE_KINDS = listed("""
    fantasy drama mystery novel tragicomedy whodunit thriller saga romance hunt journey adventure chronicle fable
    comedy farce caper story tale opera
""")
_SMALL_IN_TITLES = listed("""
    a an the and or but nor of in on at to for from by with as into over
""")


@dataclass(frozen=True, slots=True)
class Hero:
    """Whom a story is about: as `introduced` ("a hedge witch"), and as `called` afterwards ("the hedge witch")."""

    introduced: str
    called: str


def hero_of_role(role: str, language: Language) -> Hero:
    """Return a hero who has to be introduced: a role of the material."""
    if language == "zh":
        return Hero(introduced=f"一个{role}", called=role)
    return Hero(introduced=typeset(role, language), called=typeset("the " + _ARTICLE.sub("", role), language))


def hero_of_idea(person: str, language: Language, *, is_name: bool) -> Hero:
    """Return a hero whom the idea has introduced already."""
    called = person if language == "zh" or is_name else f"the {person}"
    return Hero(introduced=called, called=called)


def definite(thing: str, language: Language) -> str:
    """Return a thing of the idea as something already spoken of: "letters" becomes "the letters"."""
    if language == "zh" or _POSSESSIVE.match(thing):
        return thing
    return "the " + _ARTICLE.sub("", thing)


def typeset(template: str, language: Language) -> str:
    """Turn the straight quotes of the material into the ones of good print. Only for our own words."""
    if language == "zh":
        return template
    return _QUOTED.sub("\u201c\\1\u201d", template).replace("'", "\u2019")


def render(template: str, slots: Mapping[str, str], language: Language) -> str:
    """Fill a sentence of the material; what fills it is taken as it is, braces and quotes included."""
    return typeset(template, language).format_map(slots)


def hero_slots(hero: Hero, language: Language) -> dict[str, str]:
    """Return the slots by which sentences and titles speak of the hero."""
    if language == "zh":
        return {"hero": hero.called, "a_hero": hero.introduced}
    return {
        "hero": hero.called,
        "Hero": capitalised(hero.called),
        "heros": _owning(hero.called),
        "Heros": capitalised(_owning(hero.called)),
        "a_hero": hero.introduced,
        "A_hero": capitalised(hero.introduced),
        "TheRole": title_case(hero.called),
        "TheRoles": _owning(title_case(hero.called)),
    }


def noun_slots(nouns: Mapping[str, str], language: Language) -> dict[str, str]:
    """Return each noun under its name and, in English, capitalised under its capitalised name."""
    slots = {name: typeset(noun, language) for name, noun in nouns.items()}
    if language == "en":
        slots |= {name.capitalize(): capitalised(noun) for name, noun in slots.items()}
    return slots


def with_article(kind: str) -> str:
    """Return an English kind of story as one of its kind: "a quiet fantasy"; what cannot be counted stays as it is."""
    if kind.rpartition(" ")[2].casefold() not in _COUNTABLE_KINDS:
        return kind
    return f"{'an' if kind[:1].casefold() in 'aeiou' else 'a'} {kind}"


def capitalised(text: str) -> str:
    """Return the text with a capital at its beginning and no other change."""
    return text[:1].upper() + text[1:]


def title_case(text: str) -> str:
    """Return English words as in a title; first word always, small words inside never capitalised."""
    words = text.split()
    small = (word if index and word in _SMALL_IN_TITLES else capitalised(word) for index, word in enumerate(words))
    return " ".join(small)


def inside_title(text: str) -> str:
    """Return English words as they stand in the middle of a title, where an article is small."""
    first, _, rest = text.partition(" ")
    return f"{first.lower()} {title_case(rest)}" if rest and first.lower() in _SMALL_IN_TITLES else title_case(text)


def sentence(text: str, language: Language) -> str:
    """Return the text closed by a full stop, unless it closes itself."""
    return text if ends_a_sentence(text) else text + ("。" if language == "zh" else ".")


def paragraph(sentences: Sequence[str], language: Language) -> str:
    """Join sentences as the language does: with or without a blank."""
    return ("" if language == "zh" else " ").join(part for part in sentences if part)


def phrase(text: str) -> str:
    """Return a text fit for the middle of a sentence: without its full stop."""
    return regex.sub(r"[.。!！?？…;；,，]+$", "", text.strip())


def _owning(person: str) -> str:
    return person + "\u2019s"
