"""The proof of a figure: the ledger rows behind it, and their sum beside what a report says."""

from __future__ import annotations

from dataclasses import dataclass

from analytics.enums import Dimension
from analytics.ledger_rows import LedgerRow, rows_behind
from analytics.metric import Metric
from analytics.reports.coverage import Coverage
from analytics.reports.hours import BY_HOUR
from analytics.reports.query import ReportQuery
from analytics.reports.splits import SPLITS, Split
from analytics.sales_reads import Window, sales_by
from analytics.sums import NO_SUMS, Sums, total_of

PROVEN = {**SPLITS, "hours": BY_HOUR}  # the reports of which a row can be proved


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """One page of the rows, the sum of all of them, and the figure of the report.

    `name` is that of the key. `reported` differs from `value` only while days wait to be
    recomputed.
    """

    query: ReportQuery
    coverage: Coverage
    metric: Metric
    name: str
    value: int
    reported: int
    row_count: int
    rows: tuple[LedgerRow, ...]
    stale: int


def proof(
    report: str, query: ReportQuery, *, metric: Metric, key: str | None, coverage: Coverage
) -> Proof:
    """Return the ledger rows behind a metric of a report; of one of its keys where one is given."""
    window, _ = query.windows(coverage)
    split = None if key is None else PROVEN[report]
    found = rows_behind(
        metric.lines,
        window,
        condition=split.condition if split else "true",
        amount=split.amount if split else "",
        key=key or "",
        limit=query.limit,
        offset=(query.page - 1) * query.limit,
    )
    sums = _of_key(split, window, key or "") if split else _all(window)
    return Proof(
        query=query,
        coverage=coverage,
        metric=metric,
        name=_name(split, key or "") if split else "",
        value=found.total,
        reported=int(metric.of(sums) or 0),
        row_count=found.number,
        rows=found.rows,
        stale=query.stale(coverage),
    )


def _all(window: Window) -> Sums:
    return total_of([NO_SUMS, *sales_by(window, Dimension.TOTAL, ("key",)).values()])


def _of_key(split: Split, window: Window, key: str) -> Sums:
    return split.read(window).get(key, NO_SUMS)


def _name(split: Split, key: str) -> str:
    return split.names([key])[key] if key else split.none
