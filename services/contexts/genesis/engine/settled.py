"""What is already settled about a novel, as later authors need it: people, places, things and values, by name.

Confirmed documents are free JSON that a person may have edited; whatever is missing or odd in them is left out here, so
that nothing later has to doubt what it reads.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex

from services.contexts.genesis.engine.library import genres_named, material_for
from services.contexts.genesis.engine.material import Genre
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language, excerpt, storable
from services.contexts.genesis.engine.voice import phrase

NAME_MAX = 80
_CLAUSE_MAX: dict[Language, int] = {"en": 84, "zh": 30}
_SENTENCE = regex.compile(r"^.+?(?:[。！？!?…]+[”』」\"]*|\.(?=\s)|$)", regex.DOTALL)
_PAUSE = regex.compile(r"[,;:，；：—]")
_SHE = regex.compile(r"\b(?:she|her|hers|herself)\b", regex.I)
_HE = regex.compile(r"\b(?:he|him|his|himself)\b", regex.I)
_PLACES = frozenset({"LOCATION"})
_BODIES = frozenset({"ORGANIZATION"})
_THINGS = frozenset({"ITEM", "TECHNOLOGY"})


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the confirmed cast; what they want and bear in clauses of the document's own words."""

    name: str
    role: str
    goals: tuple[str, ...] = ()
    motives: tuple[str, ...] = ()
    wounds: tuple[str, ...] = ()
    obstacles: tuple[str, ...] = ()
    pronouns: tuple[str, str, str] = ("their", "them", "themself")

    @property
    def drives(self) -> tuple[str, ...]:
        """All that may move this person, what is wanted first."""
        return (*self.goals, *self.motives, *self.wounds, *self.obstacles)


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of the confirmed world that has a name, with a clause about it ("" if nothing is said)."""

    name: str
    kind: str
    fact: str


@dataclass(frozen=True, slots=True)
class Settled:
    """The confirmed concept, theme, world and cast. `values` are the theme's claims, `motifs` its images."""

    language: Language
    title: str
    tone: str
    genre: Genre
    wonder: bool
    estimated_length: str
    conflicts: tuple[str, ...]
    elements: tuple[str, ...]
    values: tuple[str, ...]
    motifs: tuple[str, ...]
    arc: Mapping[str, str]
    taboos: tuple[str, ...]
    entries: tuple[Entry, ...]
    terms: tuple[Entry, ...]
    lore: tuple[Entry, ...]
    people: tuple[Person, ...]

    @property
    def places(self) -> tuple[str, ...]:
        """The names of the world's places."""
        return self._named(_PLACES)

    @property
    def bodies(self) -> tuple[str, ...]:
        """The names of the world's institutions."""
        return self._named(_BODIES)

    @property
    def things(self) -> tuple[str, ...]:
        """The names of what can be held or built; of anything else that has one, if there is no such thing."""
        other = tuple(entry.name for entry in self.entries if entry.kind not in _PLACES | _BODIES)
        return self._named(_THINGS) or other

    @property
    def hero(self) -> Person | None:
        """Whom the story is about: the first protagonist, else the first of the cast."""
        leads = [person for person in self.people if person.role == "protagonist"]
        return next(iter((*leads, *self.people)), None)

    @property
    def rival(self) -> Person | None:
        """Who stands in the way, if anybody does."""
        return next((person for person in self.people if person.role == "antagonist"), None)

    @property
    def allies(self) -> tuple[Person, ...]:
        """Everybody else."""
        return tuple(person for person in self.people if person not in {self.hero, self.rival})

    @property
    def names(self) -> tuple[str, ...]:
        """Every name that is taken."""
        named = [one.name for one in (*self.entries, *self.terms)]
        return tuple(dict.fromkeys((*named, *(person.name for person in self.people))))

    def _named(self, kinds: frozenset[str]) -> tuple[str, ...]:
        return tuple(entry.name for entry in self.entries if entry.kind in kinds)


def settle(request: StageRequest) -> Settled:
    """Read everything that is confirmed."""
    language = request.language
    initial, world = _object(request.confirmed, "INITIAL_PROMPT"), _object(request.confirmed, "WORLDVIEW")
    concept, theme = _object(initial, "concept"), _object(initial, "theme")
    genre = _genre(text_at(concept, "genre"), request, language)
    terms = _terms(world, language)
    entries = _entries(world, language)
    return Settled(
        language=language,
        title=text_at(concept, "title"),
        tone=text_at(concept, "tone"),
        genre=genre,
        wonder=genre.wonder or bool(_object(world, "power_system")),
        estimated_length=text_at(concept, "estimated_length"),
        conflicts=clauses(texts_at(concept, "potential_conflicts"), language),
        elements=clauses(texts_at(concept, "unique_elements"), language),
        values=_values(concept, theme, language),
        motifs=_motifs(theme, language),
        arc={name: clause(told, language) for name, told in _object(theme, "thematic_arc").items() if text_of(told)},
        taboos=clauses(texts_at(theme, "taboos"), language),
        entries=entries,
        terms=terms,
        lore=tuple(one for one in (*entries, *terms) if one.fact),
        people=tuple(_people(_object(request.confirmed, "CHARACTERS"), language)),
    )


