"""What the runs found, as JSON that is kept, and as the page `faults.md` that is made of it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from statistics import quantiles
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from services.studio.chaos.checker import Trouble
from services.studio.chaos.faults import Fault
from services.studio.errors import StudioError

LOST: Final[frozenset[Trouble]] = frozenset({"lost", "half done", "stuck"})
DOUBLED: Final[frozenset[Trouble]] = frozenset({"doubled", "from nowhere"})


class FoundTrouble(BaseModel):
    """A finding of the checker."""

    model_config = ConfigDict(frozen=True)

    guarantee: int
    trouble: Trouble
    sentence: str


class FaultRun(BaseModel):
    """One fault with one seed. `recovery_seconds` is None when what it hit never came back.

    `measures`: figures by what they are.
    """

    model_config = ConfigDict(frozen=True)

    fault: str
    seed: int
    recovery_seconds: float | None
    troubles: list[FoundTrouble]
    measures: Mapping[str, float] = {}


class Report(BaseModel):
    """All runs of a `studio chaos`, or of several. `commands` were accepted, `events` checked.

    `whole` is what the check of all rounds together found beyond them.
    """

    model_config = ConfigDict(frozen=True)

    began_at: datetime
    machine: str
    commands: int
    events: int
    runs: list[FaultRun]
    whole: list[FoundTrouble]

    @property
    def failed(self) -> list[FaultRun]:
        """The runs in which a guarantee did not hold."""
        return [run for run in self.runs if run.troubles]

    def added_to(self, earlier: "Report") -> "Report":
        """Both as one; a fault that was done again with the same seed counts as it came out now."""
        again = {(run.fault, run.seed) for run in self.runs}
        return Report(
            began_at=earlier.began_at,
            machine=self.machine,
            commands=earlier.commands + self.commands,
            events=earlier.events + self.events,
            runs=[*(run for run in earlier.runs if (run.fault, run.seed) not in again), *self.runs],
            whole=[*earlier.whole, *self.whole],
        )


def read_report(path: Path) -> Report | None:
    """What was written there before; None if nothing was. Raises StudioError."""
    try:
        return Report.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except ValidationError as error:
        remedy = "Name another file, or delete this one."
        raise StudioError(f"{path} is not a report of studio chaos.", remedy=remedy) from error


def write_report(report: Report, faults: Sequence[Fault], path: Path) -> None:
    """Writes the JSON, and beside it the page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(report.model_dump_json(indent=1) + "\n")
    path.with_suffix(".md").write_text(render_page(report, faults))


def render_page(report: Report, faults: Sequence[Fault]) -> str:
    """The matrix, with a sentence on what each fault does."""
    done = [fault for fault in faults if any(run.fault == fault.name for run in report.runs)]
    rows = [_row(fault, [run for run in report.runs if run.fault == fault.name]) for fault in done]
    return _PAGE.format(
        date=report.began_at.date().isoformat(),
        machine=report.machine,
        commands=f"{report.commands:,}",
        events=f"{report.events:,}",
        rows="\n".join(rows),
        faults="\n".join(f"- **{fault.name}**: {fault.does}" for fault in done),
        measures="".join(_measures(run) for run in report.runs),
    )


def _measures(run: FaultRun) -> str:
    """A section with the figures of a run, if it has any."""
    if not run.measures:
        return ""
    lines = "\n".join(f"| {what} | {figure:.2f} |" for what, figure in sorted(run.measures.items()))
    return f"\n## {run.fault}, seed {run.seed}\n\n| what | measured |\n| --- | --- |\n{lines}\n"


def _row(fault: Fault, runs: Sequence[FaultRun]) -> str:
    lost, doubled = _count(runs, LOST), _count(runs, DOUBLED)
    other = sum(len(run.troubles) for run in runs) - lost - doubled
    seconds = sorted(run.recovery_seconds for run in runs if run.recovery_seconds is not None)
    p50, p99 = (_percentile(seconds, percent) for percent in (50, 99))
    late = sum(one > fault.recovery_seconds_max for one in seconds) + sum(run.recovery_seconds is None for run in runs)
    promised = f"≤ {fault.recovery_seconds_max:g} s" + (f", {late} × later" if late else "")
    return f"| {fault.name} | {len(runs)} | {lost} | {doubled} | {other} | {p50} | {p99} | {promised} |"


def _count(runs: Iterable[FaultRun], kinds: frozenset[Trouble]) -> int:
    return sum(trouble.trouble in kinds for run in runs for trouble in run.troubles)


def _percentile(seconds: Sequence[float], percent: int) -> str:
    if not seconds:
        return "–"
    found = quantiles(seconds, n=100, method="inclusive")[percent - 1] if len(seconds) > 1 else seconds[0]
    return f"{found:.1f} s"


_PAGE: Final = """# Faults

What was broken on purpose, how often, and what came of it. Made by `studio chaos --report` from the runs themselves, of
one call or of several: neither this page nor the JSON beside it is edited.

Each line is a fault done to a running studio with two of every process, while clients work on novels, flows, sessions
and slow tasks over HTTP, sending a command again with its key when no answer came, and others listen to event
streams. Afterwards a checker compares four logs: what clients were told, the event store, the whole topic on Kafka, and
the read models, these also with a quiet fold of the same events. *Lost* and *doubled* count contradictions to
guarantees 1–10 (`docs/guarantees.md`), *other* is disorder or a different answer. Recovery is from the blow until
everything that was hit is ready again.

{date} · {machine} · {commands} commands accepted, {events} events checked

| fault | seeds | lost | doubled | other | recovery p50 | p99 | promised |
| --- | --- | --- | --- | --- | --- | --- | --- |
{rows}
{measures}
## What each does

{faults}

One of them again: `studio chaos FAULT --seed S`. On a context of your own:
`studio chaos --workload package.module:name`, see `services/studio/chaos/workload.py`.
"""
