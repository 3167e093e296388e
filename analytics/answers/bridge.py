"""The way from the net sales of earlier days to these."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal, TypedDict

from analytics.answers.answer import UNKNOWN_BEFORE, Answer, Body, earlier_days, frame
from analytics.answers.shapes import DaysBody, answer_of
from analytics.answers.tables import money_column, table
from analytics.metrics import NET_SALES
from analytics.parameters import ReportParameters
from analytics.reports.bridge import FORMULA, Bridge, bridge
from analytics.reports.coverage import Coverage
from xenofy.common.money import from_minor
from xenofy.common.shapes import Keys, Money
from xenofy.common.tables import Column, Table


class _PartBody(TypedDict):
    key: Literal["orders", "basket", "discounts", "returns", "edits"]
    amount: Money
    formula: str


_Known = Annotated[Money | None, "Null where sales of the earlier days are not known."]
BRIDGE = answer_of(
    {
        "metric": str,
        "comparison": DaysBody | None,
        "from": _Known,
        "to": Money,
        "difference": _Known,
    },
    Keys({"parts": list[_PartBody], "reason": str}, ("reason",)),
)


def bridge_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer the parts that add up to the difference."""
    report = bridge(parameters.query(), coverage=coverage)
    return Answer(body=lambda: _body(report), table=lambda: _table(report))


def _parts(report: Bridge) -> list[tuple[str, Decimal]]:
    return [(step.key, from_minor(step.amount, report.query.currency)) for step in report.steps]


def _body(report: Bridge) -> Body:
    currency, parts = report.query.currency, _parts(report)
    amounts = [amount for _, amount in parts]
    body: Body = {
        **frame(report),
        "metric": NET_SALES.key,
        "comparison": earlier_days(report.query),
        "from": report.earlier and NET_SALES.value(report.earlier, currency),
        "to": NET_SALES.value(report.now, currency),
        "difference": sum(amounts, from_minor(0, currency)) if report.earlier else None,
        "parts": [{"key": key, "amount": amount, "formula": FORMULA[key]} for key, amount in parts],
    }
    if report.earlier is None:
        body["reason"] = UNKNOWN_BEFORE
    return body


def _table(report: Bridge) -> Table:
    columns = [
        Column(key="key", label="Part"),
        money_column("amount", "Amount", report.query.currency),
    ]
    return table("bridge", report, columns, (), _parts(report))
