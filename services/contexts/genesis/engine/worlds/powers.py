"""Writing what the impossible is made of, costs and cannot do."""

from collections.abc import Sequence

import regex

from services.contexts.genesis.engine.foundations import PowerLevel, PowerSystem
from services.contexts.genesis.engine.text import shortened
from services.contexts.genesis.engine.voice import capitalised, paragraph
from services.contexts.genesis.engine.worlds.ground import Ground
from services.contexts.genesis.engine.worlds.naming import proper_names
from services.contexts.genesis.engine.worlds.writing import Scribe

LEVELS_MIN, LEVELS_MAX = 5, 10
_LIST_BREAK = regex.compile(r"\s*(?:[,;/|、，；>→\n]|->|—|\s-\s)+\s*")
_LEVEL_NAME_MAX = 40


def matter_and_art(ground: Ground, scribe: Scribe) -> dict[str, str]:
    """Return what the impossible works on, and what it is called."""
    own = scribe.under("power")
    # A word that stands in a name would take the name along when somebody wants the impossible gone.
    names = "\n".join((*proper_names(own.names), *own.names.roots))
    matters = own.choices.ordered("matter", own.material.powers.matters)
    matter = next((one for one in matters if own.suits(one) and one not in names), matters[0])
    named = own.write("art", own.material.powers.arts, given={"matter": matter})
    art = named[0] if named else matter
    if ground.power_words and not _listed_levels(ground.power_words):
        art = ground.power_words
    elif scribe.language == "en":
        art = art[:1].lower() + art[1:]
    return {"matter": matter, "Matter": capitalised(matter), "power": art, "Power": capitalised(art)}


def write_power(ground: Ground, scribe: Scribe, count: int | None = None) -> PowerSystem:
    """Write a system of power with so many levels; the scribe knows its matter and its name."""
    own, powers = scribe.under("power"), scribe.material.powers
    stated = _listed_levels(ground.power_words)
    named = own.write("named", powers.named) if ground.power_words else ()
    wanted = count or len(stated) or own.choices.one("levels", (5, 5, 6, 7))
    return PowerSystem(
        source=paragraph((*own.write("source", powers.sources), *named), scribe.language),
        cost=paragraph(own.write("cost", powers.costs), scribe.language),
        levels=write_levels(scribe, min(max(wanted, LEVELS_MIN), LEVELS_MAX), stated),
        limits=own.write("limit", powers.limits, own.choices.one("limits", (3, 3, 4))),
    )


def write_levels(scribe: Scribe, count: int, stated: Sequence[str] = ()) -> tuple[PowerLevel, ...]:
    """Write levels from the lowest to the highest, under the names that were stated as far as they go."""
    own, powers = scribe.under("power", "levels"), scribe.material.powers
    joint = "，" if scribe.language == "zh" else ", and "
    taken: dict[int, int] = {}
    levels: list[PowerLevel] = []
    losses = own.write("loss", powers.steps, count)
    for place in range(count):
        tier = place * len(powers.ranks) // count
        nth = taken[tier] = taken.get(tier, -1) + 1
        gifts = own.write(f"gift/{tier}", powers.gifts[tier], nth + 1)
        loss = losses[place] if place < len(losses) else ""
        told = joint.join(part for part in (gifts[-1] if gifts else "", _inside(loss, scribe)) if part)
        names = own.choices.ordered(f"rank/{tier}", powers.ranks[tier])
        name = stated[place] if place < len(stated) else own.say(names[nth], f"rank/{place}")
        if place >= len(stated) and scribe.language == "en":
            name = f"{scribe.names.fixed['Matter']} {name}"
        levels.append(PowerLevel(name=name, description=(told or name) + ("。" if scribe.language == "zh" else ".")))
    return tuple(levels)


def _inside(text: str, scribe: Scribe) -> str:
    """Return a text as it stands after a comma."""
    return text[:1].lower() + text[1:] if scribe.language == "en" else text


def _listed_levels(words: str) -> tuple[str, ...]:
    """Return the levels that the person's own words list one by one, if they do."""
    parts = [shortened(part, _LEVEL_NAME_MAX) for part in _LIST_BREAK.split(words) if part.strip()]
    distinct = tuple(dict.fromkeys(parts))
    return distinct[:LEVELS_MAX] if len(distinct) > 1 else ()
