"""Abandoned carts as texts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from analytics.figures.carts import ABANDONED, ABANDONED_VALUE, RECOVERED_VALUE
from analytics.figures.carts import RECOVERED as RECOVERED_CARTS
from analytics.figures.carts import WITH_EMAIL as ABANDONED_WITH_EMAIL
from analytics.list_forms import CartsForm
from analytics.pages import words
from analytics.pages.facts import Fact
from analytics.pages.figure import Drawn
from analytics.pages.files import list_files
from analytics.pages.frame import Chart, Frame, chart, frame
from analytics.pages.links import Links
from analytics.pages.orders import moment
from analytics.pages.picker import Choice
from analytics.periods import Period
from analytics.reports.carts import (
    COUNTED,
    LEFT,
    RECOVERED,
    WITH_EMAIL,
    CartList,
    CartsReport,
)
from analytics.reports.coverage import Coverage
from analytics.reports.overview import Bucket, OverviewQuery
from analytics.series import paired
from analytics.sums import NO_SUMS, Sums, total_of
from shop_data.models import AbandonedCart
from shop_data.privacy.kinds import without_own_words
from xenofy.common import formats
from xenofy.common.formats import Change

KINDS = {
    LEFT: "Left behind",
    WITH_EMAIL: "With e-mail",
    RECOVERED: "Recovered",
    COUNTED: "Begun, of any end",
}
COLUMNS = ["Begun", "Value", "Pieces", "Holds"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CartsPage:
    """The inputs of analytics/carts.html."""

    sub: str
    frame: Frame
    nothing: bool
    chart: Chart
    facts: list[Fact]
    files: list[Choice]
    list_files: list[Choice]
    columns: list[str]
    kinds: list[Choice]
    kept: list[tuple[str, str]]
    clear: str
    heading: str
    rows: list[list[str]]
    totals: list[str]
    first: str
    older: str


def carts_page(
    report: CartsReport,
    earlier: CartsReport | None,
    listed: CartList,
    *,
    form: CartsForm,
    query: OverviewQuery,
    links: Links,
    coverage: Coverage,
    may_see_people: bool,
) -> CartsPage:
    """Return the page; who has left a cart is for those who may see people."""
    contact = ["E-mail or phone"] if may_see_people else []
    currency, of = query.currency, form.cleaned_data["of"]
    shown = frame(query, links, coverage=coverage, report="abandoned-carts")
    return CartsPage(
        sub=f"{words.counted(report.open, 'cart', currency)} left behind, the greatest first",
        frame=shown,
        files=shown.files,
        list_files=list_files("abandoned-carts", {**form.chosen(), "currency": currency}),
        nothing=coverage.first_day is None and not report.days,
        chart=chart(_drawn(report, earlier, query, coverage), links, CartsForm.strip),
        facts=_facts(report, earlier, links, currency),
        columns=[*COLUMNS, *contact],
        kinds=[
            Choice(label=label, href=f"{links.to(of=kind)}#rows", current=kind == of)
            for kind, label in KINDS.items()
        ],
        kept=links.kept("q"),
        clear=links.to(q=""),
        heading=_heading(listed, of, currency),
        rows=[_row(cart, coverage, currency, may_see_people) for cart in listed.carts],
        totals=_totals(listed, currency, [""] * len(contact)),
        first=f"{links.to()}#rows" if form.cleaned_data["after"] else "",
        older=f"{links.to(after=str(listed.more))}#rows" if listed.more else "",
    )


def _heading(listed: CartList, of: str, currency: str) -> str:
    """Write what all that are listed come to: "2 carts, left behind: ₹400.00"."""
    count = words.counted(listed.total.carts, "cart", currency)
    return f"{count}, {KINDS[of].lower()}: {formats.money(listed.total.value, currency)}"


def _totals(listed: CartList, currency: str, contact: list[str]) -> list[str]:
    count = words.counted(listed.total.carts, "cart", currency)
    return [f"All {count}", formats.money(listed.total.value, currency), "", "", *contact]


def _drawn(
    report: CartsReport, earlier: CartsReport | None, query: OverviewQuery, coverage: Coverage
) -> Drawn:
    """Return the checkouts for the chart."""
    known = query.earlier if earlier else None
    then = earlier.days if earlier else {}
    return Drawn(
        query=query,
        coverage=coverage,
        grain=query.fitting(),
        sums=_within(report.days, query.period),
        earlier_days=query.earlier,
        earlier=_within(then, known) if known else None,
        buckets=[
            Bucket(
                now,
                _within(report.days, now) if now else None,
                before,
                _within(then, before) if before else None,
            )
            for now, before in paired(query.period, known, query.fitting())
        ],
    )


def _within(days: Mapping[date, Sums], period: Period) -> Sums:
    return total_of([NO_SUMS, *(days[day] for day in period.dates() if day in days)])


def _facts(
    report: CartsReport, earlier: CartsReport | None, links: Links, currency: str
) -> list[Fact]:
    ever = report.open + report.recovered
    return [
        Fact(label=ABANDONED.label, value=formats.integer(report.open, currency),
             title=ABANDONED.formula, rows=_rows(report.open, LEFT, links),
             was=_was(earlier.open if earlier else None, currency),
             change=_change(report.open, earlier.open if earlier else None, good_up=False)),
        Fact(label="Their value", value=formats.money(report.value, currency),
             title=ABANDONED_VALUE.formula,
             rows=_rows(report.open, LEFT, links),
             was=_was(earlier.value if earlier else None, currency),
             change=_change(report.value, earlier.value if earlier else None, good_up=False)),
        Fact(label="With e-mail", value=_share(report.with_email, report.open),
             title=ABANDONED_WITH_EMAIL.formula,
             was=words.counted(report.with_email, "cart", currency),
             rows=_rows(report.with_email, WITH_EMAIL, links)),
        Fact(label="Recovered", value=formats.integer(report.recovered, currency),
             was=f"{_share(report.recovered, ever)} of all abandoned",
             title=RECOVERED_CARTS.formula, rows=_rows(report.recovered, RECOVERED, links)),
        Fact(label="Recovered value", value=formats.money(report.recovered_value, currency),
             title=RECOVERED_VALUE.formula,
             rows=_rows(report.recovered, RECOVERED, links),
             was=_was(earlier.recovered_value if earlier else None, currency),
             change=_change(report.recovered_value, earlier.recovered_value if earlier else None)),
    ]  # fmt: skip


def _was(earlier: int | Decimal | None, currency: str) -> str:
    if earlier is None:
        return ""
    if isinstance(earlier, int):
        return f"was {formats.integer(earlier, currency)}"
    return f"was {words.short(earlier, currency)}"


def _rows(count: int, of: str, links: Links) -> str:
    return f"{links.to(of=of, q='')}#rows" if count else ""


def _change(
    now: int | Decimal, then: int | Decimal | None, *, good_up: bool = True
) -> Change | None:
    if then is None:
        return None
    return formats.change(Decimal(now), Decimal(then), good_up=good_up, points=False)


def _share(part: int, whole: int) -> str:
    return formats.percent(Decimal(part) / whole) if whole else words.UNKNOWN


def _row(cart: AbandonedCart, coverage: Coverage, currency: str, may_see_people: bool) -> list[str]:
    pieces = sum(line.get("quantity") or 0 for line in cart.lines)
    lines = cart.lines if may_see_people else without_own_words(cart.lines)
    titles = [words.isolated(str(line.get("title") or "a line without a name")) for line in lines]
    value = cart.total_price
    row = [
        moment(cart.checkout_created_at, coverage),
        words.UNKNOWN if value is None else formats.money(value, currency),
        formats.integer(pieces, currency),
        ", ".join(titles[:2]) + (f" and {len(titles) - 2} more" if len(titles) > 2 else ""),
    ]
    return [*row, cart.email or cart.phone or words.UNKNOWN] if may_see_people else row
