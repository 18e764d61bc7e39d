"""The figures as one picture: rates beside their limits, latencies beside their goals."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure as Picture

from benchmarks.figures import Figure, Results
from benchmarks.samples import Sample

OURS, LIMIT, GOAL = "#2a6f97", "#bfc5ca", "#c1121f"


def draw(path: Path, results: Sequence[Results], caption: str) -> None:
    """Writes the picture."""
    mpl.rcParams["font.size"] = 9
    figures = [figure for result in results for figure in result.figures]
    rates = [figure for figure in figures if figure.unit in ("/s", "events/s") and figure.limit is not None]
    latencies = [figure for figure in figures if figure.unit == "ms"]
    rows = len(rates), len(latencies)
    picture = Picture(figsize=(12, 1.5 + 0.6 * sum(rows)), layout="constrained")
    above, below = picture.subplots(2, 1, height_ratios=rows)
    _bars(above, rates, "a second")
    _bars(below, latencies, "milliseconds")
    picture.suptitle(
        "Genesis Studio: ours beside the limit of the same run (median, least and greatest)", fontweight="bold"
    )
    picture.supxlabel(caption, fontsize=7, color="#666666")
    picture.savefig(path, dpi=110, metadata={"Software": None})


def _bars(axes: Axes, figures: Sequence[Figure], unit: str) -> None:
    for row, figure in enumerate(figures):
        _bar(axes, row - 0.2, figure.ours, OURS)
        if figure.limit is not None:
            _bar(axes, row + 0.2, figure.limit.sample, LIMIT)
        for goal in figure.goals:
            value = goal.value if goal.of == "value" else goal.value * _limit_median(figure)
            axes.plot([value, value], [row - 0.42, row + 0.42], color=GOAL, linewidth=1.5)
            axes.annotate(f" {goal.text}", (value, row), fontsize=7, color=GOAL, va="center", ha="left")
    axes.set_yticks(range(len(figures)), [_label(figure) for figure in figures])
    axes.invert_yaxis()
    axes.set_xlabel(f"{unit} (blue: ours; grey: limit; red: goal)")
    axes.spines[["top", "right"]].set_visible(False)


def _bar(axes: Axes, row: float, sample: Sample, colour: str) -> None:
    error = [[sample.median - sample.least], [sample.greatest - sample.median]]
    axes.barh(row, sample.median, height=0.36, color=colour, xerr=error, error_kw={"linewidth": 0.8, "capsize": 2})


def _limit_median(figure: Figure) -> float:
    assert figure.limit is not None, "a goal of a ratio comes with a limit"
    return figure.limit.sample.median


def _label(figure: Figure) -> str:
    ratio = figure.ratio
    return (
        figure.name
        if ratio is None
        else f"{figure.name}\n{ratio.median:.2f} × {figure.limit.name if figure.limit else ''}"
    )