# --- Reading free JSON ---------------------------------------------------------------------------------------------


def text_of(value: object) -> str:
    """Return a value's words on one line, "" if it is no text."""
    return " ".join(storable(value).split()) if isinstance(value, str) else ""


def text_at(document: Mapping[str, Any], key: str) -> str:
    """Return the text under a key, "" if there is none."""
    return text_of(document.get(key))


def texts_at(document: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the texts under a key, be it one or a list of them."""
    value = document.get(key)
    listed = value if isinstance(value, list | tuple) else [value]
    return tuple(words for words in map(text_of, listed) if words)


def objects_at(document: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """Return the objects of the list under a key."""
    value = document.get(key)
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list | tuple) else []


def clause(value: object, language: Language) -> str:
    """Return a piece of a text short enough for the middle of our sentence: literal words, cut where one pauses."""
    line, limit = phrase(text_of(value)), _CLAUSE_MAX[language]
    if len(line) <= limit:
        return line
    first = _SENTENCE.match(line)
    line = phrase(first.group()) if first else line
    if len(line) <= limit:
        return line
    pauses = [found.start() for found in _PAUSE.finditer(line, 0, limit) if found.start() >= limit // 3]
    return line[: pauses[-1]].rstrip() if pauses else excerpt(line, limit - 1).rstrip() + "…"


def sentence_of(text: str) -> str:
    """Return the first sentence of a text, without its full stop."""
    first = _SENTENCE.match(text)
    return phrase(first.group()) if first else phrase(text)


def clauses(values: Iterable[object], language: Language) -> tuple[str, ...]:
    """Return the clauses of several texts, those with nothing in them left out."""
    found = (clause(value, language) for value in values)
    return tuple(dict.fromkeys(one for one in found if one))


def _object(document: Mapping[str, Any], key: str) -> dict[str, Any]:
    value = document.get(key)
    return value if isinstance(value, dict) else {}


# --- The parts -----------------------------------------------------------------------------------------------------


def _genre(label: str, request: StageRequest, language: Language) -> Genre:
    material = material_for(language)
    for words in (label, text_at(request.preferences, "genre"), text_at(request.config, "genre")):
        found = genres_named(words, material).genres if words else ()
        if found:
            return found[0]
    return material.genres[0]


def _values(concept: Mapping[str, Any], theme: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    tension = _object(theme, "value_tension")
    told = (tension.get("thesis"), tension.get("antithesis"), theme.get("core_theme"))
    return clauses(told, language) or clauses(texts_at(concept, "themes"), language)


def _motifs(theme: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    sides = [side.get("name") for side in objects_at(theme, "sub_themes")]
    return clauses((*texts_at(theme, "motifs"), *sides), language)


def _entries(world: Mapping[str, Any], language: Language) -> tuple[Entry, ...]:
    found = [
        Entry(name, text_at(entry, "entry_type").upper(), clause(entry.get("description"), language))
        for entry in objects_at(world, "entries")
        if (name := _name(entry.get("name")))
    ]
    return _unequal(found)


def _terms(world: Mapping[str, Any], language: Language) -> tuple[Entry, ...]:
    found = [
        Entry(name, "TERM", clause(term.get("meaning"), language))
        for term in objects_at(world, "glossary")
        if (name := _name(term.get("term")))
    ]
    return _unequal(found)


def _unequal(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple({entry.name: entry for entry in reversed(entries)}.values())[::-1]


def _people(cast: Mapping[str, Any], language: Language) -> Iterator[Person]:
    known: set[str] = set()
    for character in objects_at(cast, "characters"):
        name = _name(character.get("name"))
        if not name or name in known:
            continue
        known.add(name)
        yield _person(name, character, language)


def _person(name: str, character: Mapping[str, Any], language: Language) -> Person:
    goals = _object(character, "goals")
    role = text_at(character, "role_type").lower()
    if role not in {"protagonist", "antagonist"}:
        role = "antagonist" if text_at(character, "stance").lower() == "hostile" else "supporting"
    return Person(
        name=name,
        role=role,
        goals=clauses((goals.get("short"), goals.get("mid"), goals.get("long")), language),
        motives=clauses(texts_at(character, "motivation"), language),
        wounds=clauses(texts_at(character, "wounds"), language),
        obstacles=clauses(texts_at(character, "obstacles"), language),
        pronouns=_pronouns(character),
    )


def _pronouns(character: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the words for somebody whose document tells them by its own; "their" where it does not."""
    told = " ".join(text_of(value) for value in character.values())
    she, he = len(_SHE.findall(told)), len(_HE.findall(told))
    if she == he:
        return ("their", "them", "themself")
    return ("her", "her", "herself") if she > he else ("his", "him", "himself")


def _name(value: object) -> str:
    name = text_of(value)
    return name if len(name) <= NAME_MAX else ""
