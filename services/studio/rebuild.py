"""`studio rebuild`: read models made anew beside live traffic, as their operator sees it."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Final, Self

import psycopg
from rich import progress as bars
from rich.console import Console
from rich.table import Table

from services.runtime.rebuilding.choice import Choice
from services.runtime.rebuilding.comparing import Difference, TableComparison
from services.runtime.rebuilding.errors import RebuildError, StopAsked
from services.runtime.rebuilding.rebuilder import Outcome, Phase, Progress, Rebuilder
from services.runtime.rebuilding.record import State
from services.studio.errors import StudioError

CONTEXTS: Final = "services.catalogue:CONTEXTS"
VALUE_LENGTH_MAX: Final = 60


def run_rebuild(
    database_url: str, console: Console, names: Sequence[str], *, workers: int, accept_differences: bool
) -> bool:
    """Rebuild with a progress bar until it is swapped, Ctrl-C or a difference; True only if it is swapped."""
    with _in_plain_words(), _Display(console) as display:
        rebuilder = Rebuilder(database_url, CONTEXTS, workers=workers, tell=display.show)
        _announce(console, rebuilder.choice(names))
        try:
            outcome = rebuilder.run(names, accept_differences=accept_differences)
        except (KeyboardInterrupt, StopAsked):
            display.close()
            console.print("Paused. Nothing that readers see has changed. `studio rebuild` goes on from here.")
            return False
    for comparison in outcome.comparisons:
        _show_comparison(console, comparison)
    _conclude(console, outcome)
    return outcome.swapped


def take_step(database_url: str, console: Console, step: str) -> None:
    """Look at a rebuild (`status`), or decide what becomes of it: `pause`, `cancel`, `undo`, `drop`."""
    with _in_plain_words(), _Display(console) as display:
        rebuilder = Rebuilder(database_url, CONTEXTS, tell=display.show)
        match step:
            case "status":
                _show_status(console, rebuilder)
            case "pause":
                rebuilder.pause()
                console.print("Paused. `studio rebuild` goes on.")
            case "cancel":
                rebuilder.cancel()
                console.print("Cancelled. Nothing of it is left, and nothing that readers see has changed.")
            case "undo":
                rebuilder.undo()
                console.print("The old tables are back, with everything that has happened since.")
            case "drop":
                rebuilder.drop()
                console.print("The old tables are dropped.")
            case _:
                raise AssertionError(step)


class _Display:
    """A line for each phase; the one that takes long has a bar, a rate and the time that is left."""

    def __init__(self, console: Console) -> None:
        self._bars = bars.Progress(
            bars.TextColumn("{task.description}"),
            bars.BarColumn(),
            bars.TextColumn("{task.fields[count]}"),
            bars.TextColumn("{task.fields[rate]}"),
            bars.TimeRemainingColumn(compact=True, elapsed_when_finished=True),
            console=console,
        )
        self._tasks: dict[Phase, bars.TaskID] = {}

    def __enter__(self) -> Self:
        self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """What is on the screen stays."""
        self._bars.stop()

    def show(self, now: Progress) -> None:
        """The phase's line as it is now; phases before it are done."""
        if now.phase not in self._tasks:
            for task in self._tasks.values():
                self._bars.update(task, total=1, completed=1)
            self._tasks[now.phase] = self._bars.add_task(now.phase, total=None, count="", rate="")
        task = self._tasks[now.phase]
        self._bars.update(task, completed=now.done, total=now.total or None, count=_count(now))
        speed = self._bars.tasks[task].finished_speed or self._bars.tasks[task].speed
        self._bars.update(task, rate=f"{speed:,.0f}/s" if speed and now.phase is Phase.FILLING else "")


def _count(now: Progress) -> str:
    if now.total:
        return f"{now.done:,} of {now.total:,}"
    return f"{now.done:,}" if now.done else ""


def _announce(console: Console, choice: Choice) -> None:
    if choice.brought_along:
        along, named = (", ".join(names) for names in (choice.brought_along, _named(choice)))
        console.print(f"{along} will be rebuilt too: what is deleted there takes rows of {named} with it.")


def _named(choice: Choice) -> list[str]:
    return [name for name in choice.projections if name not in choice.brought_along]


def _show_comparison(console: Console, comparison: TableComparison) -> None:
    if not comparison.differing:
        console.print(f"{comparison.table}: {comparison.live_rows:,} rows, all the same", highlight=False)
        return
    console.print(
        f"{comparison.table}: {comparison.differing:,} rows differ "
        f"({comparison.live_rows:,} live, {comparison.rebuilt_rows:,} rebuilt)",
        style="yellow",
        highlight=False,
    )
    table = Table("key", "column", "live", "rebuilt", box=None, header_style="bold")
    for difference in comparison.shown:
        for row in _lines(difference):
            table.add_row(*row)
    console.print(table)


def _lines(difference: Difference) -> Iterator[tuple[str, str, str, str]]:
    if difference.live is None or difference.rebuilt is None:
        yield difference.key, "", _short(difference.live), _short(difference.rebuilt)
        return
    for column in difference.columns():
        yield difference.key, column, _short(difference.live[column]), _short(difference.rebuilt[column])


def _short(value: object) -> str:
    text = "no such row" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= VALUE_LENGTH_MAX else f"{text[: VALUE_LENGTH_MAX - 1]}…"


def _conclude(console: Console, outcome: Outcome) -> None:
    if outcome.swapped:
        console.print("Readers see the rebuilt tables now. The old ones are kept:")
        console.print("`studio rebuild --undo` puts them back, `studio rebuild --drop` drops them.")
    else:
        console.print("Stopped before the swap, because rows differ. That is so when the projection was mended:")
        console.print("`studio rebuild --accept-differences` goes on, `studio rebuild --cancel` gives it up.")


def _show_status(console: Console, rebuilder: Rebuilder) -> None:
    found = rebuilder.status()
    if found is None:
        console.print("There is no rebuild.")
        return
    rebuild, progress = found
    console.print(f"Rebuild {rebuild.id} of {', '.join(rebuild.projections)} is {rebuild.state.lower()}.")
    if rebuild.state is State.FILLING:
        console.print(f"{progress.filled_events:,} of {progress.events:,} events are in the new tables.")
    if progress.failure is not None:
        console.print(progress.failure, style="red", markup=False)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except RebuildError as error:
        raise StudioError(error.sentence, remedy=error.remedy) from error
    except psycopg.OperationalError as error:
        # 57P0x: the server is shutting down. No code at all: the socket broke.
        if error.sqlstate is not None and not error.sqlstate.startswith("57P"):
            raise
        raise StudioError(
            f"The database went away: {str(error).strip()}.",
            remedy="What was done is kept: run the same command again when it is back.",
        ) from error
