"""The customers, orders or checkouts behind a figure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from analytics.answers.answer import Answer, Body, Framed, frame, hundredths
from analytics.answers.proof import ledger_answer, proof_answer
from analytics.answers.shapes import LedgerRowBody, listed_row, proof_of
from analytics.answers.tables import money_column, table
from analytics.metric import Declared
from analytics.parameters import ReportParameters
from analytics.reports import behind
from analytics.reports.behind import (
    BOUGHT,
    Asked,
    Behind,
    Proven,
    behind_carts,
    behind_customers,
    behind_fulfilment,
    behind_rfm,
    behind_segments,
)
from analytics.reports.cohort_rows import behind_cohorts, proof_of_money
from analytics.reports.coverage import Coverage
from analytics.reports.listed import Kind, Row, Told
from xenofy.common.moments import iso
from xenofy.common.money import from_minor, to_minor
from xenofy.common.tables import Column, Table

Answering = Callable[[ReportParameters, Coverage], Answer]
MONEY = (Kind.MINOR, Kind.MONEY)
MICROSECOND, HOUR = timedelta(microseconds=1), 3_600_000_000
BEHIND: dict[str, Behind] = {
    "abandoned-carts": behind_carts,
    "cohorts": behind_cohorts,
    "customers": behind_customers,
    "fulfillment": behind_fulfilment,
    "rfm": behind_rfm,
    "sales": behind_customers,
    "segments": behind_segments,
}
OF_BUYERS_OR_LEDGER = proof_of(listed_row(behind.OF_BUYERS), LedgerRowBody)
SHAPES = {
    "abandoned-carts": proof_of(listed_row(behind.OF_CARTS)),
    "fulfillment": proof_of(listed_row(behind.OF_ORDERS), listed_row(behind.OF_TIMES)),
    "rfm": proof_of(listed_row(behind.OF_PEOPLE)),
    "segments": proof_of(listed_row(behind.OF_PEOPLE)),
}


def listed_answer(name: str, figures: Mapping[str, Declared]) -> Answering:
    """Return what answers the rows behind one of the figures of a report."""

    def answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
        given, query = parameters.validated_data, parameters.query()
        asked = Asked(given["metric"], given.get("key"), given.get("number", 0))
        if name == "cohorts" and asked.metric == "netSales":
            return ledger_answer(name, proof_of_money(asked, query, coverage))
        found = BEHIND[name](asked, query, coverage)
        framed = Framed(query=query, coverage=coverage, stale=query.stale(coverage))
        listed = _Listed(name, figures[asked.metric], found, framed)
        return Answer(body=listed.body, table=listed.table, counted="rowCount")

    return answer


def buyers_answer(name: str, figures: Mapping[str, Declared]) -> Answering:
    """Return what answers the customers of a period, or the ledger rows of its other figures."""
    people, others = listed_answer(name, figures), proof_answer(name)

    def answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
        counted = parameters.validated_data["metric"] in BOUGHT
        return (people if counted else others)(parameters, coverage)

    return answer


class _Listed:
    """The rows of a figure, a page in the body and all of them in a file."""

    def __init__(self, name: str, figure: Declared, found: Proven, framed: Framed) -> None:
        self.name = name
        self.figure = figure
        self.found = found
        self.framed = framed
        self.query = framed.query

    def body(self) -> Body:
        """Return the page that is asked for."""
        query = self.query
        page = self.found.listed.page(limit=query.limit, offset=(query.page - 1) * query.limit)
        return {
            **frame(self.framed),
            "metric": self.figure.key,
            "value": self._amount(page.total),
            "reported": self._amount(self.found.reported),
            "formula": self.figure.formula,
            "version": self.figure.version,
            "rowCount": page.number,
            "rows": [self._row(row) for row in page.rows],
            "page": query.page,
            "limit": query.limit,
        }

    def table(self) -> Table:
        """Return all rows, which are read while they are sent."""
        listed = self.found.listed
        columns = [self._column(told) for told in listed.columns]
        adds = self.query.currency if listed.kind in MONEY else ""
        columns.append(money_column("amount", f"Part of {self.figure.label.lower()}", adds))
        rows = (list(self._row(row).values()) for row in listed.all())
        named = f"{self.name}-{self.figure.key}-rows"
        return table(named, self.framed, columns, (), rows, count=listed.count())

    def _column(self, told: Told) -> Column:
        if told.kind in MONEY:
            return money_column(told.key, told.label, self.query.currency)
        return Column(key=told.key, label=told.label)

    def _row(self, row: Row) -> Body:
        listed = self.found.listed
        told = {
            each.key: _told(each.kind, value, self.query.currency)
            for each, value in zip(listed.columns, row, strict=True)
        }
        return {**told, "amount": self._amount(listed.amount(row) or 0)}

    def _amount(self, amount: Decimal | int) -> Any:
        return _told(self.found.listed.kind, amount, self.query.currency)


def _told(kind: Kind, value: Any, currency: str) -> Any:
    """Return a value as answers write it."""
    if value is None or kind in (Kind.TEXT, Kind.COUNT):
        return value
    written: dict[Kind, Callable[[], Any]] = {
        Kind.ID: lambda: str(value),
        Kind.DAY: value.isoformat if kind is Kind.DAY else str,
        Kind.MOMENT: lambda: iso(value),
        Kind.MINOR: lambda: from_minor(int(value), currency),
        Kind.MONEY: lambda: from_minor(to_minor(Decimal(value), currency), currency),
        Kind.DURATION: lambda: hundredths(Decimal(value // MICROSECOND) / HOUR),
    }
    return written[kind]()
