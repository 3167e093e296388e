"""The headline, the statement that makes it up, and what was checked of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse

from analytics import metrics
from analytics.metric import Metric
from analytics.pages import words
from analytics.pages.links import Links, proof_href
from analytics.reports.overview import Overview
from xenofy.common import formats
from xenofy.common.formats import Change

ALWAYS = (
    *((metrics.GROSS_SALES, ""), (metrics.DISCOUNTS, ""), (metrics.RETURNS, "")),
    *((metrics.NET_SALES, "sum"), (metrics.SHIPPING, "gap"), (metrics.TAXES, "")),
    *((metrics.DUTIES, ""), (metrics.ADDITIONAL_FEES, ""), (metrics.TOTAL_SALES, "total")),
    *((metrics.TIPS, "gap"), (metrics.GIFT_CARDS_SOLD, "")),
)
MANY = "From {rows}, too many to add up with each page: every amount leads to its own."
NO_ROWS = "No ledger row in these days."
NOT_COMPARED = "Not yet compared with Shopify."
NO_BREAK = "\N{NO-BREAK SPACE}"
DEMO = "A demo store: there is no Shopify behind it."
ONLY_WHERE_ANY = {
    metrics.DUTIES,
    metrics.ADDITIONAL_FEES,
    metrics.TIPS,
    metrics.GIFT_CARDS_SOLD,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The figure a page opens on, with its change and what that is measured against."""

    label: str
    value: str
    change: Change | None
    aside: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """A row of components/statement.html."""

    label: str
    amount: str
    change: str
    kind: str
    href: str
    proof: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofLine:
    """The inputs of components/proof.html."""

    text: str
    checked: bool
    href: str = ""  # of the check with Shopify, where there was one


def headline(report: Overview) -> Headline:
    """Return net sales beside those of the earlier days."""
    metric, currency = metrics.NET_SALES, report.query.currency
    compared = report.earlier_days is not None
    return Headline(
        label=metric.label,
        value=words.shown(metric, metric.value(report.sums, currency), currency),
        change=words.change(metric, report.sums, report.earlier, currency) if compared else None,
        aside=_difference(report, metric),
    )


def statement(report: Overview, links: Links) -> list[StatementRow]:
    """Return the lines of the statement; those that few shops have only where there is any."""
    rows = []
    for metric, kind in ALWAYS:
        sums = (report.sums, report.earlier)
        if metric not in ONLY_WHERE_ANY or any(each and metric.of(each) for each in sums):
            rows.append(_row(report, links, metric, kind))
    return rows


def proof_line(report: Overview, *, is_demo: bool) -> ProofLine:
    """Return what the check of this very statement found, and how it stands against Shopify."""
    end = DEMO if is_demo else _with_shopify(report)
    href = reverse("data_health:page") + "#shopify" if report.checked and not is_demo else ""
    found = report.proof.found or report.sums
    rows = words.counted(found.rows, "ledger row", report.query.currency)
    agrees = is_demo or report.checked is None or not report.checked.differing
    if report.proof.found is None:
        return ProofLine(text=f"{MANY.format(rows=rows)} {end}", checked=False, href=href)
    gap = report.proof.gap()
    if gap is not None:
        return ProofLine(text=_apart(report, rows, *gap), checked=False)
    equal = f"Equal to the {rows} behind it." if found.rows else NO_ROWS
    return ProofLine(text=f"{equal} {end}", checked=agrees, href=href)


def _with_shopify(report: Overview) -> str:
    """Return how the statement stands against Shopify: only what a check that ran has found."""
    checked, today = report.checked, report.coverage.today
    if checked is None:
        return NOT_COMPARED
    local = checked.at.astimezone(report.coverage.zone)
    at = f"checked {formats.day(local.date(), today=today)}, {formats.clock(local)}"
    if checked.differing:
        first, *more = checked.differing
        also = f" and {words.counted(len(more), 'other figure')}" if more else ""
        amount = words.minor(abs(first.ours - first.theirs), first.currency)
        day = formats.day(first.day, today=today)
        name = metrics.METRICS[first.metric].label
        apart = f"{name}: {amount} apart from Shopify on {day}{also}"
        return f"{apart}, {at}; Shopify is asked again each night."
    up_to = (
        ""
        if checked.until >= report.query.period.last
        else (f" up to {formats.day(checked.until, today=today)}")
    )
    return f"Agrees with Shopify{up_to}, {at}."


def _row(report: Overview, links: Links, metric: Metric, kind: str) -> StatementRow:
    currency = report.query.currency
    compared = report.earlier_days is not None
    growth = words.change(metric, report.sums, report.earlier, currency)
    return StatementRow(
        label=metric.label,
        amount=words.shown(metric, metric.value(report.sums, currency), currency),
        change=words.signed(growth) if compared else "",
        kind=kind,
        href=links.to(metric=metric.key),
        proof=proof_href(metric, report.query.period, currency=currency, lens=report.query.lens),
    )


def _difference(report: Overview, metric: Metric) -> str:
    """Return "₹1,68,670.00 more than 24 Sep – 23 Oct", or why that cannot be said."""
    if report.earlier_days is None:
        return ""
    today, currency = report.coverage.today, report.query.currency
    if report.earlier is None:
        return _why_not(report)
    days = words.range_of(report.earlier_days, today=today).replace(" ", NO_BREAK)
    if report.query.period.last == today:
        days = f"{days} up to {words.clock(report.coverage)}"
    gap = int(metric.of(report.sums) or 0) - int(metric.of(report.earlier) or 0)
    if not gap:
        return f"as in {days}"
    amount = words.minor(abs(gap), currency)
    return f"{amount} {'more' if gap > 0 else 'less'} than {days}"


def _why_not(report: Overview) -> str:
    since, today = report.coverage.known_since, report.coverage.today
    if since is None:
        return "nothing is known yet"
    return f"nothing to compare with before {formats.day(since, today=today)}"


def _apart(report: Overview, rows: str, metric: Metric, gap: int) -> str:
    currency, stale = report.query.currency, report.proof.stale
    amount = words.minor(abs(gap), currency)
    apart = f"{metric.label}: {amount} apart from the {rows} behind it."
    if stale:
        days = words.counted(stale, "day", currency)
        return f"{apart} {days} {'is' if stale == 1 else 'are'} being recomputed."
    return f"{apart} Do not rely on it until this line says that they are equal."
