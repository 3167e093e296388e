"""What stands above every page of figures (components/tools.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analytics.metric import Metric
from analytics.pages.figure import Charted, Figure, figure, grains
from analytics.pages.files import files
from analytics.pages.kpis import Kpi, kpis
from analytics.pages.links import Links
from analytics.pages.notes import Note, currencies, notes
from analytics.pages.picker import Choice, Picker, period_picker
from analytics.reports.coverage import Coverage
from analytics.reports.overview import OverviewQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """The picker, the currencies (none where there is one only), the files, and what to know.

    `importing` tells that the shop's history is being read.
    """

    picker: Picker
    currencies: list[Choice]
    files: list[Choice]
    notes: list[Note]
    importing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The inputs of components/chart.html: figures, and the chart of one of them."""

    figure: Figure
    grains: list[Choice]
    kpis: list[Kpi]
    files: list[Choice]


def chart(report: Charted, links: Links, strip: Sequence[Metric], *, file: str = "") -> Chart:
    """Return the figures of a report with the chart of the chosen one.

    `file` is the report of the API that has the same figures.
    """
    return Chart(
        figure=figure(report, links),
        grains=grains(report, links),
        kpis=kpis(report, links, strip, back=strip[0]),
        files=files(file, report.query, grain=report.grain.value) if file else [],
    )


def frame(
    query: OverviewQuery, links: Links, *, coverage: Coverage, report: str = "", stale: int = 0
) -> Frame:
    """Return the frame of a page; `report` is that of the API with its figures."""
    return Frame(
        picker=period_picker(query, links, coverage=coverage),
        currencies=currencies(coverage, links, chosen=query.currency),
        files=files(report, query),
        notes=notes(coverage, query.period, stale=stale),
        importing=coverage.history_since is not None,
    )
