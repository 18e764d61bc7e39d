"""What a cast stands on: the confirmed concept, theme and world, read as material for people."""

from collections.abc import Sequence
from dataclasses import dataclass

import regex

from services.contexts.genesis.engine.casts.library import cast_material
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.documents import object_in, objects_in, text_in, told_in, words_in
from services.contexts.genesis.engine.library import genres_named, material_for
from services.contexts.genesis.engine.material import Genre, Rival
from services.contexts.genesis.engine.sparks import read_idea
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.text import Language, shortened
from services.contexts.genesis.engine.voice import phrase, typeset

_ARTICLE = regex.compile(r"^(?:an?|the)\s+", regex.I)
_PLACES, _BODIES, _CUSTOMS, _THINGS = ("LOCATION",), ("ORGANIZATION",), ("LAW", "CULTURE"), ("ITEM", "TECHNOLOGY")
_NOT_A_PHRASE = regex.compile(r"[.:;!?\"“”。：；！？\n]")
_META = regex.compile(
    r"\b(?:story|novel|book|chapters?|scenes?|plot|twist|ending|endings|narrat\w+|readers?|structure|told|title|prose"
    r"|page|pages)\b|[章节]|结构|叙|情节|场景|反转|结局|开场|全书|讲完|讲述|主角|读者|故事|写法|来写",
    regex.I,
)
_SETTING = regex.compile(
    r"^(?:(?:an?|the|one)\s+)?(?P<what>\S+(?:\s+\S+)*?)(?=,|$|\s+(?:that|where|which|who(?:se)?|with|in|on|at|from|under|of|to"
    r"|between|beneath|due|about|the|famous|one|built|owned|held|kept|run|made|lit|strung|\w+ed|\w+ing)\b)"
)
_MEASURED = regex.compile(r"^[一两三][座家条艘只张块栋间处所片]")
_SHE_WORDS = regex.compile(r"\b(?:she|hers?|herself)\b|她", regex.I)
_HE_WORDS = regex.compile(r"\b(?:he|him|his|himself)\b|他", regex.I)
_WOMEN = regex.compile(
    r"\b(?:woman|girl|witch|queen|duchess|sister|mother|widow|actress|heroine|wife|daughter|abbess|nun|maid|governess"
    r"|empress|seamstress|landlady|aunt|grandmother|headmistress)\b|[女妈娘妇婆姐妹母]",
    regex.I,
)
_MEN = regex.compile(
    r"\b(?:man|boy|king|duke|brother|father|widower|son|monk|friar|uncle|emperor|priest|husband|grandfather)\b"
    r"|[爷叔伯弟父]|和尚|王子|公子|少年|男",
    regex.I,
)


@dataclass(frozen=True, slots=True)
class Ground:
    """The story as its people meet it; each group of names holds at least one."""

    language: Language
    story: str
    genre: Genre
    hero: str
    hero_is_name: bool
    hero_is_woman: bool | None
    rival: Rival
    rival_is_woman: bool | None
    roles: tuple[str, ...]
    places: tuple[str, ...]
    bodies: tuple[str, ...]
    customs: tuple[str, ...]
    things: tuple[str, ...]
    conflicts: tuple[str, ...]
    theme: str
    antithesis: str
    told: str


def ground_of(request: StageRequest) -> Ground:
    """Read what is confirmed. Whatever is missing is filled from the kind of story it is."""
    language, choices = request.language, Choices(request.story_seed)
    initial = request.confirmed.get("INITIAL_PROMPT", {})
    concept, theme = object_in(initial, "concept"), object_in(initial, "theme")
    world = request.confirmed.get("WORLDVIEW", {})
    premise = text_in(concept, "premise") or request.idea or ""
    genre = _genre(concept, premise, language, choices)
    conflicts = words_in(concept, "potential_conflicts")
    hero, is_name = _hero(request.idea or "", premise, conflicts, genre, language, choices)
    rival = _rival(premise, genre, language, choices)
    return Ground(
        language=language,
        story=_story(concept, premise, language),
        genre=genre,
        hero=hero,
        hero_is_name=is_name,
        hero_is_woman=_sex_of_hero(hero, request.idea or premise),
        rival=rival,
        rival_is_woman=speaks_of_woman(rival.full),
        roles=tuple(role for role in genre.roles if _ARTICLE.sub("", role) not in hero),
        places=_named(world, _PLACES) or _settings(genre, language),
        bodies=_named(world, _BODIES) or tuple(typeset(body, language) for body in genre.bodies),
        customs=_named(world, _CUSTOMS) or cast_material(language).frames.customs,
        things=_named(world, _THINGS)
        or (*_things(concept, language), *(typeset(thing, language) for thing in genre.things)),
        conflicts=conflicts,
        theme=text_in(theme, "core_theme"),
        antithesis=text_in(object_in(theme, "value_tension"), "antithesis"),
        told="\n".join(told_in(world)),
    )


