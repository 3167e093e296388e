"""Marks: which days' figures may have changed. Writers append them, the worker takes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from shop_data.models import RollupMark
from xenofy.common.failpoints import failpoint

Mark = tuple[int | None, date]  # customer (Shopify's id) and day


def mark_days(marks: Iterable[Mark]) -> None:
    """Append marks; the same one twice in a batch is one."""
    distinct = sorted(set(marks), key=lambda mark: (mark[1], mark[0] or 0))
    RollupMark.objects.bulk_create(
        RollupMark(customer_shopify_id=customer, day=day) for customer, day in distinct
    )
    failpoint("after_marks")
