"""Reading a concept: whom and what it is about, in its own words, whoever wrote them.

A concept may be ours, a language model's or a person's, so each thing is looked for where it usually stands and has a
plain word in its place where it is not found. What is quoted is literal.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import regex

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.documents import text_of, texts_among
from services.contexts.genesis.engine.library import genres_named, material_for
from services.contexts.genesis.engine.material import Material
from services.contexts.genesis.engine.sparks import Spark, ends_a_sentence, read_idea
from services.contexts.genesis.engine.text import Language, detect_language, isolated, shortened, storable
from services.contexts.genesis.engine.themes.library import theme_material_for
from services.contexts.genesis.engine.voice import Hero, definite, hero_of_idea, hero_slots, noun_slots, phrase, typeset

TITLE_MAX = 40
_TEXT_FIELDS = ("title", "premise", "hook", "usp", "tone")
_LIST_FIELDS = ("themes", "unique_elements", "potential_conflicts")
_LIMITS: Mapping[str, Mapping[Language, int]] = {
    "conflict": {"en": 110, "zh": 44},
    "element": {"en": 80, "zh": 30},
    "idea": {"en": 44, "zh": 20},
    "told": {"en": 140, "zh": 44},
}
# Shorter pieces of a sentence say too little to be quoted.
_PIECE_MIN = 8
_ONE_PLACE = regex.compile(r"^一(?=[座栋个条艘间家所片处场幢趟支])")
_ARTICLE = regex.compile(r"^(?:an?|the)\s+", regex.I)


@dataclass(frozen=True, slots=True)
class Subject:
    """A concept as read. `nouns` are slots that stay the same, the rows are taken from by turns."""

    language: Language
    title: str
    hero: Hero
    nouns: Mapping[str, str]
    things: Mapping[str, str]
    elements: tuple[str, ...]
    conflicts: tuple[str, ...]
    ideas: tuple[str, ...]
    told: tuple[str, ...]
    pictures: tuple[str, ...]
    words: str

    def slots(self, turn: int) -> dict[str, str]:
        """Return all slots; another turn, other elements and conflicts of the concept."""
        rows = {
            "element": _turned(self.elements, turn),
            "element2": _turned(self.elements, turn + 1),
            "conflict": _turned(self.conflicts, turn),
            "conflict2": _turned(self.conflicts, turn + 1),
            "idea": _turned(self.ideas, turn),
            "title": self.title,
        }
        return noun_slots(self.nouns, self.language) | hero_slots(self.hero, self.language) | rows | dict(self.things)


def read_subject(concept: Mapping[str, object], idea: str | None, language: Language, choices: Choices) -> Subject:
    """Read a concept; `idea` is what the person began with, and stands in where there is no concept."""
    texts = {name: text_of(concept.get(name)) for name in _TEXT_FIELDS}
    lists = {name: texts_among(concept.get(name)) for name in _LIST_FIELDS}
    written = "\n".join((*texts.values(), *(text for row in lists.values() for text in row)))
    begun = storable(idea or "").strip()
    words = written.strip() or begun
    known, phrases = material_for(language), theme_material_for(language).phrases
    # Words of another language are quoted, never bent into our sentences.
    is_foreign = bool(words) and detect_language(words) != language
    read = "" if is_foreign else words
    sparks = [spark for spark in (read_idea(text, language) for text in _beginnings(begun, texts["premise"])) if spark]
    hero = _hero(sparks, known, read) or Hero(phrases.unknown_hero, phrases.unknown_hero)
    genres = genres_named(text_of(concept.get("genre")), known).genres
    elements = [_element(text, language) for text in lists["unique_elements"] if not _is_ours(text, known)]
    pictures = [emblem.picture for genre in genres[:1] for emblem in choices.ordered("pictures", genre.emblems)]
    thing = _thing(sparks, known, read) or (elements[0] if elements else phrases.unknown_thing)
    return Subject(
        language=language,
        title=isolated(shortened(texts["title"] or begun or phrases.untitled, TITLE_MAX)),
        hero=hero,
        nouns={
            "stake": _found((price for genre in known.genres for price in genre.prices), read) or phrases.unknown_stake,
            "rival": _rival(known, read) or phrases.unknown_rival,
            "body": _found((body for genre in known.genres for body in genre.bodies), read) or phrases.unknown_body,
            **_place(known, read, phrases.unknown_place),
        },
        things={"thing": thing},
        elements=(*elements, *(() if len(elements) > 1 else phrases.unknown_elements)),
        conflicts=tuple(_quoted(text, "conflict") for text in lists["potential_conflicts"])
        or phrases.unknown_conflicts,
        ideas=tuple(_quoted(text, "idea") for text in lists["themes"])
        or (_quoted(texts["title"] or begun or phrases.untitled, "idea"),),
        told=_sentences((texts["premise"], texts["hook"], texts["usp"])),
        pictures=tuple(typeset(picture, language) for picture in pictures if picture not in elements),
        words=f"{words}\n{begun}",
    )


# --- Who and what --------------------------------------------------------------------------------------------------


def _beginnings(idea: str, premise: str) -> tuple[str, ...]:
    """Return the texts that may introduce the hero: the idea, the first sentence of the premise, its first clause."""
    first = regex.split(r"(?<=[.!?。！？])", premise, maxsplit=1)[0]
    return idea, first, regex.split(r"[,，]", first, maxsplit=1)[0]


def _hero(sparks: Sequence[Spark], known: Material, words: str) -> Hero | None:
    """Return the hero whom the idea brought if the concept kept them, else the first role of ours in it."""
    kept = [spark for spark in sparks[:1] if spark.hero and spark.hero.casefold() in words.casefold()]
    role = _found((_ARTICLE.sub("", role) for genre in known.genres for role in genre.roles), words)
    read = kept or ([] if role else [spark for spark in sparks if spark.hero and spark.hero in words])
    if read and read[0].hero:
        return hero_of_idea(read[0].hero, known.language, is_name=read[0].hero_is_name)
    return hero_of_idea(role, known.language, is_name=False) if role else None


def _thing(sparks: Sequence[Spark], known: Material, words: str) -> str | None:
    for spark in sparks:
        if spark.thing and spark.thing.casefold() in words.casefold():
            return definite(spark.thing, known.language)
    things = (*(odd.thing for odd in known.predicaments), *(thing for genre in known.genres for thing in genre.things))
    return _found(things, words)


def _rival(known: Material, words: str) -> str | None:
    rivals = [rival for genre in known.genres for rival in genre.rivals]
    full = _found((rival.full for rival in rivals), words)
    return next((rival.short for rival in rivals if typeset(rival.full, known.language) == full), None)


def _place(known: Material, words: str, otherwise: str) -> dict[str, str]:
    """Return where it happens and its law. An English place comes with its preposition, and is also told without."""
    places = [typeset(place, known.language) for genre in known.genres for place in genre.places]
    bare = {place.partition(" ")[2] if known.language == "en" else place: place for place in places}
    found = _found(bare, words)
    rule = _found((rule for genre in known.genres for rule in genre.rules), words)
    if not found:
        return {"place": otherwise}
    told = definite(found, "en") if known.language == "en" else _ONE_PLACE.sub("那", found)
    return {"place": told, "in_place": bare[found]} | ({"rule": rule} if rule else {})


def _found(options: Iterable[str], words: str) -> str | None:
    """Return the option that stands first in the words; of two in the same place the longer."""
    lowered = words.casefold()
    typed = [option.replace("'", "\u2019") if option.isascii() else option for option in options]
    placed = [(lowered.find(option.casefold()), -len(option), option) for option in typed]
    return min((entry for entry in placed if entry[0] >= 0), default=(0, 0, None))[2]


# --- Quoting -------------------------------------------------------------------------------------------------------


def _quoted(text: str, kind: str) -> str:
    """Return a text for quotation marks; how long it may be depends on its own language, not on ours."""
    return isolated(phrase(shortened(text, _LIMITS[kind][detect_language(text)])))


def _sentences(texts: Iterable[str]) -> tuple[str, ...]:
    """Return what the concept tells, in pieces that can be quoted."""
    ends = regex.compile(r"(?<=[.!?])\s+|(?<=[。！？])|[;；:：]\s*")
    pieces = (_quoted(piece, "told") for text in texts for piece in ends.split(text))
    return tuple(piece for piece in pieces if len(piece) >= _PIECE_MIN)


def _element(text: str, language: Language) -> str:
    """Return an element as a noun phrase of ours if it is short and no sentence, else in quotation marks."""
    if ends_a_sentence(text) or len(text) > _LIMITS["element"][language] or detect_language(text) != language:
        return f"“{_quoted(text, 'element')}”"
    return isolated(phrase(text))


def _is_ours(text: str, known: Material) -> bool:
    """Tell whether an element only says that a wish was taken up."""
    return text.startswith(known.phrases.wish_element.partition("{")[0])


def _turned(row: Sequence[str], turn: int) -> str:
    return row[turn % len(row)]
