"""Percentiles, and samples of a noisy machine: a median with the least and the greatest beside it."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of the values lie (nearest rank); 0.0 of nothing."""
    if not values:
        return 0.0
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


@dataclass(frozen=True, slots=True)
class Sample:
    """One figure measured several times."""

    values: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def least(self) -> float:
        """The smallest."""
        return min(self.values)

    @property
    def greatest(self) -> float:
        """The largest."""
        return max(self.values)

    def by(self, other: "Sample") -> "Sample":
        """Ratios of runs that were made side by side."""
        return Sample(tuple(ours / theirs for ours, theirs in zip(self.values, other.values, strict=True)))
