"""The ledger rows behind a figure."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from analytics.answers.answer import Answer, Body, frame
from analytics.answers.shapes import LedgerRowBody, proof_of
from analytics.answers.splits import split_of
from analytics.answers.tables import money_column, table
from analytics.ledger_rows import LedgerRow
from analytics.metric import Unit
from analytics.metrics import METRICS
from analytics.parameters import ReportParameters
from analytics.reports.coverage import Coverage
from analytics.reports.proof import Proof, proof
from xenofy.common.moments import iso
from xenofy.common.money import from_minor
from xenofy.common.tables import Column, Table

SAID = {
    "key": "Row",
    "happenedAt": "Happened (UTC)",
    "day": "Day of the shop",
    "orderId": "Order id",
    "orderName": "Order",
    "action": "Action",
    "lineType": "Line",
    "quantity": "Quantity",
}
MONEY = {"gross": "Gross", "discount": "Discount", "tax": "Tax"}
OF_LEDGER = proof_of(LedgerRowBody)


def proof_answer(name: str) -> Callable[[ReportParameters, Coverage], Answer]:
    """Return what answers the rows behind one figure of a report."""

    def answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
        given = parameters.validated_data
        found = proof(
            split_of(name, parameters),
            parameters.query(),
            metric=METRICS[given["metric"]],
            key=given.get("key"),
            coverage=coverage,
        )
        return ledger_answer(name, found)

    return answer


def ledger_answer(name: str, found: Proof) -> Answer:
    """Answer rows of the ledger, as a page or as a file of all of them."""
    return Answer(body=lambda: _body(found), table=lambda: _table(name, found), counted="rowCount")


def _body(found: Proof) -> Body:
    return {
        **frame(found),
        "metric": found.metric.key,
        "value": _amount(found, found.value),
        "reported": _amount(found, found.reported),
        "formula": found.metric.formula,
        "version": found.metric.version,
        "rowCount": found.row_count,
        "rows": [_row(found, row) for row in found.rows],
        "page": found.query.page,
        "limit": found.query.limit,
    }


def _row(found: Proof, row: LedgerRow) -> Body:
    currency = found.query.currency
    return {
        "key": row.key,
        "happenedAt": iso(row.happened_at),
        "day": row.day.isoformat(),
        "orderId": str(row.order_id),
        "orderName": row.order_name,
        "action": row.action,
        "lineType": row.line_type,
        "quantity": row.quantity,
        "gross": from_minor(row.gross, currency),
        "discount": from_minor(row.discount, currency),
        "tax": from_minor(row.tax, currency),
        "amount": _amount(found, row.amount),
    }


def _amount(found: Proof, amount: int) -> Decimal | int:
    money = found.metric.unit is Unit.MONEY
    return from_minor(amount, found.query.currency) if money else amount


def _table(name: str, found: Proof) -> Table:
    """Return all rows, which are read while they are sent."""
    currency = found.query.currency
    adds = currency if found.metric.unit is Unit.MONEY else ""
    columns = [
        *(Column(key=key, label=label) for key, label in SAID.items()),
        *(money_column(key, label, currency) for key, label in MONEY.items()),
        money_column("amount", f"Part of {found.metric.label.lower()}", adds),
    ]
    rows = (list(_row(found, row).values()) for row in found.behind.all())
    named = f"{name}-{found.metric.key}-rows"
    return table(named, found, columns, (), rows, count=found.row_count)
