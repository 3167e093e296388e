"""Shopify's own totals of days, where our app may read reports."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from shop_data.payloads.values import amount
from shop_data.reconciliation import lines
from shop_data.reconciliation.lines import Figure, Figures
from shop_data.shopify.client import AdminClient
from shop_data.shopify.documents import document
from shop_data.shopify.errors import AccessDenied, Refused
from xenofy.common.money import to_minor

# What Shopify calls them, in ShopifyQL and as headings of its reports.
COLUMNS: Mapping[str, str] = {
    "gross_sales": lines.GROSS,
    "discounts": lines.DISCOUNTS,
    "returns": lines.RETURNS,
    "net_sales": lines.NET,
    "shipping_charges": lines.SHIPPING,
    "duties": lines.DUTIES,
    "taxes": lines.TAXES,
    "total_sales": lines.TOTAL,
}


def shopifys_totals(client: AdminClient, first: date, last: date, currency: str) -> Figures | None:
    """Return Shopify's totals of each day, both ends included; None where we may not see them.

    Raises `Refused` where Shopify does not understand the question.
    """
    question = f"FROM sales SHOW {', '.join(COLUMNS)} TIMESERIES day SINCE {first} UNTIL {last}"
    try:
        found = client.run(document("totals_by_day"), {"question": question})["shopifyqlQuery"]
    except AccessDenied:
        return None
    if found["parseErrors"] or not found["tableData"]:
        raise Refused(f"Shopify does not tell its totals: {'; '.join(found['parseErrors'])}")
    names = [column["name"] for column in found["tableData"]["columns"]]
    figures = Figures()
    for row in found["tableData"]["rows"]:
        told = row if isinstance(row, Mapping) else dict(zip(names, row, strict=True))
        figures.update(dict(_figures(told, currency)))
    return figures


def apart(ours: Figures, theirs: Figures) -> Iterator[tuple[Figure, int, int]]:
    """Yield what differs, of the metrics that Shopify tells, oldest first."""
    told = set(COLUMNS.values())
    for figure in sorted(ours.keys() | theirs.keys()):
        if figure.metric in told and ours[figure] != theirs[figure]:
            yield figure, ours[figure], theirs[figure]


def _figures(row: Mapping[str, Any], currency: str) -> Iterator[tuple[Figure, int]]:
    day = date.fromisoformat(str(row["day"])[:10])
    for column, metric in COLUMNS.items():
        value = amount(row.get(column), column) or Decimal(0)
        yield Figure(day, currency, metric), to_minor(value, currency)
