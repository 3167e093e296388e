"""Abandoned carts as texts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from analytics import metrics
from analytics.pages import words
from analytics.pages.facts import Fact
from analytics.pages.orders import moment
from analytics.reports.carts import CartsReport
from analytics.reports.coverage import Coverage
from analytics.sums import Sums
from shop_data.models import AbandonedCart
from xenofy.common import formats

ABANDONED = "Online checkouts with an e-mail or phone that were still open after 10 minutes."
RECOVERED = "Checkouts with an e-mail or phone that were completed after more than 10 minutes."
COLUMNS = ["Begun", "Holds", "Pieces", "Value"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CartsPage:
    """The inputs of analytics/carts.html."""

    sub: str
    facts: list[Fact]
    columns: list[str]
    rows: list[list[str]]


def carts_page(
    report: CartsReport, *, coverage: Coverage, currency: str, may_see_people: bool
) -> CartsPage:
    """Return the page; who has left a cart is for those who may see people."""
    contact = ["E-mail or phone"] if may_see_people else []
    return CartsPage(
        sub=f"{words.counted(report.open, 'cart', currency)} left behind, the greatest first",
        facts=_facts(report, currency),
        columns=[*COLUMNS, *contact],
        rows=[_row(cart, coverage, currency, may_see_people) for cart in report.greatest],
    )


def _facts(report: CartsReport, currency: str) -> list[Fact]:
    ever = report.open + report.recovered
    return [
        Fact(label="Abandoned carts", value=formats.integer(report.open, currency),
             title=ABANDONED),
        Fact(label="Their value", value=formats.money(report.value, currency)),
        Fact(label="With e-mail", value=_share(report.with_email, report.open),
             was=words.counted(report.with_email, "cart", currency)),
        Fact(label="Recovered", value=formats.integer(report.recovered, currency),
             was=f"{_share(report.recovered, ever)} of all abandoned", title=RECOVERED),
        Fact(label="Recovered value", value=formats.money(report.recovered_value, currency)),
        Fact(label=metrics.CHECKOUT_COMPLETED.label, value=_completed(report, currency),
             title=metrics.CHECKOUT_COMPLETED.formula),
    ]  # fmt: skip


def _completed(report: CartsReport, currency: str) -> str:
    sums = Sums(checkouts_completed=report.completed, checkouts_abandoned=report.open)
    metric = metrics.CHECKOUT_COMPLETED
    return words.shown(metric, metric.value(sums, currency), currency)


def _share(part: int, whole: int) -> str:
    return formats.percent(Decimal(part) / whole) if whole else words.UNKNOWN


def _row(cart: AbandonedCart, coverage: Coverage, currency: str, may_see_people: bool) -> list[str]:
    pieces = sum(line.get("quantity") or 0 for line in cart.lines)
    titles = [str(line.get("title") or "a line without a name") for line in cart.lines]
    value = cart.total_price
    row = [
        moment(cart.checkout_created_at, coverage),
        ", ".join(titles[:2]) + (f" and {len(titles) - 2} more" if len(titles) > 2 else ""),
        formats.integer(pieces, currency),
        words.UNKNOWN if value is None else formats.money(value, currency),
    ]
    return [*row, cart.email or cart.phone or words.UNKNOWN] if may_see_people else row
