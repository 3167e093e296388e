"""Cohorts and RFM cells as tables whose cells lead to their customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analytics.enums import Grain
from analytics.pages import words
from analytics.pages.files import files
from analytics.pages.links import Links
from analytics.pages.picker import Choice
from analytics.periods import Period, bucket_after, bucket_name
from analytics.reports.cohorts import GRAINS, Cell, Cohort, CohortsReport
from analytics.reports.coverage import Coverage
from analytics.reports.rfm import BANDS, Rfm, RfmCell
from xenofy.common import formats

FEW = 20  # below it a share says more than is known: counts are shown
LEVELS = tuple(map(Decimal, ("0.02", "0.04", "0.06", "0.08", "0.10", "0.13", "0.16", "0.20")))
STEPS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatCell:
    """One cell; `kind` is a class of static/css/components/heat.css."""

    text: str
    kind: str = ""
    title: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatRow:
    """One row: its name, how many people it has, and its cells."""

    name: str
    size: HeatCell
    cells: list[HeatCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatTable:
    """The inputs of components/heat.html; `whole` is the row of all of them."""

    caption: str
    corner: str
    columns: list[str]
    rows: list[HeatRow]
    whole: HeatRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortSheet:
    """The inputs of analytics/_cohorts.html; without a table nothing followed the first one."""

    noun: str
    kinds: list[Choice]
    table: HeatTable | None
    files: list[Choice]


def cohort_sheet(report: CohortsReport, links: Links) -> CohortSheet | None:
    """Return who ordered again by the week, month or quarter of the first order; None where
    nobody has ordered."""
    query = report.query
    if not report.cohorts:
        return None
    return CohortSheet(
        noun=query.grain.value,
        kinds=[
            Choice(
                label=grain.value.capitalize(),
                href=links.to(cohorts=grain.value),
                current=grain is query.grain,
            )
            for grain in GRAINS
        ],
        table=_Cohorts(report, links).table(),
        files=files("cohorts", query, grain=query.grain.value),
    )


def cohort_name(first: date, grain: Grain, *, today: date) -> str:
    """Write when a cohort began: "5 Oct", "Oct 2026", "Q4 2026"."""
    if grain is Grain.MONTH:
        return f"{formats.MONTHS[first.month - 1]} {first.year}"
    return words.bucket_label(Period(first, first), grain, today=today)


def rfm_table(found: Rfm | None, links: Links, coverage: Coverage) -> HeatTable | None:
    """Return the customers by last order and number of orders; None for fewer than fifths need."""
    if found is None or sum(cell.customers for cell in found.cells) < len(BANDS):
        return None
    most = max(cell.customers for cell in found.cells)
    rows = [found.cells[first : first + len(BANDS)] for first in range(0, len(found.cells), 5)]
    currency = coverage.currency
    return HeatTable(
        caption="Customers by last order and number of orders",
        corner="Last order",
        columns=[_band(*band) for band in BANDS],
        rows=[_fifth(row, found, most, links, coverage) for row in rows],
        whole=HeatRow(
            name="All",
            size=HeatCell(text=formats.integer(_people(found.cells), currency)),
            cells=[
                HeatCell(text=formats.integer(_people(found.cells[band::5]), currency))
                for band in range(len(BANDS))
            ],
        ),
    )


class _Cohorts:
    """Cohorts as a table, each of whose cells leads to its customers."""

    def __init__(self, report: CohortsReport, links: Links) -> None:
        self.found = report.cohorts
        self.grain = report.query.grain
        self.currency = report.query.currency
        self.today = report.coverage.today
        self.links = links

    def table(self) -> HeatTable | None:
        """Return the table; None where no week, month or quarter followed the first one."""
        width = max(len(cohort.cells) for cohort in self.found)
        if not width:
            return None
        return HeatTable(
            caption=f"Cohorts by {self.grain}",
            corner="First order",
            columns=[str(number) for number in range(1, width + 1)],
            rows=[self._row(cohort) for cohort in self.found],
            whole=self._whole(width),
        )

    def _row(self, cohort: Cohort) -> HeatRow:
        return HeatRow(
            name=cohort_name(cohort.start, self.grain, today=self.today),
            size=HeatCell(
                text=formats.integer(cohort.size, self.currency), href=self._href(cohort)
            ),
            cells=[self._cell(cohort, number, cell) for number, cell in enumerate(cohort.cells, 1)],
        )

    def _cell(self, cohort: Cohort, number: int, cell: Cell) -> HeatCell:
        """Return a share, or the count of a small cohort; what is not over is marked."""
        share = Decimal(cell.active) / cohort.size
        level = sum(share >= least for least in LEVELS)
        running = "" if cell.mature else f", the {self.grain} is not over"
        return HeatCell(
            text=formats.percent(share) if cohort.size >= FEW else str(cell.active),
            kind=f"h{level}" if cell.mature else "part",
            title=f"{cell.active} of {cohort.size}{running}",
            href=self._href(cohort, number) if cell.active else "",
        )

    def _href(self, cohort: Cohort, number: int = 0) -> str:
        """Return where the customers of a cohort are listed, or those who ordered in a cell."""
        names = [
            bucket_name(bucket_after(cohort.start, self.grain, after), self.grain)
            for after in (0, number)
        ]
        active = {"active": names[1]} if number else {}
        kept = {"cohorts": self.grain.value}
        return f"{self.links.only(cohort=names[0], **active, **kept)}#rows"

    def _whole(self, width: int) -> HeatRow:
        """Return the share of all customers for whom so many months, say, are over."""
        cells = []
        for number in range(width):
            over = [each for each in self.found
                    if len(each.cells) > number and each.cells[number].mature]  # fmt: skip
            size = sum(each.size for each in over)
            active = sum(each.cells[number].active for each in over)
            text = formats.percent(Decimal(active) / size) if size else ""
            cells.append(HeatCell(text=text, title=f"{active} of {size}"))
        size = sum(each.size for each in self.found)
        whole = HeatCell(text=formats.integer(size, self.currency))
        return HeatRow(name="All", size=whole, cells=cells)


def _fifth(
    cells: Sequence[RfmCell], found: Rfm, most: int, links: Links, coverage: Coverage
) -> HeatRow:
    recency = cells[0].of.recency
    people = formats.integer(_people(cells), coverage.currency)
    return HeatRow(
        name=_since(recency, found, coverage),
        size=HeatCell(text=people),
        cells=[_rfm_cell(cell, most, links, coverage.currency) for cell in cells],
    )


def _rfm_cell(cell: RfmCell, most: int, links: Links, currency: str) -> HeatCell:
    of = f"{cell.of.recency}{cell.of.frequency}"
    return HeatCell(
        text=formats.integer(cell.customers, currency),
        kind=f"h{-(-cell.customers * STEPS // most)}",
        title=f"{words.minor(cell.net_sales, currency)} net sales",
        href=f"{links.only(rfm=of)}#rows" if cell.customers else "",
    )


def _since(recency: int, found: Rfm, coverage: Coverage) -> str:
    """Write the days of a fifth: "up to 3 Mar", "after 2 Nov"."""
    limits = [
        formats.day(limit.astimezone(coverage.zone).date(), today=coverage.today)
        for limit in found.since
    ]
    if recency == 1:
        return f"Up to {limits[0]}"
    if recency > len(limits):
        return f"After {limits[-1]}"
    return f"{limits[recency - 2]} – {limits[recency - 1]}"


def _people(cells: Sequence[RfmCell]) -> int:
    return sum(cell.customers for cell in cells)


def _band(low: int, high: int | None) -> str:
    if high == low:
        return words.counted(low, "order")
    return f"{low}–{high} orders" if high else f"{low} or more"
