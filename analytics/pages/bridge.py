"""The bridge from the net sales of earlier days to those of the period (components/bridge.html)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from analytics import findings, metrics
from analytics.metric import Metric
from analytics.pages import words
from analytics.pages.links import orders_href, proof_href
from analytics.reports.bridge import Bridge, Step
from xenofy.common import formats
from xenofy.common.money import from_minor

MARGIN = Decimal(5)  # percent on either side of the drawing
NAMES = {
    "orders": ("Orders", "how many"),
    "basket": ("Baskets", "per order, before discounts"),
    "discounts": ("Discounts", "on orders and lines"),
    "returns": ("Returns", "on the day they count"),
    "edits": ("Edits", "added after the order"),
}
ROWS: dict[str, Metric] = {
    "basket": metrics.GROSS_SALES,
    "discounts": metrics.DISCOUNTS,
    "returns": metrics.RETURNS,
    "edits": metrics.GROSS_SALES,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeRow:
    """One level or one step; `at` and `width` in percent; a level has no width."""

    name: str
    detail: str
    amount: str
    href: str
    at: str
    start: str = ""
    width: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BridgeTable:
    """The inputs of components/bridge.html."""

    heading: str
    note: str
    rows: list[BridgeRow]


def bridge_table(report: Bridge) -> BridgeTable | None:
    """Return the bridge; None without earlier days or without anything to tell."""
    if report.earlier is None or not (report.now.rows or report.earlier.rows):
        return None
    steps = [step for step in report.steps if step.amount or step.key != "edits"]
    scale = _scale(report.earlier.net_sales, steps)
    return BridgeTable(
        heading=_heading(report),
        note=_note(report),
        rows=[
            _before(report, report.earlier.net_sales, scale),
            *_steps(report, report.earlier.net_sales, steps, scale),
            _now(report, scale),
        ],
    )


class _Scale:
    """Where an amount lies between the least and the greatest level, in percent."""

    def __init__(self, low: int, high: int) -> None:
        self.low = low
        self.unit = (100 - 2 * MARGIN) / (high - low) if high > low else Decimal(0)

    def at(self, amount: int) -> Decimal:
        return MARGIN + (amount - self.low) * self.unit


def _scale(before: int, steps: Sequence[Step]) -> _Scale:
    levels = [before]
    for step in steps:
        levels.append(levels[-1] + step.amount)
    return _Scale(min(levels), max(levels))


def _heading(report: Bridge) -> str:
    earlier, currency = report.earlier, report.query.currency
    if earlier is None:
        return ""
    found = findings.of_bridge(
        {step.key: from_minor(step.amount, currency) for step in report.steps},
        earlier=from_minor(earlier.net_sales, currency),
        orders=report.now.orders,
        shown=lambda amount: formats.money(amount, currency),
    )
    return found or "What moved net sales"


def _note(report: Bridge) -> str:
    gap = report.now.net_sales - (report.earlier.net_sales if report.earlier else 0)
    amount = words.minor(abs(gap), report.query.currency)
    what = f"{amount} {'more' if gap > 0 else 'less'}" if gap else "No difference"
    return f"Net sales, step by step. {what} in all: the steps add up to it exactly."


def _before(report: Bridge, net: int, scale: _Scale) -> BridgeRow:
    query = report.query
    days = words.range_of(query.earlier, today=report.coverage.today) if query.earlier else ""
    running = query.period.last == report.coverage.today  # then it is no sum of whole days
    return BridgeRow(
        name=days,
        detail=f"up to {words.clock(report.coverage)} of its last day" if running else "",
        amount=words.minor(net, query.currency),
        href=proof_href(metrics.NET_SALES, query.earlier, currency=query.currency, lens=query.lens)
        if query.earlier and not running
        else "",
        at=_percent(scale.at(net)),
        tone="c",
    )


def _steps(report: Bridge, net: int, steps: Sequence[Step], scale: _Scale) -> list[BridgeRow]:
    rows = []
    for step in steps:
        name, detail = NAMES[step.key]
        after = net + step.amount
        rows.append(
            BridgeRow(
                name=name,
                detail=detail,
                amount=_signed(step.amount, report.query.currency),
                href=_rows(report, step) if step.amount else "",
                at=_percent(scale.at(net)),
                start=_percent(scale.at(min(net, after))),
                width=_percent(abs(step.amount) * scale.unit),
                tone="f" if step.amount >= 0 else "x",
            )
        )
        net = after
    return rows


def _now(report: Bridge, scale: _Scale) -> BridgeRow:
    query, net = report.query, report.now.net_sales
    return BridgeRow(
        name=words.range_of(query.period, today=report.coverage.today),
        detail="",
        amount=words.minor(net, query.currency),
        href=proof_href(metrics.NET_SALES, query.period, currency=query.currency, lens=query.lens),
        at=_percent(scale.at(net)),
        tone="f",
    )


def _rows(report: Bridge, step: Step) -> str:
    """Return the rows of these days that a step is about."""
    query = report.query
    if step.key == "orders":
        return orders_href(query.period, currency=query.currency)
    return proof_href(ROWS[step.key], query.period, currency=query.currency, lens=query.lens)


def _signed(amount: int, currency: str) -> str:
    sign = "+" if amount > 0 else ""
    return f"{sign}{words.minor(amount, currency)}"


def _percent(value: Decimal) -> str:
    return f"{value:.2f}%"
