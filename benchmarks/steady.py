"""A hundred commands a second on a hundred flows, with the whole studio running: the answers, and how far the read
models are behind. A command is sent when it is due, so an answer that comes late does not make the load lighter.
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.figures import Figure, Goal, Results
from benchmarks.samples import Sample, percentile
from tests.kit.steady_load import SteadyReport, open_desks, work_steadily
from tests.kit.studio import running_studio

FLOWS = 100
PER_SECOND = 100.0


@dataclass(frozen=True, slots=True)
class Length:
    """How often, and for how long each time."""

    repeats: int
    seconds: float


def measure_steady(length: Length, tell: Callable[[str], None]) -> Results:
    """Runs everything and returns the figures. Raises AssertionError when a command is refused."""
    tell("starting a whole studio")
    with running_studio(replicas=1) as studio:
        desks = open_desks(studio, FLOWS)
        reports = []
        for number in range(length.repeats):
            tell(f"{PER_SECOND:.0f} commands a second, {number + 1} of {length.repeats}")
            load = work_steadily(
                studio, desks, per_second=PER_SECOND, seconds=length.seconds, chance=random.Random(number)
            )
            reports.append(asyncio.run(load))
    return _results(length, reports)


def _results(length: Length, reports: Sequence[SteadyReport]) -> Results:
    for report in reports:
        if set(report.statuses) != {201}:
            raise AssertionError(f"not every command was accepted: {dict(report.statuses)}")
    answers, behind = Goal("< 200 ms", 200.0, "value", "less"), Goal("< 2 s", 2.0, "value", "less")
    return Results(
        f"{PER_SECOND:.0f} commands a second on {FLOWS} flows",
        (
            Figure("answer, p50", "ms", _answers(reports, 0.5)),
            Figure("answer, p95", "ms", _answers(reports, 0.95), goals=(answers,)),
            Figure("read models behind, p95", "s", _behind(reports, 0.95)),
            Figure("read models behind, at most", "s", _behind(reports, 1.0), goals=(behind,)),
        ),
        {"seconds": length.seconds, "commands": sum(report.statuses.total() for report in reports)},
    )


def _answers(reports: Sequence[SteadyReport], share: float) -> Sample:
    return Sample(tuple(percentile(report.answer_seconds, share) * 1_000 for report in reports))


def _behind(reports: Sequence[SteadyReport], share: float) -> Sample:
    return Sample(tuple(percentile(report.behind_seconds, share) for report in reports))
