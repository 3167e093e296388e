"""Customers by how lately and how often they ordered."""

from __future__ import annotations

from analytics.answers.answer import Answer, Body, Framed, frame, share
from analytics.answers.figures import OF_RFM, picked
from analytics.answers.tables import table
from analytics.metric import quotient
from analytics.parameters import ReportParameters
from analytics.reports.coverage import Coverage
from analytics.reports.rfm import BANDS, Rfm, rfm
from analytics.tables import Column, Table
from xenofy.common.moments import iso
from xenofy.common.money import from_minor


def rfm_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer the 25 cells of all customers with an order, and their thresholds."""
    query = parameters.query()
    live = coverage.live
    framed = Framed(query=query, coverage=coverage, stale=len(live.days) + len(live.stale))
    found = rfm(currency=query.currency)
    return Answer(body=lambda: _body(framed, found), table=lambda: _table(framed, found))


def _body(framed: Framed, found: Rfm | None) -> Body:
    cells, currency = _cells(framed, found), framed.query.currency
    return {
        **frame(framed),
        "thresholds": {
            "recency": [iso(limit) for limit in found.since] if found else [],
            "frequency": [{"from": low, "to": high} for low, high in BANDS],
        },
        "total": len(cells),
        "rows": cells,
        "totals": {
            "customers": sum(cell.customers for cell in found.cells) if found else 0,
            "netSales": from_minor(
                sum(cell.net_sales for cell in found.cells) if found else 0, currency
            ),
        },
    }


def _cells(framed: Framed, found: Rfm | None) -> list[Body]:
    if found is None:
        return []
    whole = sum(cell.customers for cell in found.cells)
    return [
        {
            "key": f"{cell.of.recency}{cell.of.frequency}",
            "recency": cell.of.recency,
            "frequency": cell.of.frequency,
            "customers": cell.customers,
            "netSales": from_minor(cell.net_sales, framed.query.currency),
            "share": share(quotient(cell.customers, whole)),
        }
        for cell in found.cells
    ]


def _table(framed: Framed, found: Rfm | None) -> Table:
    columns = [
        Column(key="recency", label="Recency (5 is the latest)"),
        Column(key="frequency", label="Frequency (5 is the most)"),
    ]
    rows = [
        [cell["recency"], cell["frequency"], *picked(OF_RFM, cell)]
        for cell in _cells(framed, found)
    ]
    return table("rfm", framed, columns, OF_RFM, rows)
