"""What a benchmark hands on: figures, each beside its limit and its goal."""

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from benchmarks.samples import Sample

Better: TypeAlias = Literal["more", "less"]


@dataclass(frozen=True, slots=True)
class Goal:
    """What is aimed at: a ratio to the limit or a value, and whether more or less is better."""

    text: str
    value: float
    of: Literal["ratio", "value"]
    better: Better

    def met_by(self, reached: float) -> bool:
        """Whether the figure is good enough."""
        return reached >= self.value if self.better == "more" else reached <= self.value


@dataclass(frozen=True, slots=True)
class Limit:
    """What is compared with, measured in the same run; `sample` run by run beside ours."""

    name: str
    sample: Sample


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the report."""

    name: str
    unit: str
    ours: Sample
    limit: Limit | None = None
    goals: tuple[Goal, ...] = ()
    note: str = ""

    @property
    def ratio(self) -> Sample | None:
        """Ours by the limit, for each pair of neighbouring runs."""
        return self.ours.by(self.limit.sample) if self.limit is not None else None

    def reached(self, goal: Goal) -> float:
        """The median that the goal is about."""
        if goal.of == "value":
            return self.ours.median
        assert self.ratio is not None, "a goal of a ratio comes with a limit"
        return self.ratio.median


@dataclass(frozen=True, slots=True)
class Results:
    """The figures of one benchmark, and what else was seen: shown, stored, compared with nothing."""

    title: str
    figures: tuple[Figure, ...]
    details: dict[str, object] = field(default_factory=dict)
