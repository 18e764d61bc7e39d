"""The names of a world: its country, town, river, people, money and places, all of one sound."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import regex

from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.text import Language
from services.contexts.genesis.engine.worlds.material import Era, Flavour, WorldMaterial

PLACES = 16
_VARIANTS = 12
_TRIPLED = regex.compile(r"(\p{L})\1\1+")
_ZH_ENDS: Mapping[Era, Mapping[str, str]] = {
    "old": {"land": "州境国洲域原", "city": "城镇埠港京府", "river": "河江水溪川渠"},
    "now": {"land": "县郡区乡地州", "city": "城镇埠市", "river": "河江水溪渠"},
    "next": {"land": "域区带圈界洲", "city": "城港站埠", "river": "河渠道江"},
}
_ZH_MONEY = "贝铢锭镚文"
_EN_MONEY = ("ling", "et", "ock", "el", "kin", "mark")


@dataclass(frozen=True, slots=True)
class Names:
    """The fixed names, by the slot that they fill, and the roots that places are named by."""

    fixed: Mapping[str, str]
    roots: tuple[str, ...]


def names_for(material: WorldMaterial, era: Era, language: Language, choices: Choices, unlike: str) -> Names:
    """Return new names, of which nothing stands in the text that they are to be unlike."""
    variants = [_names(material, era, language, choices.under("names", number)) for number in range(_VARIANTS)]
    return next((names for names in variants if not any(name in unlike for name in proper_names(names))), variants[-1])


def names_in(material: WorldMaterial, era: Era, language: Language, choices: Choices, told: str) -> Names:
    """Return the names that a told world was given, by those of them that still stand in it."""
    variants = [_names(material, era, language, choices.under("names", number)) for number in range(_VARIANTS)]
    return max(variants, key=lambda names: sum(name in told for name in (*proper_names(names), *names.roots)))


def proper_names(names: Names) -> tuple[str, ...]:
    """Return what can be called by name: the country and what is in it."""
    return tuple(names.fixed[slot] for slot in ("land", "city", "river", "founder", "people"))


def called_anew(names: Names, old: str, new: str) -> Names:
    """Return the names with one of them changed."""
    fixed = {slot: new if name == old else name for slot, name in names.fixed.items()}
    return Names(fixed, tuple(new if root == old else root for root in names.roots))


def _names(material: WorldMaterial, era: Era, language: Language, choices: Choices) -> Names:
    flavour = choices.one("flavour", [one for one in material.flavours if era in one.eras])
    roots = _roots(flavour, choices, PLACES + 5)
    fixed = _chinese(roots, era, choices) if language == "zh" else _english(roots, choices)
    return Names(fixed, tuple(roots[5:]))


def _roots(flavour: Flavour, choices: Choices, count: int) -> list[str]:
    """Return different roots, no two with the same beginning, so that a reader does not mix them up."""
    firsts = choices.ordered("firsts", flavour.firsts)
    ends = choices.ordered("ends", flavour.ends)
    return [
        _TRIPLED.sub(
            r"\1\1",
            firsts[place % len(firsts)] + choices.one(f"middle/{place}", flavour.middles) + ends[place % len(ends)],
        )
        for place in range(count)
    ]


def _english(roots: Sequence[str], choices: Choices) -> dict[str, str]:
    land, city, river, given, family = roots[:5]
    return {
        "land": land,
        "city": city,
        "river": river,
        "founder": f"{given} {family}",
        "people": _inhabitants(land),
        "coin": (regex.sub(r"[aeiou]*$", "", roots[5][:4]) + choices.one("money", _EN_MONEY)).lower(),
    }


def _inhabitants(land: str) -> str:
    if land.endswith("e"):
        return f"{land}rs"
    if land.endswith("a"):
        return f"{land}ns"
    return f"{land}ans" if land[-1] in "iou" else f"{land}ers"


def _chinese(roots: Sequence[str], era: Era, choices: Choices) -> dict[str, str]:
    ended = {slot: roots[place] + choices.one(slot, ends) for place, (slot, ends) in enumerate(_ZH_ENDS[era].items())}
    return ended | {
        "founder": roots[3],
        "people": f"{roots[0]}人",
        "coin": roots[4][:1] + choices.one("money", _ZH_MONEY),
    }
