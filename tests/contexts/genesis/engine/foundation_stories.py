"""Ten ideas in each language and, for each, a settled story: the concept, theme, world and cast it grew into."""

from typing import Any

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.concepts import ConceptRequest
from services.contexts.genesis.engine.details.naming import names_for
from services.contexts.genesis.engine.details.words_en import MATERIAL_EN
from services.contexts.genesis.engine.details.words_zh import MATERIAL_ZH
from services.contexts.genesis.engine.library import genres_named, material_for
from services.contexts.genesis.engine.material import Genre
from services.contexts.genesis.engine.offline_concepts import propose_concepts
from services.contexts.genesis.engine.text import Language

IDEAS: dict[Language, tuple[str, ...]] = {
    "en": (
        "A lighthouse keeper who hears letters from the drowned",
        "Two sisters inherit a haunted cinema",
        "A robot gardener on a dying colony ship",
        "A court poet is ordered to write a war into existence",
        "A detective who can only solve crimes in her sleep",
        "A village where every lie grows a visible thread",
        "The last translator of a language of birds",
        "A chef whose dishes make people remember what they never lived",
        "A thief is hired to steal a single Tuesday",
        "A river that changes its mind about where to flow",
    ),
    "zh": (
        "一个能听见溺亡者来信的灯塔守望者",
        "两姐妹继承了一家闹鬼的电影院",
        "垂死移民船上的机器人园丁",
        "宫廷诗人奉命写出一场战争",
        "只能在梦里破案的女侦探",
        "每句谎话都会长出一根线的村子",
        "最后一个会鸟语的翻译",
        "做的菜能让人想起没活过的日子的厨师",
        "一个小偷受雇去偷一个星期二",
        "一条总在改主意的河",
    ),
}
_KINDS = ("LOCATION", "LOCATION", "LOCATION", "ORGANIZATION", "ORGANIZATION", "ITEM", "LAW", "CULTURE")
_ROLES = ("protagonist", "antagonist", "supporting", "supporting")


def story(idea: str, language: Language) -> dict[str, Any]:
    """Return what is confirmed of the story that an idea became."""
    concept = propose_concepts(ConceptRequest(idea=idea, language=language)).candidates[0]
    material = material_for(language)
    genre = (genres_named(concept.genre, material).genres or material.genres)[0]
    choices = Choices(f"{idea}/{concept.title}")
    return {
        "INITIAL_PROMPT": {"concept": concept.model_dump(mode="json"), "theme": _theme(genre, choices, concept.themes)},
        "WORLDVIEW": _world(genre, choices, language),
        "CHARACTERS": _cast(genre, choices, language, concept.potential_conflicts),
    }


def _names(choices: Choices, language: Language, category: Any, count: int) -> list[str]:
    material = MATERIAL_EN if language == "en" else MATERIAL_ZH
    names = names_for(category, material.names[category], choices.under("story"), (), ())
    return [name for _, name in zip(range(count), names, strict=False)]


def _theme(genre: Genre, choices: Choices, themes: tuple[str, ...]) -> dict[str, Any]:
    pictures = [emblem.picture for emblem in choices.ordered("motifs", genre.emblems)]
    return {
        "core_theme": themes[0],
        "value_tension": {"thesis": themes[-1], "antithesis": choices.one("antithesis", genre.themes)},
        "motifs": pictures[:3],
        "taboos": [choices.one("taboo", genre.prices)],
    }


def _world(genre: Genre, choices: Choices, language: Language) -> dict[str, Any]:
    names = _names(choices, language, "place", 6) + _names(choices, language, "organization", 2)
    told = [*choices.ordered("rules", genre.rules), *choices.ordered("places", genre.places)]
    entries = [
        {"entry_type": kind, "name": name, "description": text, "tags": []}
        for kind, name, text in zip(_KINDS, names, told, strict=False)
    ]
    terms = _names(choices, language, "skill", 3)
    meanings = choices.ordered("meanings", genre.things)
    return {
        "entries": entries,
        "glossary": [{"term": term, "meaning": said} for term, said in zip(terms, meanings, strict=False)],
    }


def _cast(genre: Genre, choices: Choices, language: Language, conflicts: tuple[str, ...]) -> dict[str, Any]:
    said = [*conflicts, *choices.ordered("wants", genre.things), *choices.ordered("fears", genre.prices), *genre.rules]
    return {
        "characters": [
            {
                "character_id": f"c{index}",
                "name": name,
                "role_type": _ROLES[index],
                "goals": {"short": said[index], "mid": said[index + 4], "long": said[-1 - index]},
                "motivation": choices.one(f"motive/{index}", genre.prices),
                "wounds": choices.one(f"wound/{index}", genre.things),
                "obstacles": choices.one(f"obstacle/{index}", genre.rules),
            }
            for index, name in enumerate(_names(choices, language, "person", 4))
        ]
    }
