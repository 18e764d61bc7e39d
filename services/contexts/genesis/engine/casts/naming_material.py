"""The shape of what names are made from. The words are in `names_en` and `names_zh`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NameMaterial:
    """Given names of women and men, and family names, which in Chinese come first."""

    women: tuple[str, ...]
    men: tuple[str, ...]
    families: tuple[str, ...]
    family_first: bool
