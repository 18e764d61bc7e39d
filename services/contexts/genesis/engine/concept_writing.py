"""Writing one concept from the material: cast it, fill the sentences, keep to the lengths.

A concept is a kind of story (its place, law, people, objects) meeting a dramatic situation (what happens), opened by
the person's idea or, without one, by somebody odd whom we invent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.concepts import ConceptDraft, ConceptRequest, language_of, seed_of
from services.contexts.genesis.engine.library import NamedGenres, genres_named, material_for
from services.contexts.genesis.engine.material import Emblem, Genre, Material, Situation, Wish
from services.contexts.genesis.engine.scoring import HOOK_LENGTH, USP_LENGTH, WISH_EXCERPT_MAX
from services.contexts.genesis.engine.sparks import Spark, read_idea
from services.contexts.genesis.engine.text import Language, isolated, length_of, shortened
from services.contexts.genesis.engine.voice import (
    Hero,
    capitalised,
    definite,
    hero_of_idea,
    hero_of_role,
    hero_slots,
    inside_title,
    noun_slots,
    paragraph,
    render,
    sentence,
    title_case,
    typeset,
    with_article,
)

WISHES_SHOWN_MAX = 6
_DENIAL = regex.compile(
    r"(?:\b(?:no|not|less|without|fewer|never|don['’]t|too|avoid|stop)\s+(?:\w+\s+){0,2}$)|(?:不要|别|少|太|去掉|减少|避免|不想|不够?)\S{0,3}$",
    regex.I,
)


@dataclass(frozen=True, slots=True)
class Brief:
    """What all concepts of one request share: the request as understood."""

    language: Language
    material: Material
    spark: Spark | None
    wishes: tuple[str, ...]
    effects: tuple[Wish, ...]
    wished_genre: str | None
    named: NamedGenres
    style: str | None
    length: str | None
    choices: Choices


@dataclass(frozen=True, slots=True)
class Casting:
    """What one concept is made from; `other` is a second genre that breaks into the first.

    `seat` is the concept's place in its batch, by which neighbours are given different phrases.
    """

    seat: int
    genre: Genre
    situation: Situation
    other: Genre | None
    subtype: str


@dataclass(frozen=True, slots=True)
class Scene:
    """A casting filled in: the hero, the title's emblem, the sentence it opens with, and all slots by name."""

    casting: Casting
    hero: Hero
    emblem: Emblem
    opening: str
    slots: Mapping[str, str]


def brief_of(request: ConceptRequest) -> Brief:
    """Read a request."""
    language = language_of(request)
    material = material_for(language)
    wishes = tuple(wish.strip() for wish in (*request.requirements, *request.feedback) if wish.strip())
    genre = _stated(request.preferences.genre)
    return Brief(
        language=language,
        material=material,
        spark=read_idea(request.idea or "", language),
        wishes=wishes[-WISHES_SHOWN_MAX:],
        effects=tuple(wish for wish in material.wishes if any(_is_wished(wish, words) for words in wishes)),
        wished_genre=shortened(genre, 80) if genre else None,
        named=genres_named(genre, material) if genre else NamedGenres(()),
        style=_stated(request.preferences.style),
        length=_stated(request.preferences.length),
        choices=Choices(seed_of(request)),
    )


def write_concept(brief: Brief, casting: Casting, choices: Choices) -> ConceptDraft:
    """Write a concept of its own."""
    scene = set_scene(brief, casting, choices)
    premise = paragraph((scene.opening, _world(brief, scene), develop(brief, scene, choices)), brief.language)
    return finish_concept(brief, scene, choices, premise=premise)


def finish_concept(
    brief: Brief,
    scene: Scene,
    choices: Choices,
    *,
    premise: str,
    elements: Sequence[str] = (),
    conflicts: Sequence[str] = (),
    themes: Sequence[str] = (),
    genre: str | None = None,
) -> ConceptDraft:
    """Write all that follows from a premise; the given elements, conflicts and themes come before our own."""
    casting, language = scene.casting, brief.language
    own = casting.situation

    def say(template: str) -> str:
        return render(template, scene.slots, language)

    return ConceptDraft(
        title=_title(brief, scene, choices),
        premise=premise,
        hook=_fitting(brief, scene, choices, "hook"),
        usp=_fitting(brief, scene, choices, "usp"),
        genre=genre or genre_label(brief, casting),
        target_audience=typeset(choices.one("audience", casting.genre.audiences), language),
        themes=_distinct(
            [
                *themes,
                *(wish.theme for wish in brief.effects[:2]),
                *own.themes,
                choices.one("theme", casting.genre.themes),
            ],
            limit=5,
        ),
        tone=_tone(brief, casting, choices),
        estimated_length=_estimated_length(brief, casting, choices),
        unique_elements=_distinct(
            [
                *elements,
                *_emblem_elements(brief, scene, elements),
                *map(say, choices.several("elements", own.elements, 2)),
                *_collision(brief, scene, choices),
                *_keyword_elements(brief, choices),
                *_wish_elements(brief, casting),
            ],
            limit=14,
        ),
        potential_conflicts=_distinct([*conflicts, *map(say, choices.ordered("conflicts", own.conflicts))], limit=6),
    )


