"""All that is known of Chinese worlds."""

from services.contexts.genesis.engine.worlds.forms_zh import ART_FORMS_ZH, BUILT_PLACES_ZH, FORMS_ZH
from services.contexts.genesis.engine.worlds.material import WorldMaterial
from services.contexts.genesis.engine.worlds.phrases_zh import (
    BANS_ZH,
    CONCEPT_ZH,
    COUNTED_ZH,
    DIMENSION_NAMES_ZH,
    FRAMES_ZH,
    KINDS_ZH,
    MEANINGS_ZH,
    THINGS_ZH,
)
from services.contexts.genesis.engine.worlds.powers_zh import POWERS_ZH
from services.contexts.genesis.engine.worlds.sides_zh import BUILT_SIDE_ZH, SIDES_ZH
from services.contexts.genesis.engine.worlds.stock_zh import ERA_POOLS_ZH, FLAVOURS_ZH, POOLS_ZH
from services.contexts.genesis.engine.worlds.tones_zh import TONES_ZH

WORLDS_ZH = WorldMaterial(
    pools=POOLS_ZH,
    era_pools=ERA_POOLS_ZH,
    flavours=FLAVOURS_ZH,
    sides=SIDES_ZH,
    built_side=BUILT_SIDE_ZH,
    forms=FORMS_ZH,
    built_places=BUILT_PLACES_ZH,
    art_forms=ART_FORMS_ZH,
    powers=POWERS_ZH,
    concept=CONCEPT_ZH,
    meanings=MEANINGS_ZH,
    tones=TONES_ZH,
    bans=BANS_ZH,
    frames=FRAMES_ZH,
    dimension_names=DIMENSION_NAMES_ZH,
    kinds=KINDS_ZH,
    things=THINGS_ZH,
    counted=COUNTED_ZH,
)
