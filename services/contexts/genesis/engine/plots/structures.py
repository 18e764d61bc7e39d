"""How a plot is spread over its chapters: acts by their shares, stations by their places, tension from one to the next.

Nothing here knows what happens; a station only says which beat falls where, what it does and how tense it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from services.contexts.genesis.engine.foundations import NodeFunction, Structure, TensionPoint
from services.contexts.genesis.engine.plots.material import BeatKey

STRUCTURES: tuple[Structure, ...] = ("three_act", "five_act", "heros_journey")
CHAPTERS_MIN, CHAPTERS_DEFAULT, CHAPTERS_MAX = 5, 24, 1_000
NODES_MIN, NODES_MAX = 10, 20
SAGGING_BELOW, SAGGING_RUN = 4, 3

_SHARES: dict[Structure, tuple[float, ...]] = {
    "three_act": (0.25, 0.5, 0.25),
    "five_act": (0.15, 0.25, 0.2, 0.25, 0.15),
    "heros_journey": (1 / 12,) * 12,
}


@dataclass(frozen=True, slots=True)
class Station:
    """A beat in its place: `at` from 0 (first chapter) to 1 (last); stations of low `rank` are kept when few fit."""

    beat: BeatKey
    at: float
    function: NodeFunction
    tension: int
    rank: int


@dataclass(frozen=True, slots=True)
class Span:
    """The chapters of an act, both included, and the stages of the structure that fall into it."""

    stages: tuple[int, ...]
    start: int
    end: int


_STATIONS: dict[Structure, tuple[Station, ...]] = {
    "three_act": (
        Station("ordinary", 0.0, "setup", 4, 6),
        Station("disturbance", 0.08, "setup", 5, 0),
        Station("refusal", 0.14, "development", 4, 16),
        Station("ally", 0.19, "development", 4, 12),
        Station("threshold", 0.25, "turn", 6, 1),
        Station("test", 0.31, "development", 5, 14),
        Station("bond", 0.36, "development", 4, 18),
        Station("discovery", 0.42, "development", 6, 10),
        Station("rival_move", 0.46, "development", 6, 8),
        Station("midpoint", 0.50, "turn", 7, 2),
        Station("cost", 0.56, "development", 6, 15),
        Station("betrayal", 0.62, "turn", 8, 7),
        Station("pursuit", 0.67, "development", 7, 17),
        Station("confession", 0.71, "development", 5, 19),
        Station("abyss", 0.75, "turn", 8, 3),
        Station("resolve", 0.80, "turn", 7, 9),
        Station("approach", 0.85, "development", 8, 20),
        Station("climax", 0.90, "climax", 10, 4),
        Station("sacrifice", 0.93, "climax", 9, 13),
        Station("aftermath", 0.97, "resolution", 5, 11),
        Station("farewell", 1.0, "resolution", 3, 5),
    ),
    "five_act": (
        Station("ordinary", 0.0, "setup", 4, 5),
        Station("disturbance", 0.07, "setup", 5, 0),
        Station("refusal", 0.12, "development", 4, 16),
        Station("ally", 0.17, "development", 4, 12),
        Station("threshold", 0.21, "turn", 6, 1),
        Station("test", 0.26, "development", 5, 14),
        Station("bond", 0.31, "development", 5, 18),
        Station("discovery", 0.36, "development", 6, 10),
        Station("rival_move", 0.41, "development", 7, 8),
        Station("resolve", 0.46, "turn", 7, 9),
        Station("approach", 0.52, "development", 8, 20),
        Station("midpoint", 0.57, "climax", 9, 2),
        Station("cost", 0.62, "development", 6, 15),
        Station("betrayal", 0.67, "turn", 8, 7),
        Station("pursuit", 0.73, "development", 7, 17),
        Station("confession", 0.78, "development", 6, 19),
        Station("abyss", 0.84, "turn", 8, 3),
        Station("climax", 0.90, "climax", 10, 4),
        Station("sacrifice", 0.94, "climax", 9, 13),
        Station("aftermath", 0.97, "resolution", 5, 11),
        Station("farewell", 1.0, "resolution", 3, 6),
    ),
    "heros_journey": (
        Station("ordinary", 0.03, "setup", 4, 0),
        Station("disturbance", 0.12, "setup", 5, 1),
        Station("refusal", 0.20, "development", 4, 9),
        Station("ally", 0.29, "development", 4, 8),
        Station("threshold", 0.37, "turn", 6, 2),
        Station("test", 0.43, "development", 5, 10),
        Station("bond", 0.46, "development", 5, 18),
        Station("rival_move", 0.49, "development", 6, 12),
        Station("approach", 0.54, "development", 7, 11),
        Station("discovery", 0.57, "development", 7, 14),
        Station("abyss", 0.62, "climax", 9, 3),
        Station("midpoint", 0.70, "turn", 6, 6),
        Station("cost", 0.73, "development", 6, 15),
        Station("betrayal", 0.77, "turn", 8, 7),
        Station("pursuit", 0.80, "development", 8, 16),
        Station("confession", 0.83, "development", 6, 19),
        Station("resolve", 0.85, "turn", 8, 13),
        Station("climax", 0.88, "climax", 10, 4),
        Station("sacrifice", 0.91, "climax", 9, 17),
        Station("aftermath", 0.95, "resolution", 5, 20),
        Station("farewell", 1.0, "resolution", 3, 5),
    ),
}


def stations_of(structure: Structure, count: int) -> tuple[Station, ...]:
    """Return the most needed stations of a structure, in their order."""
    return tuple(station for station in _STATIONS[structure] if station.rank < count)


def chapter_at(at: float, chapters: int) -> int:
    """Return the chapter in which a place between 0 and 1 falls."""
    return 1 + round(at * (chapters - 1))


def spans_of(structure: Structure, chapters: int) -> tuple[Span, ...]:
    """Return the acts; where there are fewer chapters than stages, neighbouring stages share an act."""
    shares = _SHARES[structure]
    count = min(len(shares), chapters)
    groups = [tuple(i for i in range(len(shares)) if i * count // len(shares) == group) for group in range(count)]
    ends = ends_of([sum(shares[stage] for stage in group) for group in groups], chapters)
    starts = [1, *(end + 1 for end in ends[:-1])]
    return tuple(Span(*span) for span in zip(groups, starts, ends, strict=True))


def ends_of(weights: Sequence[float], chapters: int) -> list[int]:
    """Return the last chapter of each part, at least one chapter to each; there are no more parts than chapters."""
    total = sum(weights)
    ends: list[int] = []
    for index, reached in enumerate(accumulate(weights)):
        after, left = (ends[-1] if ends else 0), len(weights) - 1 - index
        ends.append(min(max(round(reached / total * chapters), after + 1), chapters - left))
    return ends


def tension_curve(peaks: Mapping[int, int], chapters: int, *, dip: int) -> tuple[TensionPoint, ...]:
    """Return the tension of every chapter: the given peaks, and between two of them the way from one to the other.

    Half way the reader is let go by `dip`, for a curve that only rises is felt as flat; less where it is calm already.
    """
    known = sorted(peaks)
    return tuple(
        TensionPoint(chapter=chapter, tension=_tension_at(chapter, peaks, known, dip))
        for chapter in range(1, chapters + 1)
    )


def _tension_at(chapter: int, peaks: Mapping[int, int], known: Sequence[int], dip: int) -> int:
    if chapter in peaks:
        return peaks[chapter]
    before = [one for one in known if one < chapter] or known[:1]
    after = [one for one in known if one > chapter] or known[-1:]
    one, other = before[-1], after[0]
    share = (chapter - one) / (other - one) if other != one else 0.0
    between = peaks[one] + (peaks[other] - peaks[one]) * share
    return min(10, max(1, round(between - dip * between / 10 * (1 - abs(2 * share - 1)))))


def sagging(curve: Sequence[TensionPoint]) -> tuple[tuple[int, int], ...]:
    """Return the runs of three and more chapters in which the tension stays low, first and last chapter each."""
    runs: list[tuple[int, int]] = []
    for point in curve:
        if point.tension >= SAGGING_BELOW:
            continue
        follows = bool(runs) and runs[-1][1] == point.chapter - 1
        runs[-1:] = [(runs[-1][0], point.chapter)] if follows else [*runs[-1:], (point.chapter, point.chapter)]
    return tuple((first, last) for first, last in runs if last - first + 1 >= SAGGING_RUN)
