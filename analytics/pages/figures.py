"""Tables of figures, each of which leads to the rows behind it (components/figures.html)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from analytics import metrics
from analytics.metric import Metric
from analytics.pages import words
from analytics.sums import Sums
from xenofy.common.formats import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One figure; `href` leads to its rows, `strong` is that of a column that matters most."""

    text: str
    href: str = ""
    strong: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One row; `width` is its bar, `change` that of its main figure against the earlier days."""

    name: str
    change: Change
    cells: list[Cell]
    width: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The inputs of components/figures.html; `changes` is whose change the last column has."""

    caption: str
    columns: list[str]
    bars: bool
    changes: str
    rows: list[FigureRow]
    totals: FigureRow


def figure_row(
    name: str,
    *,
    sums: Sums,
    earlier: Sums | None,
    shown: Iterable[Metric | None],
    currency: str,
    proof: Callable[[Metric], str],
    main: Metric = metrics.NET_SALES,
    width: str = "",
) -> FigureRow:
    """Return the row of some sums; a column without a metric stays empty."""
    return FigureRow(
        name=name,
        width=width,
        change=words.change(main, sums, earlier, currency),
        cells=[
            _cell(metric, sums, currency, proof(metric)) if metric else Cell(text="")
            for metric in shown
        ],
    )


def _cell(metric: Metric, sums: Sums, currency: str, proof: str) -> Cell:
    value = metric.value(sums, currency)
    return Cell(
        text=words.shown(metric, value, currency),
        href=proof if value else "",
        strong=metric in (metrics.NET_SALES, metrics.TOTAL_SALES),
    )