def set_scene(brief: Brief, casting: Casting, choices: Choices) -> Scene:
    """Choose who and what a concept is about, and write its first sentence."""
    genre, language, spark = casting.genre, brief.language, brief.spark
    hero, opening, thing = _beginning(brief, casting, choices)
    rivals = casting.other.rivals if casting.other else genre.rivals
    rival = choices.one("rival", rivals)
    emblem = choices.one("emblem", genre.emblems)
    label = brief.wished_genre if brief.wished_genre and not brief.named.is_exact else casting.subtype
    nouns = {
        "place": choices.one("place", genre.places),
        "rule": choices.one("rule", genre.rules),
        "rival": rival.full,
        "therival": rival.short,
        "body": choices.one("body", genre.bodies),
        "price": choices.one("price", genre.prices),
        "label": label,
        "other": casting.other.name.lower() if casting.other else "",
    }
    things = {
        "thing": thing,
        "TheThing": capitalised(thing),
        "Thing": inside_title(thing) if language == "en" else thing,
        "ThingAlone": title_case(spark.thing) if spark and spark.thing else title_case(thing),
        "emblem": emblem.word,
    }
    slots = noun_slots(nouns, language) | hero_slots(hero, language) | things
    if language == "en":
        slots["a_label"] = with_article(slots["label"])
        # English places come with their preposition: a town has people in it, an island on it.
        slots |= {"in_place": slots["place"], "In_place": slots["Place"], "place": slots["place"].partition(" ")[2]}
    return Scene(casting, hero, emblem, opening, slots)


def develop(brief: Brief, scene: Scene, choices: Choices) -> str:
    """Return the sentences in which the situation closes round the hero."""
    template = scene.casting.situation.developments[_version(scene, choices)]
    return render(template, scene.slots, brief.language)


def genre_label(brief: Brief, casting: Casting) -> str:
    """Return the genre as shown: the person's own word if there is one, else its name, with the sub-type behind it."""
    phrases = brief.material.phrases
    if brief.wished_genre:
        if not (brief.named.is_exact or brief.named.subtype):
            return brief.wished_genre
        name = brief.wished_genre if brief.named.is_exact else casting.genre.name
    elif casting.other:
        name = phrases.collided_genres.format(one=casting.genre.name, two=casting.other.name)
    else:
        name = casting.genre.name
    return phrases.subtyped_genre.format(genre=name, subtype=casting.subtype)


# --- The beginning -------------------------------------------------------------------------------------------------


def _beginning(brief: Brief, casting: Casting, choices: Choices) -> tuple[Hero, str, str]:
    """Return the hero, the opening sentences and the thing the story turns on."""
    spark, language = brief.spark, brief.language
    role = hero_of_role(choices.one("role", casting.genre.roles), language)
    if spark is None:
        return _invented(brief, casting, role, choices)
    hero = hero_of_idea(spark.hero, language, is_name=spark.hero_is_name) if spark.hero else role
    return hero, _opening(brief, casting, spark, hero), _thing(brief, casting, spark, choices)


def _thing(brief: Brief, casting: Casting, spark: Spark, choices: Choices) -> str:
    """Return what the story turns on: the idea's own thing, else something that points back at the idea.

    A hero the idea has not brought would leave the idea behind altogether if the thing were ours as well.
    """
    phrases = brief.material.phrases
    if spark.thing:
        return definite(spark.thing, brief.language)
    if spark.shape == "person":
        return typeset(choices.one("thing", casting.genre.things), brief.language)
    pointing = phrases.keyword_things if spark.shape == "keywords" else phrases.idea_things
    return typeset(by_seat(brief, casting, "thing", pointing), brief.language)


def _invented(brief: Brief, casting: Casting, role: Hero, choices: Choices) -> tuple[Hero, str, str]:
    fitting = [odd for odd in brief.material.predicaments if casting.genre.wonder or not odd.wonder]
    odd = choices.one("predicament", fitting)
    if brief.language == "zh":
        who = f"一个{odd.clause}的{role.called}"
    else:
        who = capitalised(f"{role.introduced} {typeset(odd.clause, brief.language)}")
    opening = who + typeset(by_seat(brief, casting, "opening", brief.material.phrases.openings), brief.language)
    return role, opening, typeset(odd.thing, brief.language)


