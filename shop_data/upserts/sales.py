"""Replacing the ledger rows of orders, and marking the days that this changes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from shop_data.ledger import SaleRow
from shop_data.marks import Mark, mark_days
from shop_data.models import Sale
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
    wanted = {(order_id, row.key): row for order_id, rows in sales.items() for row in rows}
    gone = [id for key, (id, _) in present.items() if key not in wanted]
    changed = {key: row for key, row in wanted.items() if _row_of(present, key) != row}
    if gone:
        Sale.objects.filter(id__any=gone).delete()
    if changed:
        rows = [{"order_id": order_id, **row._asdict(), "source": Sale.Source.DERIVED}
                for (order_id, _), row in changed.items()]  # fmt: skip
        upsert_changed(Sale, rows, key=("order_id", "key"))
    before = [row for key, (id, row) in present.items() if key in changed or key not in wanted]
    same = [row for (order_id, _), row in wanted.items() if order_id in marked]
    mark_days(_marks([*before, *changed.values(), *same]))


def _present(order_ids: Collection[UUID]) -> dict[tuple[UUID, str], tuple[UUID, SaleRow]]:
    rows = Sale.objects.filter(order_id__any=order_ids).values_list(
        "id", "order_id", *SaleRow._fields
    )
    return {(order_id, values[0]): (id, SaleRow(*values)) for id, order_id, *values in rows}


def _row_of(
    present: Mapping[tuple[UUID, str], tuple[UUID, SaleRow]], key: tuple[UUID, str]
) -> SaleRow | None:
    return present[key][1] if key in present else None


def _marks(rows: Sequence[SaleRow]) -> set[Mark]:
    """Return customer and day of each row, and of the order it belongs to."""
    days: set[tuple[int | None, date]] = set()
    for row in rows:
        days |= {(row.customer_shopify_id, row.day), (row.customer_shopify_id, row.order_day)}
    return days
