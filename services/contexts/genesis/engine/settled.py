"""What is already settled about a novel, as later authors need it: people, places, things and values, by name.

Confirmed documents are free JSON that a person may have edited; whatever is missing or odd in them is left out here, so
that nothing later has to doubt what it reads.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import regex

from services.contexts.genesis.engine.documents import object_in, objects_in, text_of, texts_in
from services.contexts.genesis.engine.library import genres_named, material_for
from services.contexts.genesis.engine.material import Genre
from services.contexts.genesis.engine.stage_requests import StageRequest
from services.contexts.genesis.engine.text import Language, excerpt
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
    initial, world = object_in(request.confirmed, "INITIAL_PROMPT"), object_in(request.confirmed, "WORLDVIEW")
    concept, theme = object_in(initial, "concept"), object_in(initial, "theme")
    genre = _genre(line_at(concept, "genre"), request, language)
    terms = _terms(world, language)
    entries = _entries(world, language)
    return Settled(
        language=language,
        title=line_at(concept, "title"),
        tone=line_at(concept, "tone"),
        genre=genre,
        wonder=genre.wonder or bool(object_in(world, "power_system")),
        estimated_length=line_at(concept, "estimated_length"),
        conflicts=clauses(lines_at(concept, "potential_conflicts"), language),
        elements=clauses(lines_at(concept, "unique_elements"), language),
        values=_values(concept, theme, language),
        motifs=_motifs(theme, language),
        arc={name: clause(told, language) for name, told in object_in(theme, "thematic_arc").items() if line_of(told)},
        taboos=clauses(lines_at(theme, "taboos"), language),
        entries=entries,
        terms=terms,
        lore=tuple(one for one in (*entries, *terms) if one.fact),
        people=tuple(_people(object_in(request.confirmed, "CHARACTERS"), language)),
    )


# --- Reading free JSON ---------------------------------------------------------------------------------------------


def line_of(value: object) -> str:
    """Return a value's words on one line, "" if it is no text."""
    return " ".join(text_of(value).split())


def line_at(document: Mapping[str, Any], key: str) -> str:
    """Return the text under a key, "" if there is none."""
    return line_of(document.get(key))


def lines_at(document: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Return the texts under a key, be it one or a list of them."""
    return tuple(map(line_of, texts_in(document, key)))


def clause(value: object, language: Language) -> str:
    """Return a piece of a text short enough for the middle of our sentence: literal words, cut where one pauses."""
    line, limit = phrase(line_of(value)), _CLAUSE_MAX[language]
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


# --- The parts -----------------------------------------------------------------------------------------------------


def _genre(label: str, request: StageRequest, language: Language) -> Genre:
    material = material_for(language)
    for words in (label, line_at(request.preferences, "genre"), line_at(request.config, "genre")):
        found = genres_named(words, material).genres if words else ()
        if found:
            return found[0]
    return material.genres[0]


def _values(concept: Mapping[str, Any], theme: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    tension = object_in(theme, "value_tension")
    told = (tension.get("thesis"), tension.get("antithesis"), theme.get("core_theme"))
    return clauses(told, language) or clauses(lines_at(concept, "themes"), language)


def _motifs(theme: Mapping[str, Any], language: Language) -> tuple[str, ...]:
    sides = [side.get("name") for side in objects_in(theme, "sub_themes")]
    return clauses((*lines_at(theme, "motifs"), *sides), language)


def _entries(world: Mapping[str, Any], language: Language) -> tuple[Entry, ...]:
    found = [
        Entry(name, line_at(entry, "entry_type").upper(), clause(entry.get("description"), language))
        for entry in objects_in(world, "entries")
        if (name := _name(entry.get("name")))
    ]
    return _unequal(found)


def _terms(world: Mapping[str, Any], language: Language) -> tuple[Entry, ...]:
    found = [
        Entry(name, "TERM", clause(term.get("meaning"), language))
        for term in objects_in(world, "glossary")
        if (name := _name(term.get("term")))
    ]
    return _unequal(found)


def _unequal(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    return tuple({entry.name: entry for entry in reversed(entries)}.values())[::-1]


def _people(cast: Mapping[str, Any], language: Language) -> Iterator[Person]:
    known: set[str] = set()
    for character in objects_in(cast, "characters"):
        name = _name(character.get("name"))
        if not name or name in known:
            continue
        known.add(name)
        yield _person(name, character, language)


def _person(name: str, character: Mapping[str, Any], language: Language) -> Person:
    goals = object_in(character, "goals")
    role = line_at(character, "role_type").lower()
    if role not in {"protagonist", "antagonist"}:
        role = "antagonist" if line_at(character, "stance").lower() == "hostile" else "supporting"
    return Person(
        name=name,
        role=role,
        goals=clauses((goals.get("short"), goals.get("mid"), goals.get("long")), language),
        motives=clauses(lines_at(character, "motivation"), language),
        wounds=clauses(lines_at(character, "wounds"), language),
        obstacles=clauses(lines_at(character, "obstacles"), language),
        pronouns=_pronouns(character),
    )


def _pronouns(character: Mapping[str, Any]) -> tuple[str, str, str]:
    """Return the words for somebody whose document tells them by its own; "their" where it does not."""
    told = " ".join(line_of(value) for value in character.values())
    she, he = len(_SHE.findall(told)), len(_HE.findall(told))
    if she == he:
        return ("their", "them", "themself")
    return ("her", "her", "herself") if she > he else ("his", "him", "himself")


def _name(value: object) -> str:
    name = line_of(value)
    return name if len(name) <= NAME_MAX else ""
