"""What is said about a cast: how the wish was understood, in 100-200 characters, and what could be done next."""

from collections.abc import Mapping, Sequence

from services.contexts.genesis.engine.casts.library import cast_material
from services.contexts.genesis.engine.casts.naming import called
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.foundations import Character
from services.contexts.genesis.engine.text import Language, isolated, shortened
from services.contexts.genesis.engine.voice import paragraph, render

UNDERSTANDING_LENGTH = (100, 200)


def understood(templates: Sequence[str], slots: Mapping[str, str], choices: Choices, language: Language) -> str:
    """Return a comment of the right length: the words it quotes are cut to fit, a short one is filled up."""
    low, high = UNDERSTANDING_LENGTH
    template = choices.one("understanding", templates)
    parts: list[str] = []
    for room in (80, 60, 40, 24, 12):
        parts = [render(template, {name: isolated(shortened(text, room)) for name, text in slots.items()}, language)]
        if len(parts[0]) <= high:
            break
    for filler in choices.ordered("fillers", cast_material(language).frames.fillers):
        if len(paragraph(parts, language)) < low:
            parts.append(filler)
    return shortened(paragraph(parts, language), high)


def suggested(characters: Sequence[Character], choices: Choices, language: Language) -> tuple[str, ...]:
    """Return three suggestions that name people of the cast."""
    slots = name_slots(characters, language)
    templates = choices.several("suggestions", cast_material(language).frames.suggestions, 3)
    return tuple(render(template, slots, language) for template in templates)


def name_slots(characters: Sequence[Character], language: Language) -> dict[str, str]:
    """Return the slots that name the first and the last of a cast."""
    first, last = characters[0], characters[-1]
    return {"first": shortened(called(first.name, language), 24), "last": shortened(called(last.name, language), 24)}