def _genre(concept: Object, premise: str, language: Language, choices: Choices) -> Genre:
    """Return the genre that the concept names, else the one whose words its premise uses most."""
    material = material_for(language)
    named = genres_named(text_in(concept, "genre"), material).genres
    if named:
        return named[0]
    said = premise.casefold()
    return max(choices.ordered("genre", material.genres), key=lambda genre: sum(word in said for word in genre.markers))


def _hero(
    idea: str, premise: str, conflicts: Sequence[str], genre: Genre, language: Language, choices: Choices
) -> tuple[str, bool]:
    """Return whom the concept is about: its person named most often, by name or calling; else one of the genre."""
    told = "\n".join((premise, *conflicts))
    sparks = [read_idea(text, language) for text in (idea, premise)]
    people = [(spark.hero, spark.hero_is_name) for spark in sparks if spark and spark.hero]
    every = (role for kind in material_for(language).genres for role in kind.roles)
    people += [(role, False) for role in map(_bare, every) if typeset(role, language) in told]
    if people:
        return max(people, key=lambda person: told.count(person[0]))
    return typeset(_bare(choices.one("hero", genre.roles)), language), False


def _rival(premise: str, genre: Genre, language: Language, choices: Choices) -> Rival:
    """Return the rival whom the premise introduces, else one of the genre."""
    every = [rival for kind in material_for(language).genres for rival in kind.rivals]
    found = next((rival for rival in every if typeset(rival.full, language) in premise), None)
    rival = found or choices.one("rival", genre.rivals)
    return Rival(full=typeset(rival.full, language), short=typeset(rival.short, language))


def _sex_of_hero(hero: str, told: str) -> bool | None:
    """Tell whether the hero is a woman: by the calling, else by how the idea goes on."""
    own = speaks_of_woman(hero)
    return speaks_of_woman(told, by_pronouns=True) if own is None else own


def speaks_of_woman(text: str, *, by_pronouns: bool = False) -> bool | None:
    """Tell whether somebody is spoken of as a woman, None if nothing tells; nouns may mean somebody else's mother."""
    patterns = [(_SHE_WORDS, _HE_WORDS)] if by_pronouns else [(_WOMEN, _MEN), (_SHE_WORDS, _HE_WORDS)]
    for women, men in patterns:
        she, he = len(women.findall(text)), len(men.findall(text))
        if she != he:
            return she > he
    return None


def _named(world: Object, kinds: Sequence[str]) -> tuple[str, ...]:
    found = (text_in(entry, "name") for entry in objects_in(world, "entries") if text_in(entry, "entry_type") in kinds)
    return tuple(dict.fromkeys(shortened(name, 60) for name in found if name))


def _settings(genre: Genre, language: Language) -> tuple[str, ...]:
    """Return the genre's places by what they are ("the hill kingdom"), fit to be spoken of again and again."""
    if language == "zh":
        return tuple(_MEASURED.sub("", place.rpartition("的")[2]) for place in genre.places)
    found = (_SETTING.match(typeset(place, language).partition(" ")[2]) for place in genre.places)
    return tuple(f"the {place['what']}" for place in found if place)


def _things(concept: Object, language: Language) -> tuple[str, ...]:
    """Return the first of the concept's elements, its emblem, if it can stand in a sentence as a thing."""
    elements = map(phrase, words_in(concept, "unique_elements")[:1])
    fitting = (element for element in elements if not _NOT_A_PHRASE.search(element) and not _META.search(element))
    if language == "zh":
        return tuple(element for element in fitting if 2 <= len(element) <= 26)
    return tuple(element for element in fitting if _ARTICLE.match(element) and len(element) <= 100)


def _story(concept: Object, premise: str, language: Language) -> str:
    """Return how to speak of the story: by its title, else by its beginning."""
    title = shortened(text_in(concept, "title") or premise, 24 if language == "zh" else 48)
    if not title:
        return "这个故事" if language == "zh" else "this story"
    return f"《{title}》" if language == "zh" else f"\u201c{title}\u201d"


def _bare(role: str) -> str:
    return _ARTICLE.sub("", role)
