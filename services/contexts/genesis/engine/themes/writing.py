"""Writing one theme: an argument from the material, had about the things of a concept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import TypeVar

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.foundations import (
    EmbodimentPath,
    NarrativeTechnique,
    SubTheme,
    ThematicArc,
    Theme,
    ValueTension,
)
from services.contexts.genesis.engine.text import Language, length_of, words
from services.contexts.genesis.engine.themes.library import theme_material_for
from services.contexts.genesis.engine.themes.material import Axis, Facet, ThemeMaterial
from services.contexts.genesis.engine.themes.subject import Subject
from services.contexts.genesis.engine.voice import capitalised, paragraph, render

T = TypeVar("T")

CORE_LENGTH: Mapping[Language, tuple[int, int]] = {"zh": (30, 60), "en": (15, 32)}
PATH_LENGTH: Mapping[Language, tuple[int, int]] = {"zh": (200, 300), "en": (100, 160)}
_FACETS, _QUESTIONS, _MOTIFS = 3, 3, 5


@dataclass(frozen=True, slots=True)
class Workshop:
    """What all themes of one request share. `shown` is what was proposed before, `banned` what must not occur."""

    subject: Subject
    material: ThemeMaterial
    choices: Choices
    shown: str = ""
    banned: tuple[str, ...] = ()

    def say(self, template: str, slots: Mapping[str, str]) -> str:
        """Fill a sentence."""
        return render(template, slots, self.subject.language)

    def fitting(self, templates: Iterable[str], slots: Mapping[str, str]) -> Iterator[str]:
        """Return the filled sentences that can be filled; those with something banned come last."""
        filled = [self.say(template, slots) for template in templates if slots_of(template) <= slots.keys()]
        yield from sorted(filled, key=self.is_banned)

    def is_banned(self, text: str) -> bool:
        """Tell whether a text holds something that must not occur."""
        lowered = text.casefold()
        return any(term.casefold() in lowered for term in self.banned)


def workshop_for(subject: Subject, choices: Choices, *, shown: str = "", banned: tuple[str, ...] = ()) -> Workshop:
    """Return what is needed to write about a subject."""
    return Workshop(subject, theme_material_for(subject.language), choices, shown, banned)


def slots_of(template: str) -> set[str]:
    """Return the names of the slots of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def axes_for(shop: Workshop, wished: str) -> list[Axis]:
    """Return all arguments: those not shown yet first, then those that are wished for.

    Of the others the one that the concept points at most comes first, and only that one: concepts share their common
    words, and if those decided everything all concepts would be given the same themes.
    """
    nearest = max(shop.material.axes, key=lambda axis: pointing(axis, shop.subject.words))

    def rank(axis: Axis) -> tuple[bool, bool, int, bool]:
        was_shown = any(facet.description in shop.shown for facet in axis.facets)
        is_banned = any(shop.is_banned(text) for text in (axis.one, axis.other, *axis.motifs))
        return was_shown, is_banned, -pointing(axis, wished), axis is not nearest

    return sorted(shop.choices.ordered("axes", shop.material.axes), key=rank)


def pointing(axis: Axis, text: str) -> int:
    """Count how many signs of an argument a text shows: words, or in Chinese pieces."""
    if any(not sign.isascii() for sign in axis.signs):
        return sum(sign in text for sign in axis.signs)
    return len(axis.signs & set(words(text)))


def write_theme(shop: Workshop, axis: Axis, seat: int, theme_id: str) -> Theme:
    """Write a theme; `seat` is its place in the batch, by which neighbours take other things of the concept."""
    choices = shop.choices.under("theme", seat, axis.key)
    slots = axis_slots(shop, axis, seat)

    def one(label: str, templates: Sequence[str]) -> str:
        return next(shop.fitting(choices.ordered(label, templates), slots))

    opening, rising, climax, resolution = (shop.say(template, slots) for template in axis.arc)
    return Theme(
        theme_id=theme_id,
        core_theme=_core(shop, axis, slots, choices),
        sub_themes=tuple(_facets(shop, axis, seat, slots)),
        motifs=tuple(_motifs(shop, axis, seat)),
        value_tension=ValueTension(thesis=one("thesis", axis.theses), antithesis=one("antithesis", axis.antitheses)),
        taboos=tuple(_taboos(shop, axis, seat, slots)),
        philosophical_questions=tuple(shop.fitting(axis.questions, slots))[:_QUESTIONS],
        emotional_core=capitalised(one("emotion", axis.emotions)),
        target_impact=one("impact", axis.impacts),
        narrative_techniques=tuple(
            NarrativeTechnique(technique=technique.name, description=technique.description)
            for technique in dealt(shop, "techniques", shop.material.techniques, seat, 2)
        ),
        thematic_arc=ThematicArc(opening=opening, rising=rising, climax=climax, resolution=resolution),
        embodiment_paths=tuple(_paths(shop, seat, slots)),
    )


