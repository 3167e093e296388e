"""What an answer is, and the parts that the answers of all reports have."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from analytics.figures.comparing import GROWTH, POINTS
from analytics.metric import Declared, Metric, Unit
from analytics.metrics import STATEMENT
from analytics.reports.coverage import Coverage
from analytics.reports.query import ReportQuery
from analytics.sums import Sums
from xenofy.common.moments import iso
from xenofy.common.tables import Table

Body = dict[str, Any]
UNKNOWN_BEFORE = "Sales of all these days are not known."
SHARE_PLACES = Decimal("0.000001")
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a report says, as a body or as a file.

    `counted` is the key of the body with the number of rows of which it holds a page; empty for
    a body that holds all.
    """

    body: Callable[[], Body]
    table: Callable[[], Table]
    counted: str = ""


class Reported(Protocol):
    """What all reports have."""

    @property
    def query(self) -> ReportQuery: ...
    @property
    def coverage(self) -> Coverage: ...
    @property
    def stale(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Framed:
    """The frame of a report whose own function knows its days only."""

    query: ReportQuery
    coverage: Coverage
    stale: int


def frame(report: Reported) -> Body:
    """Return what every body says of its days and of how fresh it is."""
    query, coverage = report.query, report.coverage
    since = coverage.known_since
    return {
        "currency": query.currency or None,
        "timezone": coverage.zone.key,
        "lens": query.lens.value,
        "startDate": query.period.first.isoformat(),
        "endDate": query.period.last.isoformat(),
        "asOf": iso(coverage.now),
        "knownSince": since and since.isoformat(),
        "daysUpdating": report.stale,
    }


def statement(sums: Sums, currency: str, metrics: Iterable[Metric] = STATEMENT) -> Body:
    """Return S of the contract, or the part of it that applies."""
    return {metric.key: printed(metric, metric.value(sums, currency)) for metric in metrics}


def printed(metric: Metric, value: Decimal | int | None) -> Decimal | int | None:
    """Return the value of a metric with as many places as a reader needs."""
    return share(value) if isinstance(value, Decimal) and metric.unit == "share" else value


def share(value: Decimal | None) -> Decimal | None:
    """Return a fraction of 1 to the millionth."""
    return value if value is None else value.quantize(SHARE_PLACES)


def growth(figures: Iterable[Declared], now: Body, earlier: Body | None) -> Body:
    """Return how figures changed: their growth, and of shares the difference, of 1.

    Of what is negative the size is compared. What is not known, or was 0, has no growth.
    """
    grown: Body = {GROWTH.key: {}, POINTS.key: {}}
    for figure in figures:
        of = POINTS if figure.unit is Unit.SHARE else GROWTH
        before = None if earlier is None else earlier[figure.key]
        changed = _changed(figure, now[figure.key], before)
        grown[of.key][figure.key] = share(changed)
    return {key: found for key, found in grown.items() if found}


def _changed(
    figure: Declared, now: Decimal | int | None, earlier: Decimal | int | None
) -> Decimal | None:
    if now is None or earlier is None:
        return None
    difference = Decimal(earlier - now) if figure.negative else Decimal(now - earlier)
    if figure.unit is Unit.SHARE:
        return difference
    return difference / abs(Decimal(earlier)) if earlier else None


def hundredths(value: Decimal | None) -> Decimal | None:
    """Return hours, days or pieces to the hundredth."""
    return value if value is None else value.quantize(HUNDREDTH)


def picked(figures: Iterable[Declared], found: Body) -> list[Any]:
    """Return the cells of one row."""
    return [found[figure.key] for figure in figures]


def earlier_days(query: ReportQuery) -> Body | None:
    """Return the days that a report compares with."""
    if query.earlier is None:
        return None
    first, last = query.earlier.first, query.earlier.last
    return {"startDate": first.isoformat(), "endDate": last.isoformat()}
