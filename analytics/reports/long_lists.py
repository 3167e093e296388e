"""What long lists come to: to count a million rows takes longer than to show fifty of them.

This process keeps it for the version of the data of which it was found.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django.db.models import QuerySet

from analytics.kept import Kept
from analytics.reports.coverage import data_version
from tenants.scope import current_tenant_id

T = TypeVar("T")
MOST = 256  # lists

_kept: Kept[Any] = Kept(MOST)


def row_count(found: QuerySet[Any]) -> int:
    """Return how many rows a list has."""
    return 0 if found.query.is_empty() else of_all(found, QuerySet.count)


def of_all(found: QuerySet[Any], summed: Callable[[QuerySet[Any]], T]) -> T:
    """Return what all rows of a list are summed to."""
    rows = found.order_by()
    key = (current_tenant_id(), data_version(), summed, str(rows.query))
    answer: T = _kept.get(key, lambda: summed(rows))
    return answer


def forget() -> None:
    """Forget all of it."""
    _kept.clear()
