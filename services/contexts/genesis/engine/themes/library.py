"""Finding things in the material of themes."""

from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.themes.material import ThemeMaterial
from services.contexts.genesis.engine.themes.material_en import MATERIAL_EN
from services.contexts.genesis.engine.themes.material_zh import MATERIAL_ZH

_MATERIAL: dict[Language, ThemeMaterial] = {"en": MATERIAL_EN, "zh": MATERIAL_ZH}


def theme_material_for(language: Language) -> ThemeMaterial:
    """Return what the built-in author knows about themes in a language."""
    return _MATERIAL[language]
