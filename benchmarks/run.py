"""`make bench`: measures, shows each figure beside its limit, and keeps the results.

`python -m benchmarks.run [--short]`. The default takes about four minutes, `--short` under 40 seconds, which is enough
to see that everything works and too little to compare anything by.
"""

import argparse
import time
from pathlib import Path

from rich.console import Console

from benchmarks import commands, stream_latency
from benchmarks.machine import describe_machine
from benchmarks.plot import draw
from benchmarks.report import passed, save, show

RESULTS = Path(__file__).parent / "results"


def main() -> None:
    """Runs all benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__)
    parser.add_argument("--short", action="store_true", help="every step once, in under 40 seconds")
    parser.add_argument("--results", type=Path, default=RESULTS, help="directory for latest.json and latest.png")
    arguments = parser.parse_args()
    run(short=arguments.short, directory=arguments.results)


def run(*, short: bool, directory: Path) -> None:
    """Measures, shows and saves."""
    console = Console()
    machine = describe_machine()
    console.print(
        f"{machine['cores']} cores of {machine['cpu']}, load before: {machine['load_average_before']}", style="dim"
    )
    started = time.monotonic()
    with console.status("") as status:
        tell = status.update
        results = [
            commands.measure_commands(commands.Length(1, 1.0) if short else commands.Length(5, 3.0), tell),
            stream_latency.measure_stream_latency(
                stream_latency.Length(1, 2.0, 1.5) if short else stream_latency.Length(3, 8.0, 6.0), tell
            ),
        ]
    for result in results:
        show(console, result)
    length = "short" if short else "default"
    save(directory / "latest.json", machine, length, results)
    draw(directory / "latest.png", results, _caption(machine, length))
    met, goals = passed(results)
    console.print(
        f"{met} of {goals} goals met in {time.monotonic() - started:.0f} s; {directory}/latest.json and latest.png"
    )


def _caption(machine: dict[str, object], length: str) -> str:
    return (
        f"{machine['date']} · {machine['cores']} cores of {machine['cpu']} · PostgreSQL {machine['postgresql']} · "
        f"Python {machine['python']} · {length} run"
    )


if __name__ == "__main__":
    main()
