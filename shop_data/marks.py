"""Marks: which days' figures may have changed. Writers append them, the worker takes them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import connection

from tenants.scope import current_tenant_id
from xenofy.common.arrays import array, uuids
from xenofy.common.failpoints import failpoint
from xenofy.common.identifiers import uuid7s

Mark = tuple[int | None, date]  # customer (Shopify's id) and day

_APPEND = """
INSERT INTO shop_data_rollupmark (tenant_id, id, customer_shopify_id, day)
SELECT %s::uuid, given.id, given.customer, given.day
FROM unnest(%s::uuid[], %s::bigint[], %s::date[]) AS given(id, customer, day)
"""


def mark_days(marks: Iterable[Mark]) -> None:
    """Append marks; the same one twice in a batch is one."""
    distinct = sorted(set(marks), key=lambda mark: (mark[1], mark[0] or 0))
    if distinct:
        customers, days = zip(*distinct, strict=True)
        database: Any = connection
        with database.bound_cursor() as cursor:
            ids = uuids(uuid7s(len(distinct)))
            cursor.execute(_APPEND, [current_tenant_id(), ids, array(customers), array(days)])
    failpoint("after_marks")
