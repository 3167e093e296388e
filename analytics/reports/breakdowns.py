"""Sales of a period, split: by channel, by product, ... (the kinds are in `splits`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analytics import metrics
from analytics.metric import Metric
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery
from analytics.reports.splits import SPLITS, Split
from analytics.sums import NO_SUMS, Sums, total_of


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitRow:
    """One key with its sums, those of the earlier days (None: not known), and its share.

    `share` is that of the split's main metric, a fraction of 1; None where the total is 0.
    """

    key: str
    name: str
    sums: Sums
    earlier: Sums | None
    share: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """All rows in the order asked for; their sums add up to `totals`."""

    query: ReportQuery
    coverage: Coverage
    split: Split
    rows: tuple[SplitRow, ...]
    totals: Sums
    earlier: Sums | None
    stale: int

    @property
    def shown(self) -> Sequence[SplitRow]:
        """Return the rows of the page asked for."""
        return self.query.shown(self.rows)


def breakdown(name: str, query: ReportQuery, *, coverage: Coverage) -> Breakdown:
    """Return the sales of a period split by one of `SPLITS`."""
    split = SPLITS[name]
    now, before = query.windows(coverage)
    found = split.read(now)
    earlier = split.read(before) if before else None
    totals = total_of([NO_SUMS, *found.values()])
    return Breakdown(
        query=query,
        coverage=coverage,
        split=split,
        rows=tuple(_sorted(_rows(split, found, earlier, totals), _sort_of(split, query.sort))),
        totals=totals,
        earlier=total_of([NO_SUMS, *earlier.values()]) if earlier is not None else None,
        stale=query.stale(coverage),
    )


def _rows(
    split: Split, found: dict[str, Sums], earlier: dict[str, Sums] | None, totals: Sums
) -> list[SplitRow]:
    keys = found.keys() | (earlier or {}).keys()
    names = split.names(sorted(keys - {""}))
    whole = _amount(split.main, totals)
    return [
        SplitRow(
            key=key,
            name=names.get(key, split.none),
            sums=(sums := found.get(key, NO_SUMS)),
            earlier=None if earlier is None else earlier.get(key, NO_SUMS),
            share=Decimal(_amount(split.main, sums)) / whole if whole else None,
        )
        for key in keys
        if _says(split, found.get(key)) or _says(split, (earlier or {}).get(key))
    ]


def _says(split: Split, sums: Sums | None) -> bool:
    """Tell whether a row would have anything to say."""
    return sums is not None and any(_amount(metric, sums) for metric in split.metrics)


def _sort_of(split: Split, sort: str) -> str:
    """Return how rows are sorted: as asked for, else the greatest of the main metric first."""
    fields = {"name", "key", *(metric.key for metric in split.metrics)}
    if sort.removeprefix("-") in fields:
        return sort
    return split.main.key if split.main.negative else f"-{split.main.key}"


def _sorted(rows: list[SplitRow], sort: str) -> list[SplitRow]:
    """Return the rows by name, key or metric; what is not known comes last."""
    field, downwards = sort.removeprefix("-"), sort.startswith("-")
    rows.sort(key=lambda row: (row.name, row.key))
    if field in ("name", "key"):
        return sorted(rows, key=lambda row: str(getattr(row, field)), reverse=downwards)
    metric = metrics.METRICS[field]
    rows.sort(key=lambda row: _amount(metric, row.sums), reverse=downwards)
    rows.sort(key=lambda row: metric.of(row.sums) is None)
    return rows


def _amount(metric: Metric, sums: Sums) -> Any:
    return metric.of(sums) or 0
