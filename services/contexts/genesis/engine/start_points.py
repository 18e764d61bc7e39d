"""Places to start from when there is no idea yet: examples to click on, cut from the built-in author's material."""

from itertools import pairwise
from typing import Literal

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.concepts import Value
from services.contexts.genesis.engine.library import material_for
from services.contexts.genesis.engine.material import Genre, Material
from services.contexts.genesis.engine.text import Language, Text
from services.contexts.genesis.engine.voice import capitalised, sentence, typeset

StartKind = Literal["type", "idea", "character", "world", "theme"]
EXAMPLES = 5

_TITLES: dict[Language, dict[str, str]] = {
    "en": {
        "what_if": "What if \u2026?",
        "collision": "Two worlds collide",
        "character": "Begin with a person",
        "world": "Begin with a place",
        "theme": "Begin with a question",
    },
    "zh": {
        "what_if": "如果……会怎样",
        "collision": "两个世界相撞",
        "character": "从一个人开始",
        "world": "从一个地方开始",
        "theme": "从一个主题开始",
    },
}


class StartPoint(Value):
    """One way to begin, with 3-5 examples of it; each example can be sent as an idea."""

    kind: StartKind
    title: Text
    examples: tuple[Text, ...]


def start_points(language: Language, *, seed: str = "") -> tuple[StartPoint, ...]:
    """Return a start point for each genre and for each other way to begin. Another seed, other examples."""
    material, choices = material_for(language), Choices(f"start/{seed}")
    genres = choices.several("genres", material.genres, EXAMPLES)
    titles = _TITLES[language]
    types = (StartPoint(kind="type", title=genre.name, examples=genre.subtypes) for genre in material.genres)
    ways: tuple[tuple[StartKind, str, list[str]], ...] = (
        ("idea", "what_if", [_what_if(genre, choices, language) for genre in genres]),
        (
            "idea",
            "collision",
            [_collision(one, two, choices, language) for one, two in pairwise(genres)],
        ),
        ("character", "character", _characters(material, choices)),
        ("world", "world", [_world(genre, choices, language) for genre in genres]),
        ("theme", "theme", [capitalised(choices.one(f"theme/{genre.key}", genre.themes)) for genre in genres]),
    )
    return (
        *types,
        *(StartPoint(kind=kind, title=titles[title], examples=tuple(examples)) for kind, title, examples in ways),
    )


def _what_if(genre: Genre, choices: Choices, language: Language) -> str:
    rule = typeset(choices.one(f"rule/{genre.key}", genre.rules), language)
    return f"如果{rule}，会怎样？" if language == "zh" else f"What if there were a place where {rule}?"


def _collision(one: Genre, two: Genre, choices: Choices, language: Language) -> str:
    """Return somebody out of one genre in a place out of another."""
    rival = typeset(choices.one(f"rival/{one.key}", one.rivals).full, language)
    place = typeset(choices.one(f"place/{two.key}", two.places), language)
    return sentence(f"{rival}来到{place}" if language == "zh" else capitalised(f"{rival} arrives {place}"), language)


def _characters(material: Material, choices: Choices) -> list[str]:
    odd = choices.several("odd", material.predicaments, EXAMPLES)
    wondrous = [genre for genre in material.genres if genre.wonder]
    roles = [choices.one(f"role/{index}", choices.one(f"genre/{index}", wondrous).roles) for index in range(EXAMPLES)]
    if material.language == "zh":
        return [f"一个{life.clause}的{role}" for life, role in zip(odd, roles, strict=True)]
    return [capitalised(typeset(f"{role} {life.clause}", "en")) for life, role in zip(odd, roles, strict=True)]


def _world(genre: Genre, choices: Choices, language: Language) -> str:
    place = typeset(choices.one(f"place/{genre.key}", genre.places), language)
    rule = typeset(choices.one(f"rule/{genre.key}", genre.rules), language)
    return sentence(f"在{place}，{rule}" if language == "zh" else capitalised(f"{place}, {rule}"), language)
