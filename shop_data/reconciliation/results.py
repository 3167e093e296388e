"""What the last reconciliation found: what pages and answers say of the figures that they show."""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from shop_data.models import Reconciliation, SalesDifference


class Checked(NamedTuple):
    """How days stand against Shopify, as a finished reconciliation found them.

    `until` is the last day that was compared. `open_days` are those of which something still
    differs; figures agree on all others.
    """

    at: datetime
    until: date
    referee: str
    open_days: tuple[date, ...]


def last_done() -> Reconciliation | None:
    """Return the current tenant's last reconciliation that came to its end."""
    done = Reconciliation.objects.filter(state=Reconciliation.State.DONE)
    found: Reconciliation | None = done.order_by("-begun_at").first()
    return found


def checked(first: date, last: date) -> Checked | None:
    """Return how days stand against Shopify, both ends included.

    None while that is unknown: nothing was compared yet, or not from the first day on.
    """
    done = last_done()
    if done is None or done.ended_at is None:
        return None
    if first < done.first_day or first > done.last_day:
        return None
    days = SalesDifference.objects.filter(of=done, healed_at=None, day__range=(first, last))
    found = days.order_by("day").values_list("day", flat=True).distinct()
    return Checked(done.ended_at, min(last, done.last_day), done.referee, tuple(found))
