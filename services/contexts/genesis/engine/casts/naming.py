"""Names for a cast: the same for the same story, others for another."""

from collections.abc import Iterator, Sequence

from services.contexts.genesis.engine.casts.names_en import NAMES_EN
from services.contexts.genesis.engine.casts.names_zh import NAMES_ZH
from services.contexts.genesis.engine.casts.naming_material import NameMaterial
from services.contexts.genesis.engine.choices import Choices
from services.contexts.genesis.engine.material import Genre
from services.contexts.genesis.engine.text import Language

_LONG_AGO = frozenset({"fantasy", "xianxia", "wuxia", "historical"})
_AHEAD = frozenset({"science_fiction", "dystopia"})


def name_of(
    story_seed: str, seat: int, genre: Genre, language: Language, *, is_woman: bool, taken: Sequence[str] = ()
) -> str:
    """Return the name of whoever has this seat in this story, unlike those taken."""
    material = _material(genre, language)
    choices = Choices(story_seed).under("names")
    givens = choices.ordered("women" if is_woman else "men", material.women if is_woman else material.men)
    families = choices.ordered("families", material.families)
    names = _names(material, givens, families, seat)
    worn = "\n".join(taken)
    return next((name for name in names if called(name, language) not in worn), f"{givens[0]} {families[0]}")


def called(name: str, language: Language) -> str:
    """Return what somebody is called in the text: in English by the first name, after any title."""
    words = name.split()
    if language == "zh" or len(words) < 2:
        return name
    return words[1] if words[0].rstrip(".").casefold() in _TITLES and len(words) > 2 else words[0]


_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr", "sir", "lady", "lord", "captain", "professor", "the"})


def _names(material: NameMaterial, givens: Sequence[str], families: Sequence[str], seat: int) -> Iterator[str]:
    """Yield names for a seat, one after the other."""
    for turn in range(len(givens)):
        place = seat * 7 + turn
        given, family = givens[place % len(givens)], families[place % len(families)]
        yield f"{family}{given}" if material.family_first else f"{given} {family}"


def _material(genre: Genre, language: Language) -> NameMaterial:
    flavour = "old" if genre.key in _LONG_AGO else "far" if genre.key in _AHEAD else "present"
    return (NAMES_ZH if language == "zh" else NAMES_EN)[flavour]
