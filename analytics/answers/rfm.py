"""Customers by how lately, how often and for how much they ordered: cells, or named groups."""

from __future__ import annotations

from typing import Literal, NotRequired, TypedDict

from analytics.answers.answer import Answer, Body, Framed, frame, picked, share
from analytics.answers.shapes import answer_of
from analytics.answers.tables import table
from analytics.figures import OF_RFM, SHARE
from analytics.metric import quotient
from analytics.parameters import ReportParameters
from analytics.reports.coverage import Coverage
from analytics.reports.rfm import BANDS, PROSPECTS, Rfm, prospects, rfm
from analytics.reports.rfm_groups import GROUPS, rule_of
from xenofy.common.moments import iso
from xenofy.common.money import from_minor
from xenofy.common.shapes import Count, Keys, ListOf, Moment, Money, OrNull, Share
from xenofy.common.tables import Column, Table

CELLS, NAMED = "cells", "groups"
KINDS = (CELLS, NAMED)

_Band = Keys({"from": Count, "to": OrNull(Count)})


class _RowBody(TypedDict):
    """A cell (`recency`, `frequency`) or a group (`name`, `rule`)."""

    key: str
    recency: NotRequired[int]
    frequency: NotRequired[int]
    name: NotRequired[str]
    rule: NotRequired[str]
    customers: Count
    netSales: Money
    share: Share | None


class _TotalsBody(TypedDict):
    customers: Count
    netSales: Money


RFM = answer_of(
    {
        "of": Literal["cells", "groups"],
        "thresholds": Keys(
            {"recency": list[Moment], "frequency": ListOf(_Band), "money": list[Money]}
        ),
        "total": Count,
        "rows": list[_RowBody],
        "totals": _TotalsBody,
    }
)


def rfm_answer(parameters: ReportParameters, coverage: Coverage) -> Answer:
    """Answer the 25 cells of all customers with an order, or the groups, with their thresholds."""
    query = parameters.query()
    live = coverage.live
    framed = Framed(query=query, coverage=coverage, stale=len(live.days) + len(live.stale))
    found = rfm(currency=query.currency)
    if parameters.validated_data["of"] == NAMED:
        listed = _Groups(framed, found, prospects().count())
        return Answer(body=listed.body, table=listed.table)
    return Answer(body=lambda: _body(framed, found), table=lambda: _table(framed, found))


def _body(framed: Framed, found: Rfm | None) -> Body:
    cells, currency = _cells(framed, found), framed.query.currency
    return {
        **frame(framed),
        "of": CELLS,
        "thresholds": _thresholds(found, currency),
        "total": len(cells),
        "rows": cells,
        "totals": _totals(found, currency),
    }


def _thresholds(found: Rfm | None, currency: str) -> Body:
    return {
        "recency": [iso(limit) for limit in found.since] if found else [],
        "frequency": [{"from": low, "to": high} for low, high in BANDS],
        "money": [from_minor(limit, currency) for limit in found.spent] if found else [],
    }


def _totals(found: Rfm | None, currency: str) -> Body:
    cells = found.cells if found else ()
    net = sum(cell.net_sales for cell in cells)
    return {
        "customers": sum(cell.customers for cell in cells),
        "netSales": from_minor(net, currency),
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


class _Groups:
    """The eleven groups, which together are all customers; prospects are the last."""

    def __init__(self, framed: Framed, found: Rfm | None, prospects: int) -> None:
        self.framed = framed
        self.found = found
        self.currency = framed.query.currency
        self.rows = self._rows(prospects)

    def body(self) -> Body:
        """Return all groups, those without customers too."""
        totals = _totals(self.found, self.currency)
        return {
            **frame(self.framed),
            "of": NAMED,
            "thresholds": _thresholds(self.found, self.currency),
            "total": len(self.rows),
            "rows": self.rows,
            "totals": {**totals, "customers": sum(row["customers"] for row in self.rows)},
        }

    def table(self) -> Table:
        """Return the same as rows."""
        said = {"key": "Key", "name": "Group", "rule": "Rule"}
        columns = [Column(key=key, label=label) for key, label in said.items()]
        figures = (*OF_RFM, SHARE)
        rows = [[*(row[key] for key in said), *picked(figures, row)] for row in self.rows]
        return table("rfm-groups", self.framed, columns, figures, rows)

    def _rows(self, prospects: int) -> list[Body]:
        found = {group.key: group for group in self.found.groups} if self.found else {}
        whole = prospects + sum(group.customers for group in found.values())
        rows = [
            (key, group.name, rule_of(group), *(found[key][1:] if found else (0, 0)))
            for key, group in GROUPS.items()
        ]
        rows.append((PROSPECTS, "Prospects", "No order yet.", prospects, 0))
        return [
            {
                "key": key,
                "name": name,
                "customers": customers,
                "netSales": from_minor(net, self.currency),
                "share": share(quotient(customers, whole)),
                "rule": rule,
            }
            for key, name, rule, customers, net in rows
        ]
