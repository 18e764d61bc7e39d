"""Finding the words for people of a language."""

from services.contexts.genesis.engine.casts.material import CastMaterial
from services.contexts.genesis.engine.casts.words_en import CAST_EN
from services.contexts.genesis.engine.casts.words_zh import CAST_ZH
from services.contexts.genesis.engine.text import Language

_MATERIAL: dict[Language, CastMaterial] = {"en": CAST_EN, "zh": CAST_ZH}


def cast_material(language: Language) -> CastMaterial:
    """Return all that is known about people in a language."""
    return _MATERIAL[language]
