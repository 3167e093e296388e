"""Rollups counted again in plain Python from the rows of ledger and orders."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date
from typing import Any

from analytics.models import SalesDay, VariantDay
from analytics.sums import PRODUCT_COLUMNS, ROLLUP_COLUMNS
from shop_data.models import Order, Sale

Key = tuple[Any, ...]
Rollup = dict[Key, dict[str, int]]

OTHERS = {"shipping": "shipping", "duty": "duties", "additional_fee": "additional_fees",
          "fee": "additional_fees", "tip": "tips", "gift_card": "gift_cards_sold"}  # fmt: skip


def recounted() -> tuple[Rollup, Rollup]:
    """Return what the rollups of sales and of products have to hold."""
    sales: dict[Key, Counter[str]] = defaultdict(Counter)
    products: dict[Key, Counter[str]] = defaultdict(Counter)
    ordered: dict[Key, set[Any]] = defaultdict(set)
    for row in Sale.objects.all():
        for day, part in _parts(row):
            sales[day, row.currency, part].update(_lines(row))
            sales[day, row.currency, part].update(_counts(row))
            if row.line_type in {"product", "adjustment"}:
                product = (day, row.product_shopify_id or 0, row.currency, part)
                lines = _lines(row)
                products[product].update({n: lines[n] for n in PRODUCT_COLUMNS if n in lines})
                if row.action == "order":
                    ordered[product].add(row.order_id)
                products[product]["orders"] = len(ordered[product])
    for order, is_first in _counted_orders():
        key = (order.day, order.currency, "addition")
        sales[key]["orders"] += 1
        if order.customer_shopify_id is not None:
            sales[key]["new_customers" if is_first else "returning_orders"] += 1
    return _plain(sales), _plain(products)


def stored() -> tuple[Rollup, Rollup]:
    """Return what the rollups hold; of products what their variants add up to."""
    products: dict[Key, Counter[str]] = defaultdict(Counter)
    for row in VariantDay.objects.all():
        values = {**_columns(row, PRODUCT_COLUMNS), "orders": row.product_orders}
        products[row.day, row.product_shopify_id, row.currency, row.part].update(values)
    return (
        {
            (row.day, row.currency, row.part): _columns(row, ROLLUP_COLUMNS)
            for row in SalesDay.objects.totals()
        },
        _plain(products),
    )


def _parts(row: Sale) -> list[tuple[date, str]]:
    if row.action != "return":
        return [(row.day, "addition")]
    return [(row.day, "reversal"), (row.order_day, "reversal_by_order_day")]


def _lines(row: Sale) -> Counter[str]:
    net = row.gross + row.discount
    lines = Counter({"taxes": row.tax})
    if row.line_type in OTHERS:
        lines[OTHERS[row.line_type]] += net
    elif row.action == "return":
        lines["returns"] += net
    else:
        lines.update({"gross_sales": row.gross, "discounts": row.discount})
    if row.line_type == "product":
        back = row.action == "return"
        lines["units_returned" if back else "units"] += -row.quantity if back else row.quantity
    return lines


def _counts(row: Sale) -> Counter[str]:
    ordered = row.line_type == "product" and row.action == "order"
    return Counter({"rows": 1, "order_value": row.gross + row.discount if ordered else 0})


def _counted_orders() -> list[tuple[Order, bool]]:
    """Return each order that counts, and whether it is its customer's first."""
    seen: set[int | None] = {None}
    found = []
    for order in sorted(
        Order.objects.filter(counts=True), key=lambda o: (o.processed_at, o.shopify_id)
    ):
        found.append((order, order.customer_shopify_id not in seen))
        seen.add(order.customer_shopify_id)
    return found


def _columns(row: Any, names: tuple[str, ...]) -> dict[str, int]:
    return {name: value for name in names if (value := getattr(row, name))}


def _plain(counted: dict[Key, Counter[str]]) -> Rollup:
    return {
        key: {name: value for name, value in row.items() if value} for key, row in counted.items()
    }
