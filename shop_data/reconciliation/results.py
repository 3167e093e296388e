"""What reconciliations found: what pages and answers say of the figures that they show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from django.db.models import QuerySet

from shop_data.models import Errand, Order, Reconciliation, Sale, SalesDifference

RECONCILIATION = "reconciliation"  # the errand
MOST_SHOWN = 50  # differences of the history
MOST_SUSPECTED = 1_000  # sales of days that differ


class Difference(NamedTuple):
    """A figure of a day that was another one at Shopify, in minor units of its currency.

    Of the `orders` that explain it, as far as they are named: Shopify's id and name. Without any it
    is of the whole day. Open while `healed_at` is None.
    """

    day: date
    metric: str
    currency: str
    ours: int
    theirs: int
    orders: Sequence[tuple[int, str]]
    order_count: int
    found_at: datetime
    healed_at: datetime | None


class Checked(NamedTuple):
    """How days stand against Shopify, as a finished reconciliation found them.

    `until` is the last day that was compared. What is not among `differing` agrees.
    """

    at: datetime
    until: date
    differing: Sequence[Difference]


class Counted(NamedTuple):
    """How many objects of a kind Shopify had and how many were here, before anything was read."""

    kind: str
    theirs: int
    ours: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """How the shop's data stands against Shopify.

    Parameters
    ----------
    last
        the last reconciliation that came to its end, None before that.
    is_running
        whether one runs now.
    trouble
        why the last one failed or what it left out, or why the next one does not come on.
    still_open
        how many figures differed still when the last one ended.
    differing
        what was found, the newest first; `present` are those of its orders that are still here.
    """

    last: Reconciliation | None
    is_running: bool
    trouble: str
    next_at: datetime | None
    counts: Sequence[Counted]
    still_open: int
    differing: Sequence[Difference]
    present: Collection[int]


def last_done() -> Reconciliation | None:
    """Return the current tenant's last comparison with Shopify itself that came to its end."""
    asked = _done().exclude(referee=Reconciliation.Referee.REPORT)
    found: Reconciliation | None = asked.first()
    return found


def suspected_orders() -> list[int]:
    """Return orders with sales on days that differed still, of which Shopify is asked again."""
    newest = _done().first()
    rows = SalesDifference.objects.filter(of=newest, healed_at=None) if newest else ()
    days = {row.day for row in rows}
    sales = Sale.objects.filter(day__in=days).values_list("order__shopify_id", flat=True)
    return sorted(set(sales[:MOST_SUSPECTED]))


def checked(first: date, last: date, currency: str) -> Checked | None:
    """Return how the figures of days stand against Shopify, both ends included, in one currency.

    None while that is unknown: nothing was compared yet, or not from the first day on.
    """
    done = _done().filter(first_day__lte=first, last_day__gte=first).first()
    if done is None or done.ended_at is None:
        return None
    rows = SalesDifference.objects.filter(of=done, healed_at=None, currency=currency)
    found = rows.filter(day__range=(first, last)).order_by("day", "metric")
    differing = [_difference(row, done) for row in found]
    return Checked(done.ended_at, min(last, done.last_day), differing)


def compared() -> Compared:
    """Return how the current tenant's data stands against Shopify, and what was found before."""
    newest = Reconciliation.objects.order_by("-begun_at").first()
    last = _done().first()
    errand = Errand.objects.filter(name=RECONCILIATION).first()
    history = SalesDifference.objects.select_related("of")
    rows = history.order_by("-of__begun_at", "-day", "metric")[:MOST_SHOWN]
    differing = [_difference(row, row.of) for row in rows]
    named = {number for each in differing for number, _ in each.orders}
    present = Order.objects.filter(shopify_id__in=named).values_list("shopify_id", flat=True)
    return Compared(
        last=last,
        is_running=newest is not None and newest.state == Reconciliation.State.RUNNING,
        trouble=(errand.trouble if errand else "") or (newest.trouble if newest else ""),
        next_at=errand.due_at if errand else None,
        counts=[Counted(kind, *numbers) for kind, numbers in (last.counts if last else {}).items()],
        still_open=history.filter(of=last, healed_at=None).count() if last else 0,
        differing=differing,
        present=frozenset(present),
    )


def _done() -> QuerySet[Reconciliation]:
    """Return those that came to their end, the newest first."""
    done = Reconciliation.objects.filter(state=Reconciliation.State.DONE)
    return done.order_by("-begun_at")


def _difference(row: SalesDifference, of: Reconciliation) -> Difference:
    orders = [(int(number), name) for number, name in row.orders]
    figure = (row.day, row.metric, row.currency, row.ours, row.theirs)
    return Difference(*figure, orders, row.order_count, of.begun_at, row.healed_at)
