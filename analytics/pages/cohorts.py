"""Cohorts and RFM cells as tables whose cells lead to their customers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analytics.pages import words
from analytics.pages.links import Links
from analytics.periods import add_months
from analytics.reports.cohorts import Cell, Cohort
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


def cohort_table(found: Sequence[Cohort], links: Links, currency: str) -> HeatTable | None:
    """Return who ordered again by the month of the first order; None where no month followed."""
    width = max((len(cohort.cells) for cohort in found), default=0)
    if not width:
        return None
    return HeatTable(
        caption="Cohorts by month",
        corner="First order",
        columns=[str(number) for number in range(1, width + 1)],
        rows=[_cohort(cohort, links, currency) for cohort in found],
        whole=_whole(found, width, currency),
    )


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


def _cohort(cohort: Cohort, links: Links, currency: str) -> HeatRow:
    month = _key(cohort.start)
    return HeatRow(
        name=f"{formats.MONTHS[cohort.start.month - 1]} {cohort.start.year}",
        size=HeatCell(
            text=formats.integer(cohort.size, currency),
            href=f"{links.only(cohort=month)}#rows",
        ),
        cells=[
            _cell(cohort, cell, _key(add_months(cohort.start, number)), links)
            for number, cell in enumerate(cohort.cells, 1)
        ],
    )


def _cell(cohort: Cohort, cell: Cell, active: str, links: Links) -> HeatCell:
    """Return a share, or the count of a small cohort; a month that runs is marked."""
    share = Decimal(cell.active) / cohort.size
    level = sum(share >= least for least in LEVELS)
    return HeatCell(
        text=formats.percent(share) if cohort.size >= FEW else str(cell.active),
        kind=f"h{level}" if cell.mature else "part",
        title=f"{cell.active} of {cohort.size}{'' if cell.mature else ', the month is not over'}",
        href=f"{links.only(cohort=_key(cohort.start), active=active)}#rows" if cell.active else "",
    )


def _whole(found: Sequence[Cohort], width: int, currency: str) -> HeatRow:
    """Return the share of all customers whose month after so many months is over."""
    cells = []
    for number in range(width):
        over = [each for each in found if len(each.cells) > number and each.cells[number].mature]
        size = sum(each.size for each in over)
        active = sum(each.cells[number].active for each in over)
        text = formats.percent(Decimal(active) / size) if size else ""
        cells.append(HeatCell(text=text, title=f"{active} of {size}"))
    size = sum(each.size for each in found)
    return HeatRow(name="All", size=HeatCell(text=formats.integer(size, currency)), cells=cells)


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


def _key(month: date) -> str:
    return f"{month:%Y-%m}"
