"""The shapes of the built-in author's material. The words are in `material_en` and `material_zh`."""

from dataclasses import dataclass

from services.contexts.genesis.engine.text import Language


@dataclass(frozen=True, slots=True)
class Rival:
    """Somebody in the way: introduced by `full`, afterwards called `short`."""

    full: str
    short: str


@dataclass(frozen=True, slots=True)
class Emblem:
    """A word fit for a title, and the picture in the story that earns it its place there."""

    word: str
    picture: str


@dataclass(frozen=True, slots=True)
class Genre:
    """A kind of story and what its world is made of.

    `rules` finish the sentence "In this place, …"; `things` are definite and stand as objects only; `roles` are bare
    nouns (with article in English); `wonder` tells whether the impossible is at home there; `markers` are words by
    which a reader knows the genre; `aliases` are other names people use for it, in any language.
    """

    key: str
    name: str
    wonder: bool
    aliases: tuple[str, ...]
    subtypes: tuple[str, ...]
    audiences: tuple[str, ...]
    tones: tuple[str, ...]
    themes: tuple[str, ...]
    lengths: tuple[str, ...]
    roles: tuple[str, ...]
    places: tuple[str, ...]
    rules: tuple[str, ...]
    things: tuple[str, ...]
    rivals: tuple[Rival, ...]
    bodies: tuple[str, ...]
    prices: tuple[str, ...]
    emblems: tuple[Emblem, ...]
    markers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Situation:
    """What happens: a dramatic situation with its sentences. Slots in braces are filled from genre and idea.

    `developments`, `hooks` and `usps` are equally many; those in the same place tell the same version.
    """

    key: str
    developments: tuple[str, ...]
    hooks: tuple[str, ...]
    usps: tuple[str, ...]
    conflicts: tuple[str, ...]
    elements: tuple[str, ...]
    titles: tuple[str, ...]
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Predicament:
    """What is odd about an invented hero, and the thing it turns on; `wonder` marks the impossible ones."""

    clause: str
    thing: str
    wonder: bool


@dataclass(frozen=True, slots=True)
class Wish:
    """A wish often heard in feedback: a pattern for it, and what it changes in a concept."""

    pattern: str
    tone: str
    theme: str
    element: str


@dataclass(frozen=True, slots=True)
class Phrases:
    """Sentences around the story, in one language."""

    openings: tuple[str, ...]
    statement_links: tuple[str, ...]
    question_links: tuple[str, ...]
    keyword_links: tuple[str, ...]
    quoted_ideas: tuple[str, ...]
    worlds: tuple[str, ...]
    worlds_elsewhere: tuple[str, ...]
    idea_titles: tuple[str, ...]
    idea_things: tuple[str, ...]
    keyword_things: tuple[str, ...]
    collision_elements: tuple[str, ...]
    wish_element: str
    keyword_element: str
    understanding_idea: tuple[str, ...]
    understanding_invented: tuple[str, ...]
    understanding_merge: tuple[str, ...]
    understanding_wish: str
    understanding_fillers: tuple[str, ...]
    suggestions: tuple[str, ...]
    suggestion_weak: str
    suggestion_merge: str
    fusions: tuple[str, ...]
    fusion_links: tuple[str, ...]
    fusion_heroes: tuple[str, ...]
    fusion_element: str
    collided_genres: str
    subtyped_genre: str
    styled_tone: str
    sized_length: str


@dataclass(frozen=True, slots=True)
class Material:
    """All that the built-in author knows in one language."""

    language: Language
    genres: tuple[Genre, ...]
    situations: tuple[Situation, ...]
    predicaments: tuple[Predicament, ...]
    wishes: tuple[Wish, ...]
    phrases: Phrases