def _core(shop: Workshop, axis: Axis, slots: Mapping[str, str], choices: Choices) -> str:
    """Return the argument in a sentence, of those that can be said the nearest to its length."""
    language = shop.subject.language
    low, high = CORE_LENGTH[language]

    def miss(text: str) -> tuple[bool, int]:
        length = length_of(text, language)
        return shop.is_banned(text), max(low - length, length - high, 0)

    return min(shop.fitting(choices.ordered("core", axis.cores), slots), key=miss)


def axis_slots(shop: Workshop, axis: Axis, seat: int) -> dict[str, str]:
    """Return the slots of the concept and of an argument about it."""
    sides = {"one": axis.one, "other": axis.other, "One": capitalised(axis.one), "Other": capitalised(axis.other)}
    return shop.subject.slots(seat) | sides


def dealt(shop: Workshop, label: str, options: Sequence[T], seat: int, count: int) -> list[T]:
    """Return the options of a seat: dealt like cards, so that neighbours get others as long as there are enough."""
    ordered = shop.choices.ordered(label, options)
    return [ordered[(seat * count + place) % len(ordered)] for place in range(min(count, len(ordered)))]


def write_facet(shop: Workshop, facet: Facet, slots: Mapping[str, str], *more: str) -> SubTheme:
    """Write a side of the argument, with its example and more of them."""
    examples = (*shop.fitting((facet.example,), slots), *more)
    return SubTheme(name=shop.say(facet.name, slots), description=shop.say(facet.description, slots), examples=examples)


def _facets(shop: Workshop, axis: Axis, seat: int, slots: Mapping[str, str]) -> Iterator[SubTheme]:
    for place, facet in enumerate(axis.facets[:_FACETS]):
        # One scene a theme: more of them would make the themes of other concepts alike.
        scenes = shop.fitting(dealt(shop, "scenes", shop.material.scenes, seat, 2), slots) if place == 0 else ()
        yield write_facet(shop, facet, slots, *list(scenes)[:1])


def _motifs(shop: Workshop, axis: Axis, seat: int) -> list[str]:
    """Return something of the concept, pictures of its kind of story, and the argument's own things."""
    pictures = shop.subject.pictures
    own = [shop.subject.slots(seat)["element"], *(pictures[(seat * 2) % len(pictures) :][:2] if pictures else ())]
    things = [*own, *shop.choices.ordered(f"motifs/{axis.key}", axis.motifs)]
    return sorted(dict.fromkeys(things), key=shop.is_banned)[:_MOTIFS]


def _taboos(shop: Workshop, axis: Axis, seat: int, slots: Mapping[str, str]) -> list[str]:
    return [*shop.fitting(axis.taboos, slots), *dealt(shop, "taboos", shop.material.taboos, seat, 1)]


# --- How it becomes visible ----------------------------------------------------------------------------------------


def _paths(shop: Workshop, seat: int, slots: Mapping[str, str]) -> Iterator[EmbodimentPath]:
    material = shop.material
    ways = (("character_arc", material.arcs), ("conflict_design", material.conflicts), ("symbol", material.symbols))
    for place, (path, templates) in enumerate(ways):
        turn = seat * len(ways) + place
        told = dict(zip(("told",), _from(shop.subject.told, turn), strict=False))
        text = _path(shop, templates, seat, dict(slots) | told, turn)
        yield EmbodimentPath.model_validate({"path": path, "description": text})


def _path(shop: Workshop, templates: Sequence[str], seat: int, slots: Mapping[str, str], turn: int) -> str:
    """Return the seat's way of showing it: led in by a sentence of the concept, closed by more where it is short."""
    language = shop.subject.language
    low, high = PATH_LENGTH[language]
    ordered = shop.choices.ordered(f"paths/{templates[0]}", templates)
    unseen = sorted(ordered, key=lambda template: _longest(template) in shop.shown)
    text = next(shop.fitting(_from(unseen, seat), slots))
    leads = _from(shop.choices.ordered("leads", shop.material.phrases.leads), turn)
    led = paragraph((next(shop.fitting(leads, slots), ""), text), language)
    if length_of(led, language) <= high and not shop.is_banned(led):
        text = led
    for closer in shop.fitting(_from(shop.choices.ordered("closers", shop.material.closers), turn), slots):
        longer = paragraph((text, closer), language)
        if length_of(text, language) < low and length_of(longer, language) <= high:
            text = longer
    return text


def _from(row: Sequence[T], place: int) -> list[T]:
    """Return a row beginning at a place, and round to it again."""
    start = place % max(1, len(row))
    return [*row[start:], *row[:start]]


def _longest(template: str) -> str:
    """Return the longest piece between the slots, by which a sentence is known again."""
    return max((literal for literal, _, _, _ in Formatter().parse(template)), key=len)
