"""All that is known of English worlds."""

from services.contexts.genesis.engine.worlds.forms_en import ART_FORMS_EN, BUILT_PLACES_EN, FORMS_EN
from services.contexts.genesis.engine.worlds.material import WorldMaterial
from services.contexts.genesis.engine.worlds.phrases_en import (
    BANS_EN,
    CONCEPT_EN,
    COUNTED_EN,
    DIMENSION_NAMES_EN,
    FRAMES_EN,
    KINDS_EN,
    MEANINGS_EN,
    THINGS_EN,
)
from services.contexts.genesis.engine.worlds.powers_en import POWERS_EN
from services.contexts.genesis.engine.worlds.sides_en import BUILT_SIDE_EN, SIDES_EN
from services.contexts.genesis.engine.worlds.stock_en import ERA_POOLS_EN, FLAVOURS_EN, POOLS_EN
from services.contexts.genesis.engine.worlds.tones_en import TONES_EN

WORLDS_EN = WorldMaterial(
    pools=POOLS_EN,
    era_pools=ERA_POOLS_EN,
    flavours=FLAVOURS_EN,
    sides=SIDES_EN,
    built_side=BUILT_SIDE_EN,
    forms=FORMS_EN,
    built_places=BUILT_PLACES_EN,
    art_forms=ART_FORMS_EN,
    powers=POWERS_EN,
    concept=CONCEPT_EN,
    meanings=MEANINGS_EN,
    tones=TONES_EN,
    bans=BANS_EN,
    frames=FRAMES_EN,
    dimension_names=DIMENSION_NAMES_EN,
    kinds=KINDS_EN,
    things=THINGS_EN,
    counted=COUNTED_EN,
)
