"""Replacing the ledger rows of orders, and marking the days that this changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from shop_data.marks import Mark, mark_days
from shop_data.models import Sale
from shop_data.sale_rows import SaleRow
from shop_data.upserts.bulk import upsert_changed


def write_sales(
    sales: Mapping[UUID, Sequence[SaleRow]],
    *,
    marked: Collection[UUID] = (),
    new: Collection[UUID] = (),
) -> None:
    """Make the ledger of each order the given rows; those of `new` orders have none yet.

    The days of old and new rows that differ are marked, and of the orders in `marked` all days.
    """
    present = _present(sales.keys() - set(new))
    gone: list[UUID] = []
    changed: list[dict[str, Any]] = []
    differing: list[SaleRow] = []
    source = Sale.Source.DERIVED.value
    for order_id, rows in sales.items():
        before, after = present.get(order_id, {}), {row.key: row for row in rows}
        gone += [id for key, (id, _) in before.items() if key not in after]
        news = [row for row in rows if row.key not in before or before[row.key][1] != row]
        changed += [{"order_id": order_id, **row._asdict(), "source": source} for row in news]
        differing += rows if order_id in marked else news
        differing += [row for _, row in before.values() if after.get(row.key) != row]
    if gone:
        Sale.objects.filter(id__any=gone).delete()
    upsert_changed(Sale, changed, key=("order_id", "key"))
    mark_days(_marks(differing))


def confirm_sales(order_ids: Collection[UUID]) -> None:
    """Note that Shopify's own agreements say the same as the rows of these orders."""
    derived = Sale.objects.filter(order_id__any=order_ids, source=Sale.Source.DERIVED)
    derived.update(source=Sale.Source.CONFIRMED)


def _present(order_ids: Collection[UUID]) -> dict[UUID, dict[str, tuple[UUID, SaleRow]]]:
    """Return order -> key of a row -> its id and what it says."""
    present: dict[UUID, dict[str, tuple[UUID, SaleRow]]] = defaultdict(dict)
    rows = Sale.objects.filter(order_id__any=order_ids)
    for id, order_id, *values in rows.values_list("id", "order_id", *SaleRow._fields):
        present[order_id][values[0]] = id, SaleRow(*values)
    return present


def _marks(rows: Sequence[SaleRow]) -> set[Mark]:
    """Return customer and day of each row, and of the order it belongs to."""
    days: set[tuple[int | None, date]] = set()
    for row in rows:
        days |= {(row.customer_shopify_id, row.day), (row.customer_shopify_id, row.order_day)}
    return days
