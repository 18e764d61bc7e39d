"""Choosing without luck: every choice is a function of a seed and a label.

A random generator would give each choice a place in a row, so that one choice more would change all later ones, and
its methods promise the same draws only within one Python version. Here each choice stands alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choices:
    """Choices under one seed. `under(label)` gives an independent set of choices for a part of the work."""

    seed: str

    def under(self, *labels: object) -> "Choices":
        """Return the choices of one part; other labels, other choices."""
        return Choices("/".join((self.seed, *map(str, labels))))

    def fraction(self, label: str) -> float:
        """Return a number in [0, 1)."""
        digest = blake2b(f"{self.seed}\x1f{label}".encode("utf-8", "replace"), digest_size=8).digest()
        return int.from_bytes(digest, "big") / 2**64

    def one(self, label: str, options: Sequence[T]) -> T:
        """Return one of the options, which must not be empty."""
        return options[int(self.fraction(label) * len(options))]

    def ordered(self, label: str, options: Sequence[T]) -> list[T]:
        """Return all options in an order of this seed's own."""
        return [
            option for _, option in sorted(enumerate(options), key=lambda pair: self.fraction(f"{label}#{pair[0]}"))
        ]

    def several(self, label: str, options: Sequence[T], count: int) -> list[T]:
        """Return up to `count` different options."""
        return self.ordered(label, options)[:count]
