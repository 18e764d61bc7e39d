"""`make bench`: measures, shows each figure beside its limit, and keeps the results.

`python -m benchmarks.run [--short] [PART …]`. The default takes about a quarter of an hour, `--short` a few
minutes, which is enough to see that everything works and too little to compare by. Only a run of all parts is kept.
"""

import argparse
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from rich.console import Console

from benchmarks import (
    commands,
    projecting,
    rebuilding,
    relaying,
    row_level_security,
    starting,
    steady,
    stream_latency,
    streams,
)
from benchmarks.figures import Results
from benchmarks.machine import describe_machine
from benchmarks.plot import draw
from benchmarks.report import passed, save, show

RESULTS = Path(__file__).parent / "results"

Measure = Callable[[Callable[[str], None]], Results]


def main() -> None:
    """Runs all benchmarks, or some."""
    parts = _parts(short=False)
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(parts)}; all without it")
    parser.add_argument("--short", action="store_true", help="every step once, as briefly as can be")
    parser.add_argument("--results", type=Path, default=RESULTS, help="directory for latest.json and latest.png")
    arguments = parser.parse_args()
    unknown = [part for part in arguments.parts if part not in parts]
    if unknown:
        parser.error(f"there is no part {', '.join(unknown)}")
    run(arguments.parts or list(parts), short=arguments.short, directory=arguments.results)


def run(chosen: list[str], *, short: bool, directory: Path) -> None:
    """Measures and shows; saves when nothing was left out."""
    console = Console()
    machine = describe_machine()
    console.print(
        f"{machine['cores']} cores of {machine['cpu']}, load before: {machine['load_average_before']}", style="dim"
    )
    started = time.monotonic()
    parts = _parts(short=short)
    results = []
    for part in chosen:
        with console.status("") as status:
            results.append(parts[part](status.update))
        show(console, results[-1])
    met, goals = passed(results)
    console.print(f"{met} of {goals} goals met in {time.monotonic() - started:.0f} s")
    if set(chosen) == set(parts):
        length = "short" if short else "default"
        save(directory / "latest.json", machine, length, results)
        draw(directory / "latest.png", results, _caption(machine, length))
        console.print(f"Saved as {directory}/latest.json and latest.png")


def _parts(*, short: bool) -> Mapping[str, Measure]:
    """Every part by name, at its length."""
    lengths: Mapping[str, tuple[Callable[..., Results], object, object]] = {
        "commands": (commands.measure_commands, commands.Length(3, 3.0), commands.Length(1, 1.0)),
        "latency": (
            stream_latency.measure_stream_latency,
            stream_latency.Length(3, 6.0, 6.0),
            stream_latency.Length(1, 2.0, 1.5),
        ),
        "relay": (relaying.measure_relaying, relaying.Length(5, 80_000, 2_000_000), relaying.Length(1, 5_000, 20_000)),
        "projector": (projecting.measure_projecting, projecting.Length(3, 50_000), projecting.Length(1, 5_000)),
        "rebuild": (rebuilding.measure_rebuilding, rebuilding.Length(3, 1_000), rebuilding.Length(1, 60)),
        "rls": (
            row_level_security.measure_row_level_security,
            row_level_security.Length(5, 300, 20),
            row_level_security.Length(1, 30, 10),
        ),
        "streams": (streams.measure_streams, streams.Length(10_000, 3), streams.Length(1_000, 1)),
        "steady": (steady.measure_steady, steady.Length(2, 30.0), steady.Length(1, 5.0)),
        "start": (starting.measure_starting, starting.Length(2), starting.Length(1)),
    }
    return {name: partial(measure, short_one if short else one) for name, (measure, one, short_one) in lengths.items()}


def _caption(machine: dict[str, object], length: str) -> str:
    return (
        f"{machine['date']} · {machine['cores']} cores of {machine['cpu']} · PostgreSQL {machine['postgresql']} · "
        f"Python {machine['python']} · {length} run"
    )


if __name__ == "__main__":
    main()
