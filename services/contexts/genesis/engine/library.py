"""Finding things in the material: the words of a language, and the kind of story a person means by a word."""

from dataclasses import dataclass

from services.contexts.genesis.engine.material import Genre, Material
from services.contexts.genesis.engine.material_en import MATERIAL_EN
from services.contexts.genesis.engine.material_zh import MATERIAL_ZH
from services.contexts.genesis.engine.text import Language

_MATERIAL: dict[Language, Material] = {"en": MATERIAL_EN, "zh": MATERIAL_ZH}


@dataclass(frozen=True, slots=True)
class NamedGenres:
    """The genres found in somebody's words, in their order; `subtype` if the words are exactly a sub-type's name.

    `is_exact` says that the words are a genre's name and nothing more, so that adding a sub-type tells more, not else.
    """

    genres: tuple[Genre, ...]
    subtype: str | None = None
    is_exact: bool = False


def material_for(language: Language) -> Material:
    """Return what the built-in author knows in a language."""
    return _MATERIAL[language]


def genres_named(text: str, material: Material) -> NamedGenres:
    """Find the genres a text names, longest names first, so that "dark fantasy romance" finds two."""
    wanted = " ".join(text.casefold().split())
    for genre in material.genres:
        if wanted in {genre.name.casefold(), *(alias.casefold() for alias in genre.aliases)}:
            return NamedGenres((genre,), is_exact=True)
        for subtype in genre.subtypes:
            if wanted == subtype.casefold():
                return NamedGenres((genre,), subtype=subtype)
    return NamedGenres(_contained(wanted, material))


def _contained(wanted: str, material: Material) -> tuple[Genre, ...]:
    places: dict[str, int] = {}
    for name, key in sorted(_names(material), key=lambda pair: -len(pair[0])):
        place = _place_of(name, wanted)
        if place >= 0 and key not in places:
            places[key] = place
            # The words are used up: "science fiction" must not be found again inside "climate science fiction".
            wanted = wanted[:place] + "\x00" * len(name) + wanted[place + len(name) :]
    by_key = {genre.key: genre for genre in material.genres}
    return tuple(by_key[key] for key in sorted(places, key=places.__getitem__))


def _names(material: Material) -> list[tuple[str, str]]:
    return [
        (name.casefold(), genre.key)
        for genre in material.genres
        for name in (genre.name, *genre.aliases, *genre.subtypes)
    ]


def _place_of(name: str, text: str) -> int:
    """Return where a name stands in the text as a word of its own, -1 if nowhere; Chinese has no word ends to check."""
    start = text.find(name)
    while start >= 0 and name.isascii():
        before, after = text[start - 1 : start], text[start + len(name) : start + len(name) + 1]
        if not (before.isascii() and before.isalnum()) and not (after.isascii() and after.isalnum()):
            return start
        start = text.find(name, start + 1)
    return start
