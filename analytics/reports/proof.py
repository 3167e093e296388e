"""The proof of a figure: the ledger rows behind it, and their sum beside what a report says."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.enums import Dimension
from analytics.ledger_rows import Behind, LedgerRow
from analytics.metric import Metric
from analytics.metrics import LATER_ORDERS, NEW_CUSTOMERS, ORDERS
from analytics.reports.coverage import Coverage
from analytics.reports.hours import BY_HOUR
from analytics.reports.query import ReportQuery
from analytics.reports.splits import SPLITS, Split
from analytics.sales_reads import Window, sales_by
from analytics.sums import NO_SUMS, Sums, total_of

PROVEN = {**SPLITS, "hours": BY_HOUR}  # the reports of which a row can be proved

ONE_A_ROW = {  # which rows are counted
    ORDERS: ("orders",),
    LATER_ORDERS: ("returning_orders",),
    NEW_CUSTOMERS: ("new_customers",),
}


def lines_of(metric: Metric) -> tuple[str, ...]:
    """Return what a proof adds up; nothing where no rows add up to a metric."""
    return metric.lines or ONE_A_ROW.get(metric, ())


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One page of the rows, the sum of all of them, and the figure of the report.

    `behind` reads all of them, for files; `name` is that of the key. `reported` differs from
    `value` only while days wait to be recomputed.
    """

    query: ReportQuery
    coverage: Coverage
    metric: Metric
    name: str
    value: int
    reported: int
    row_count: int
    rows: tuple[LedgerRow, ...]
    behind: Behind
    stale: int


def proof(
    report: str, query: ReportQuery, *, metric: Metric, key: str | None, coverage: Coverage
) -> Proof:
    """Return the ledger rows behind a metric of a report; of one of its keys where one is given."""
    window, _ = query.windows(coverage)
    split = None if key is None else PROVEN[report]
    sums = _of_key(split, window, key or "") if split else _all(window)
    return proof_of_rows(
        _behind(split, metric, window, key or ""),
        query,
        metric=metric,
        name=_name(split, key or "") if split else "",
        reported=int(metric.of(sums) or 0),
        coverage=coverage,
    )


def proof_of_rows(
    behind: Behind,
    query: ReportQuery,
    *,
    metric: Metric,
    name: str,
    reported: int,
    coverage: Coverage,
) -> Proof:
    """Return the page of some rows that is asked for, beside what a report says of them."""
    number, total = behind.total()
    offset = (query.page - 1) * query.limit
    return Proof(
        query=query,
        coverage=coverage,
        metric=metric,
        name=name,
        value=total,
        reported=reported,
        row_count=number,
        rows=behind.page(limit=query.limit, offset=offset) if offset < number else (),
        behind=behind,
        stale=query.stale(coverage),
    )


def _behind(split: Split | None, metric: Metric, window: Window, key: str) -> Behind:
    if split is None:
        return Behind(lines=lines_of(metric), window=window)
    once = split.once.get(metric)
    return Behind(
        lines=(once,) if once else lines_of(metric),
        window=window,
        condition=split.condition,
        amount=split.amount,
        key=key,
    )


def _all(window: Window) -> Sums:
    return total_of([NO_SUMS, *sales_by(window, Dimension.TOTAL, ("key",)).values()])


def _of_key(split: Split, window: Window, key: str) -> Sums:
    return split.read(window).get(key, NO_SUMS)


def _name(split: Split, key: str) -> str:
    return split.names([key])[key] if key else split.none