def _opening(brief: Brief, casting: Casting, spark: Spark, hero: Hero) -> str:
    """Return the idea in the person's own words, and a sentence of ours that leads on from it."""
    phrases, language = brief.material.phrases, brief.language
    words = isolated(spark.words)
    if spark.shape == "person":
        return words + typeset(by_seat(brief, casting, "opening", phrases.openings), language)
    slots = hero_slots(hero, language)
    if spark.shape in ("quotation", "keywords"):
        links = phrases.keyword_links if spark.shape == "keywords" else phrases.quoted_ideas
        return render(by_seat(brief, casting, "link", links), slots | {"idea": words}, language)
    links = phrases.question_links if spark.shape == "question" else phrases.statement_links
    link = render(by_seat(brief, casting, "link", links), slots, language)
    if spark.shape == "question" and not spark.words.endswith(("?", "？", ".", "。")):
        words += "？" if language == "zh" else "?"
    return paragraph((sentence(words, language), link), language)


def _world(brief: Brief, scene: Scene) -> str:
    phrases = brief.material.phrases
    elsewhere = brief.spark is not None and (brief.spark.shape != "person" or brief.spark.has_own_setting)
    worlds = phrases.worlds_elsewhere if elsewhere else phrases.worlds
    return render(by_seat(brief, scene.casting, "world", worlds), scene.slots, brief.language)


def by_seat(brief: Brief, casting: Casting, label: str, options: Sequence[str]) -> str:
    """Choose so that neighbouring concepts of a batch do not begin alike."""
    return brief.choices.ordered(label, options)[casting.seat % len(options)]


# --- The parts -----------------------------------------------------------------------------------------------------


def _title(brief: Brief, scene: Scene, choices: Choices) -> str:
    templates = list(scene.casting.situation.titles)
    if brief.spark and brief.spark.thing:
        templates += brief.material.phrases.idea_titles
    return shortened(render(choices.one("title", templates), scene.slots, brief.language), 80)


def _fitting(brief: Brief, scene: Scene, choices: Choices, part: str) -> str:
    """Return the hook or usp that belongs to the development if it keeps its length, else the nearest to it."""
    own, language = scene.casting.situation, brief.language
    templates, (low, high) = (own.hooks, HOOK_LENGTH[language]) if part == "hook" else (own.usps, USP_LENGTH[language])
    version = _version(scene, choices)
    written = [render(template, scene.slots, language) for template in (*templates[version:], *templates[:version])]
    return min(written, key=lambda text: max(low - length_of(text, language), length_of(text, language) - high, 0))


def _version(scene: Scene, choices: Choices) -> int:
    """Return which version of the situation is told: the same place in the rows of developments, hooks and usps."""
    return choices.one("version", range(len(scene.casting.situation.developments)))


def _tone(brief: Brief, casting: Casting, choices: Choices) -> str:
    phrases, language = brief.material.phrases, brief.language
    tone = brief.effects[0].tone if brief.effects else choices.one("tone", casting.genre.tones)
    if not brief.style:
        return typeset(tone, language)
    return phrases.styled_tone.format(style=shortened(brief.style, 120), tone=typeset(tone, language))


def _estimated_length(brief: Brief, casting: Casting, choices: Choices) -> str:
    if not brief.length:
        return choices.one("length", casting.genre.lengths)
    if regex.fullmatch(r"[\d,. ]+", brief.length):
        return brief.material.phrases.sized_length.format(number=brief.length)
    return shortened(brief.length, 80)


def _emblem_elements(brief: Brief, scene: Scene, given: Sequence[str]) -> list[str]:
    """Return the picture behind the title's emblem, unless it has come in with the given elements."""
    picture = typeset(scene.emblem.picture, brief.language)
    return [] if any(picture in element for element in given) else [picture]


def _collision(brief: Brief, scene: Scene, choices: Choices) -> list[str]:
    if not scene.casting.other:
        return []
    return [render(choices.one("collision", brief.material.phrases.collision_elements), scene.slots, brief.language)]


def _keyword_elements(brief: Brief, choices: Choices) -> list[str]:
    if not brief.spark or brief.spark.shape != "keywords" or not brief.spark.keywords:
        return []
    keyword = isolated(choices.one("keyword", brief.spark.keywords))
    return [render(brief.material.phrases.keyword_element, {"keyword": keyword}, brief.language)]


def _wish_elements(brief: Brief, casting: Casting) -> list[str]:
    """Return what one of the wishes adds to the story, and all wishes in the person's words."""
    shown = [
        render(
            brief.material.phrases.wish_element, {"wish": isolated(shortened(wish, WISH_EXCERPT_MAX))}, brief.language
        )
        for wish in brief.wishes
    ]
    effects = brief.effects[casting.seat % len(brief.effects) :][:1] if brief.effects else ()
    return [*(typeset(wish.element, brief.language) for wish in effects), *shown]


def _is_wished(wish: Wish, words: str) -> bool:
    """Tell whether somebody asks for it, and does not ask for less of it."""
    found = regex.finditer(wish.pattern, words, regex.I)
    return any(not _DENIAL.search(words[: match.start()]) for match in found)


def _stated(text: str | None) -> str | None:
    return text.strip() if text and text.strip() else None


def _distinct(texts: Sequence[str], *, limit: int) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for text in texts if text))[:limit]
