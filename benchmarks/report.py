"""Results for the eye, as JSON and as a picture."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import orjson
from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figure, Results
from benchmarks.samples import Sample


def show(console: Console, results: Results) -> None:
    """One table: ours, the limit, the ratio, the goal."""
    table = Table(title=results.title, title_justify="left", title_style="bold")
    table.add_column("what")
    for name in ("ours", "limit", "ratio"):
        table.add_column(name, justify="right")
    table.add_column("goal")
    for figure in results.figures:
        limit = (
            ""
            if figure.limit is None
            else f"{_range(figure.limit.sample)} {figure.unit}\n[dim]{figure.limit.name}[/dim]"
        )
        ratio = "" if figure.ratio is None else f"{_range(figure.ratio)} ×"
        table.add_row(figure.name, f"{_range(figure.ours)} {figure.unit}", limit, ratio, _goals(figure))
    console.print(table)
    for figure in results.figures:
        if figure.note:
            console.print(f"  {figure.name}: {figure.note}", style="dim")


def save(path: Path, machine: dict[str, object], length: str, results: Iterable[Results]) -> None:
    """Everything that was measured, with what is needed to understand it later."""
    document = {
        "machine": machine,
        "length": length,
        "results": [
            {
                "title": result.title,
                "figures": [_figure(figure) for figure in result.figures],
                "details": result.details,
            }
            for result in results
        ],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


def _figure(figure: Figure) -> dict[str, object]:
    return {
        "name": figure.name,
        "unit": figure.unit,
        "ours": _sample(figure.ours),
        "limit": None if figure.limit is None else {"name": figure.limit.name, **_sample(figure.limit.sample)},
        "ratio": None if figure.ratio is None else _sample(figure.ratio),
        "goals": [{"text": goal.text, "met": goal.met_by(figure.reached(goal))} for goal in figure.goals],
    }


def _sample(sample: Sample) -> dict[str, object]:
    return {
        "median": _rounded(sample.median),
        "min": _rounded(sample.least),
        "max": _rounded(sample.greatest),
        "runs": [_rounded(value) for value in sample.values],
    }


def _goals(figure: Figure) -> str:
    marks = [("[green]✓[/green]" if g.met_by(figure.reached(g)) else "[red]✗[/red]", g.text) for g in figure.goals]
    return "\n".join(f"{mark} {text}" for mark, text in marks)


def _range(sample: Sample) -> str:
    return f"[bold]{_number(sample.median)}[/bold] [dim]({_number(sample.least)}–{_number(sample.greatest)})[/dim]"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _rounded(value: float) -> float:
    return round(value, 1) if value >= 100 else round(value, 3)


def passed(results: Sequence[Results]) -> tuple[int, int]:
    """How many goals are met, of how many."""
    met = [
        goal.met_by(figure.reached(goal)) for result in results for figure in result.figures for goal in figure.goals
    ]
    return sum(met), len(met)
