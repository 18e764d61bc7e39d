"""`studio chaos`: breaks a studio of its own on purpose and says what came of it."""

import asyncio
import signal
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from services.studio.chaos.catalogue import FAULTS, faults_named
from services.studio.chaos.faults import Fault
from services.studio.chaos.report import FaultRun, FoundTrouble, Report, read_report, write_report
from services.studio.chaos.rounds import Tell, run_chaos
from services.studio.chaos.workload import DEFAULT_WORKLOAD, load_workload
from services.studio.errors import StudioError

SENTENCES_MAX = 10
"""Contradictions shown for a run; the report has them all."""


def list_faults(console: Console) -> None:
    """Prints what may be asked for."""
    table = Table("fault", "what it does", box=None, header_style="bold")
    for fault in FAULTS:
        table.add_row(fault.name, fault.does)
    console.print(table)


def break_studio(
    names: Sequence[str],
    *,
    seeds: Sequence[int],
    workload_name: str,
    soak_minutes: float,
    report_path: Path | None,
    console: Console,
) -> bool:
    """Does the faults with every seed; True if every guarantee held. Raises StudioError."""
    faults, workload = faults_named(names, soak_minutes=soak_minutes), load_workload(workload_name)
    earlier = read_report(report_path) if report_path is not None else None
    known = {fault.name: fault for fault in (*FAULTS, *faults)}

    def keep(report: Report) -> None:
        if report_path is not None:
            write_report(report.added_to(earlier) if earlier is not None else report, [*known.values()], report_path)

    # Not uvloop: on it the HTTP client stumbles over a connection that is cut the moment it is made.
    report = asyncio.run(_until_told(run_chaos(faults, seeds, workload, _teller(console), keep)))
    for run in report.failed:
        _show(f"{run.fault} with seed {run.seed}", run.troubles, console)
    _show("all rounds together", report.whole, console)
    again = {replay_command(run, report.runs, faults, workload_name) for run in report.failed}
    if report.whole:
        again.add(f"studio chaos {' '.join(names)} --seeds {len(seeds)} --seed {seeds[0]}")
    for command in sorted(again):
        console.print(f"Again: {command}", highlight=False, style="bold")
    return not report.failed and not report.whole


def replay_command(failed: FaultRun, runs: Sequence[FaultRun], faults: Sequence[Fault], workload_name: str) -> str:
    """The one command that does a run again: with everything that was done together with it."""
    alone = {fault.name for fault in faults if fault.is_alone}
    beside = [run.fault for run in runs if run.seed == failed.seed and run.fault not in alone]
    names = " ".join([failed.fault] if failed.fault in alone else beside)
    workload = "" if workload_name == DEFAULT_WORKLOAD else f" --workload {workload_name}"
    return f"studio chaos {names} --seed {failed.seed}{workload}"


async def _until_told(work: Coroutine[Any, Any, Report]) -> Report:
    """The work to its end, or until SIGTERM, which leaves nothing running either."""
    task = asyncio.create_task(work)
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    try:
        return await task
    except asyncio.CancelledError:
        raise StudioError("It was told to stop before it was done.", remedy="Nothing of it runs any more.") from None


def _teller(console: Console) -> Tell:
    return lambda line: console.print(line, highlight=False)


def _show(about: str, troubles: Sequence[FoundTrouble], console: Console) -> None:
    for trouble in troubles[:SENTENCES_MAX]:
        sentence = f"{about}: guarantee {trouble.guarantee}, {trouble.trouble}: {trouble.sentence}"
        console.print(sentence, style="red", markup=False, highlight=False)
