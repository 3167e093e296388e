"""The groups of customers and what each of them brings (analytics/_groups.html)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analytics import findings
from analytics.pages import words
from analytics.pages.figures import Cell
from analytics.pages.links import Links
from analytics.reports.rfm import BANDS, Rfm, RfmGroup
from analytics.reports.rfm_groups import GROUPS, rule_of
from xenofy.common import formats


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """One group, each of whose figures leads to its customers; `width` is its share as a bar."""

    name: str
    rule: str
    width: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable:
    """The inputs of analytics/_groups.html."""

    heading: str
    rows: list[GroupRow]
    totals: list[Cell]


def group_table(found: Rfm | None, links: Links, currency: str) -> GroupTable | None:
    """Return the groups; None for fewer customers than their fifths need."""
    if found is None:
        return None
    people = sum(group.customers for group in found.groups)
    money = sum(group.net_sales for group in found.groups)
    if people < len(BANDS):
        return None
    most = max(group.net_sales for group in found.groups)
    return GroupTable(
        heading=_heading(found, people, money),
        rows=[_row(group, links, currency, money=money, most=most) for group in found.groups],
        totals=[
            Cell(text=text, href=f"{links.only()}#rows" if text else "")
            for text in (formats.integer(people, currency), "", words.minor(money, currency))
        ],
    )


def _heading(found: Rfm, people: int, money: int) -> str:
    """Tell of the group whose customers brought most each."""
    known = [group for group in found.groups if group.customers]
    best = max(known, key=lambda group: Decimal(group.net_sales) / group.customers)
    told = money > 0 and findings.of_groups(
        GROUPS[best.key].name,
        people=Decimal(best.customers) / people,
        money=Decimal(best.net_sales) / money,
        customers=people,
    )
    return told or "Groups of customers"


def _row(group: RfmGroup, links: Links, currency: str, *, money: int, most: int) -> GroupRow:
    named = GROUPS[group.key]
    href = f"{links.only(group=group.key)}#rows" if group.customers else ""
    width = Decimal(max(0, group.net_sales)) / most if most > 0 else Decimal(0)
    texts = (
        formats.integer(group.customers, currency),
        formats.percent(Decimal(group.net_sales) / money) if money else words.UNKNOWN,
        words.minor(group.net_sales, currency),
    )
    return GroupRow(
        name=named.name,
        rule=rule_of(named),
        width=f"{width * 100:.1f}%",
        cells=[Cell(text=text, href=href) for text in texts],
    )
