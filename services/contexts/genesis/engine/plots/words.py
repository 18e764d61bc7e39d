"""What is said about a plot: how the request was understood, and what could be done next."""

from collections.abc import Sequence

from services.contexts.genesis.engine.foundations import Outline, Plan, Structure
from services.contexts.genesis.engine.plots.brief import Brief, fill
from services.contexts.genesis.engine.text import Language, isolated, shortened
from services.contexts.genesis.engine.voice import paragraph

UNDERSTANDING_LENGTH = (100, 200)
_NAME_MAX = 32
_STRUCTURE_NAMES: dict[Language, dict[Structure, str]] = {
    "en": {
        "three_act": "three acts",
        "five_act": "five acts",
        "heros_journey": "the twelve stages of a hero's journey",
    },
    "zh": {"three_act": "三幕", "five_act": "五幕", "heros_journey": "英雄之旅的十二程"},
}


def understood(brief: Brief, plans: Sequence[Plan], outline: Outline) -> str:
    """Return what was understood, in a sentence or two."""
    phrases, language = brief.material.phrases, brief.language
    templates = phrases.understandings_revised if brief.request.is_revision else phrases.understandings
    slots = {
        "title": shortened(brief.settled.title or phrases.nobody, _NAME_MAX),
        "hero": shortened(brief.hero.name, _NAME_MAX),
        "structure": _STRUCTURE_NAMES[language][outline.structure],
        "count": str(len(plans)),
    }
    return fill(brief.choices.one("understanding", templates), slots, language)


def understanding(brief: Brief, said: str, wish: str) -> str:
    """Return what is said in 100-200 characters, with as much of the newest wish as fits."""
    phrases, language = brief.material.phrases, brief.language
    low, high = UNDERSTANDING_LENGTH
    parts = [said]
    for room in (60, 40, 24, 12) if wish else ():
        quoted = fill(phrases.understanding_wish, {"wish": isolated(shortened(wish, room))}, language)
        parts = [said, quoted]
        if len(paragraph(parts, language)) <= high:
            break
    for filler in brief.choices.ordered("fillers", phrases.understanding_fillers):
        if len(paragraph(parts, language)) < low:
            parts.append(filler)
    return shortened(paragraph(parts, language), high)


def suggestions(brief: Brief, outline: Outline) -> tuple[str, ...]:
    """Return three things to do next."""
    slots = {
        "hero": brief.hero.name,
        "scene": brief.choices.one("suggested_scene", outline.nodes).title,
    }
    templates = brief.choices.several("suggestions", brief.material.phrases.suggestions, 3)
    return tuple(fill(template, slots, brief.language) for template in templates)
