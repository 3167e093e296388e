"""Refunds with their lines, adjustments and transactions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shop_data.changes import version_of
from shop_data.models import Refund, RefundAdjustment, RefundLine, Return, Transaction
from shop_data.payloads.order_rows import (
    adjustment_rows,
    refund_line_rows,
    refund_row,
    transaction_row,
)
from shop_data.payloads.values import Body, moment, objects, required_identifier
from shop_data.upserts.bulk import ids_by_shopify_id, upsert_changed, upsert_newest, versioned
from shop_data.upserts.returns import link_to_orders


def write_refunds(
    refunds: Mapping[int, Sequence[Body]],
    order_ids: Mapping[int, UUID],
    *,
    new: Collection[int],
    now: datetime,
) -> None:
    """Write the refunds of each order (by Shopify's id), linked to it where it is known.

    What came before its order is linked when that is `new`.
    """
    bodies = {required_identifier(body): (order, body)
              for order, found in refunds.items() for body in found}  # fmt: skip
    rows = [{**refund_row(body, order), "order_id": order_ids.get(order)}
            for order, body in bodies.values()]  # fmt: skip
    upsert_changed(Refund, rows, key=("shopify_id",))
    _link(new)
    ids = ids_by_shopify_id(Refund, bodies)
    _write_lines(RefundLine, refund_line_rows, bodies, ids)
    _write_lines(RefundAdjustment, adjustment_rows, bodies, ids)
    _write_transactions(bodies, order_ids, now=now)


def _link(order_shopify_ids: Collection[int]) -> None:
    """Point refunds, transactions and returns that arrived before their order to it."""
    for model in (Refund, Transaction, Return):
        link_to_orders(model, order_shopify_ids)


def _write_lines(
    model: Any, rows_of: Any, bodies: Mapping[int, tuple[int, Body]], ids: Mapping[int, UUID]
) -> None:
    rows = {
        row["shopify_id"]: {**row, "refund_id": ids[refund_id]}
        for refund_id, (_, body) in bodies.items()
        for row in rows_of(body)
    }
    upsert_changed(model, list(rows.values()), key=("shopify_id",))


def _write_transactions(
    bodies: Mapping[int, tuple[int, Body]], order_ids: Mapping[int, UUID], *, now: datetime
) -> None:
    rows = []
    for order, refund in bodies.values():
        refunded_at = moment(refund.get("created_at"), "created_at") or now
        for body in objects(refund, "transactions"):
            row = {
                **transaction_row(body),
                "order_shopify_id": order,
                "order_id": order_ids.get(order),
            }
            at = row["processed_at"] or refunded_at
            version = version_of({}, str(sorted(row.items(), key=str)).encode(), at)
            rows.append(versioned(row, version, now))
    upsert_newest(Transaction, rows)
