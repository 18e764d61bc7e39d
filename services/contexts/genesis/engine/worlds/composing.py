"""Putting a whole world together out of its parts."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.directives import Directive, Rename
from services.contexts.genesis.engine.documents import object_in, told_in
from services.contexts.genesis.engine.foundations import REQUIRED_DIMENSIONS, World
from services.contexts.genesis.engine.stage_requests import Object, StageRequest
from services.contexts.genesis.engine.worlds.bans import banned_by, bans_magic, unwanted_words
from services.contexts.genesis.engine.worlds.entries import thread_names, write_entries
from services.contexts.genesis.engine.worlds.glossary import with_glossary
from services.contexts.genesis.engine.worlds.ground import Ground, ground_of
from services.contexts.genesis.engine.worlds.kinds import slot_meant
from services.contexts.genesis.engine.worlds.library import world_material
from services.contexts.genesis.engine.worlds.material import WorldMaterial
from services.contexts.genesis.engine.worlds.naming import Names, called_anew, names_for, names_in
from services.contexts.genesis.engine.worlds.powers import matter_and_art, write_power
from services.contexts.genesis.engine.worlds.saved import threads_in
from services.contexts.genesis.engine.worlds.sides import write_side
from services.contexts.genesis.engine.worlds.writing import Scribe


def begin_world(request: StageRequest, directives: Sequence[Directive]) -> tuple[Ground, Scribe]:
    """Return what a new world stands on and who writes it: nothing of earlier proposals, nothing unwanted."""
    ground, told = ground_of(request), "\n".join(told_in(request.avoid))
    story = Choices(request.story_seed)
    names = names_for(world_material(request.language), ground.era, request.language, story, told)
    ground, scribe = without_unwanted(ground, _scribe(request, ground, names, told), banned_by(directives))
    return ground, scribe.knowing(**thread_names(ground, scribe))


def continue_world(
    request: StageRequest, earlier: Sequence[Directive], directives: Sequence[Directive]
) -> tuple[Ground, Scribe]:
    """Return what the newest world stands on and somebody who writes on in it, with its names as they are by now.

    What was asked for earlier is done there already; what is asked for now is not.
    """
    ground, told = ground_of(request), "\n".join(told_in(request.newest))
    material, story = world_material(request.language), Choices(request.story_seed)
    names = _renamed(names_in(material, ground.era, request.language, story, told), earlier, material)
    terms = banned_by((*earlier, *directives))
    ground, scribe = without_unwanted(ground, _scribe(request, ground, names, told), terms)
    return ground, scribe.knowing(**(thread_names(ground, scribe) | threads_in(request.newest)))


def without_unwanted(ground: Ground, scribe: Scribe, terms: Sequence[str]) -> tuple[Ground, Scribe]:
    """Return a ground that holds nothing unwanted, and the scribe told of it, who knows the name of the impossible."""
    pattern = unwanted_words(terms, scribe.material)
    scribe = replace(scribe, unwanted=pattern)
    has_wonder = ground.has_wonder and not bans_magic(terms, scribe.material)
    ground = replace(
        ground,
        has_wonder=has_wonder,
        title=scribe.suiting(ground.title),
        premise=scribe.suiting(ground.premise),
        place=scribe.suiting(ground.place),
        rule=scribe.suiting(ground.rule),
        body=scribe.suiting(ground.body),
        power_words=scribe.suiting(ground.power_words),
        elements=tuple(filter(scribe.suits, ground.elements)),
        conflicts=tuple(filter(scribe.suits, ground.conflicts)),
        motifs=tuple(filter(scribe.suits, ground.motifs)),
        values=tuple(filter(scribe.suits, ground.values)),
    )
    if not has_wonder:
        return ground, scribe
    return ground, scribe.knowing(**matter_and_art(ground, scribe))


def compose_world(ground: Ground, scribe: Scribe, sides: Iterable[str] = ()) -> World:
    """Write a world with the required sides and these; the scribe knows all names that texts speak of."""
    order = dict.fromkeys((*REQUIRED_DIMENSIONS, *ground.extra_sides, *sides))
    world = World.model_construct(
        dimensions={name: write_side(name, ground, scribe) for name in order},
        power_system=write_power(ground, scribe) if ground.has_wonder else None,
        entries=write_entries(ground, scribe, with_art=ground.has_wonder),
        glossary=(),
    )
    return World.model_validate(with_glossary(world, scribe).model_dump())


def _scribe(request: StageRequest, ground: Ground, names: Names, told: str) -> Scribe:
    material = world_material(request.language)
    return Scribe(request.language, ground.era, material, names, Choices(request.seed), told)


def spare_world(ground: Ground, scribe: Scribe, document: Object) -> World:
    """Return a world from which a document can be filled up: every side it has, and a power system in any case."""
    own = scribe.under("spare")
    if not ground.has_wonder:
        own = own.knowing(**matter_and_art(ground, own))
    world = compose_world(ground, own, object_in(document, "dimensions"))
    return world if world.power_system else world.model_copy(update={"power_system": write_power(ground, own)})


def _renamed(names: Names, directives: Iterable[Directive], material: WorldMaterial) -> Names:
    """Return the names as they are after all that was renamed, by its name or by what it is."""
    for directive in directives:
        if isinstance(directive, Rename) and directive.new.strip():
            old = directive.old.strip()
            names = called_anew(names, names.fixed.get(slot_meant(old, material) or "", old), directive.new.strip())
    return names
