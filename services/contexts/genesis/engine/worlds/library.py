"""Finding what is known of worlds in a language."""

from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.worlds.material import WorldMaterial
from services.contexts.genesis.engine.worlds.material_en import WORLDS_EN
from services.contexts.genesis.engine.worlds.material_zh import WORLDS_ZH

_MATERIAL: dict[Language, WorldMaterial] = {"en": WORLDS_EN, "zh": WORLDS_ZH}


def world_material(language: Language) -> WorldMaterial:
    """Return what is known of worlds in a language."""
    return _MATERIAL[language]
