"""The groups of customers and what each of them brings (analytics/_groups.html)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analytics import findings
from analytics.figures import SEGMENTS
from analytics.list_forms import BY_GROUP, BY_SEGMENT
from analytics.pages import words
from analytics.pages.figures import Cell
from analytics.pages.links import Links
from analytics.pages.picker import Choice
from analytics.reports.rfm import BANDS, Rfm, RfmGroup
from analytics.reports.rfm_groups import GROUPS, rule_of
from analytics.reports.segments import Segment, Segments
from xenofy.common import formats

BY_SCORES = (
    "All customers by how lately, how often and for how much they ordered: scores from 1 to 5, of"
    " which 5 is the most."
)
BY_RULES = "All customers by when they came and what they brought; the list has who has ordered."
SEGMENT_NAMES = {figure.key: figure.label for figure in SEGMENTS}
SEGMENT_RULES = {figure.key: figure.formula for figure in SEGMENTS}


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
    text: str
    kinds: list[Choice]
    corner: str
    whole: str  # the name of all of them
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
        text=BY_SCORES,
        kinds=_kinds(links, BY_GROUP),
        corner="Group",
        whole="All who have ordered",
        rows=[_row(group, links, currency, money=money, most=most) for group in found.groups],
        totals=[
            Cell(text=text, href=f"{links.only()}#rows" if text else "")
            for text in (formats.integer(people, currency), "", words.minor(money, currency))
        ],
    )


def segment_table(found: Segments, links: Links, currency: str) -> GroupTable:
    """Return the segments; each leads to those of its customers who have ordered."""
    people = sum(each.customers for each in found.segments)
    money = sum(each.net_sales for each in found.segments)
    most = max(each.net_sales for each in found.segments)
    return GroupTable(
        heading="Customers in four segments",
        text=BY_RULES,
        kinds=_kinds(links, BY_SEGMENT),
        corner="Segment",
        whole="All customers",
        rows=[
            _of_segment(each, links, currency, money=money, most=most) for each in found.segments
        ],
        totals=[Cell(text=text) for text in (
            formats.integer(people, currency), "", words.minor(money, currency))],
    )  # fmt: skip


def _kinds(links: Links, chosen: str) -> list[Choice]:
    """Return the two ways in which people are told apart."""
    return [
        Choice(label=of.capitalize(), href=links.to(of=of), current=of == chosen)
        for of in (BY_GROUP, BY_SEGMENT)
    ]


def _of_segment(each: Segment, links: Links, currency: str, *, money: int, most: int) -> GroupRow:
    without = words.counted(each.prospects, "customer", currency)
    waiting = f" {without} without an order." if each.prospects else ""
    return GroupRow(
        name=SEGMENT_NAMES[each.key],
        rule=f"{SEGMENT_RULES[each.key]}{waiting}",
        width=_width(each.net_sales, most),
        cells=_cells(
            each.customers,
            each.net_sales,
            money,
            currency,
            href=f"{links.only(segment=each.key, of=BY_SEGMENT)}#rows"
            if each.customers > each.prospects
            else "",
        ),
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
    return GroupRow(
        name=named.name,
        rule=rule_of(named),
        width=_width(group.net_sales, most),
        cells=_cells(group.customers, group.net_sales, money, currency, href=href),
    )


def _width(net_sales: int, most: int) -> str:
    width = Decimal(max(0, net_sales)) / most if most > 0 else Decimal(0)
    return f"{width * 100:.1f}%"


def _cells(people: int, net_sales: int, money: int, currency: str, *, href: str) -> list[Cell]:
    """Return how many they are, their share of all net sales, and those."""
    texts = (
        formats.integer(people, currency),
        formats.percent(Decimal(net_sales) / money) if money else words.UNKNOWN,
        words.minor(net_sales, currency),
    )
    return [Cell(text=text, href=href) for text in texts]
