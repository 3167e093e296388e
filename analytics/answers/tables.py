"""The rows of reports as tables for files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Protocol

from analytics.answers.answer import Reported, printed
from analytics.metric import Metric, Unit
from analytics.sums import Sums
from xenofy.common.tables import Column, Row, Table


class Named(Protocol):
    """What a column of figures is made of."""

    @property
    def key(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def unit(self) -> Unit: ...


def table(
    name: str,
    report: Reported,
    columns: Sequence[Column],
    figures: Iterable[Named],
    rows: Iterable[Row],
    *,
    count: int | None = None,
) -> Table:
    """Return the table of a report: columns that say what a row is of, then its figures.

    `count` is the number of rows that are read while they are sent.
    """
    query = report.query
    return Table(
        name=f"{name}-{query.period.first}-to-{query.period.last}",
        columns=[*columns, *(column_of(each, query.currency) for each in figures)],
        rows=list(rows) if count is None else rows,
        count=count,
    )


def column_of(figure: Named, currency: str) -> Column:
    """Return the column of a figure; money names its currency."""
    if figure.unit is not Unit.MONEY or not currency:
        return Column(key=figure.key, label=figure.label)
    return Column(key=figure.key, label=f"{figure.label} ({currency})", currency=currency)


def money_column(key: str, label: str, currency: str) -> Column:
    """Return a column of amounts in one currency."""
    named = f"{label} ({currency})" if currency else label
    return Column(key=key, label=named, currency=currency)


def day_column(report: Reported, key: str, label: str) -> Column:
    """Return a column of days or hours in the shop's time zone."""
    return Column(key=key, label=f"{label} ({report.coverage.zone.key})", is_time=True)


def values(sums: Sums, metrics: Iterable[Metric], currency: str) -> list[Any]:
    """Return the figures of one row."""
    return [printed(metric, metric.value(sums, currency)) for metric in metrics]
