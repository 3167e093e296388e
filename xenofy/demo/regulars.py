"""The demo store as its own database knows it: who is a customer, which orders are open.

Live traffic starts from here, so that it goes on after any pause without a memory of its own.
Everything is read inside the demo tenant's scope. What somebody delivered to the store by hand is
left alone: its numbers are of another range.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db.models import Max, Q

from shop_data.models import Customer, InventoryLevel, Order, OrderDocument
from shop_data.upserts.orders import known_order
from tenants.scope import tenant_scope
from xenofy.demo import identifiers
from xenofy.demo.chance import chance
from xenofy.demo.happenings import read
from xenofy.demo.identifiers import LAST
from xenofy.demo.people import Person, person

Body = dict[str, Any]

_OURS = Q(shopify_id__range=(identifiers.order(0), identifiers.order(LAST)))
_PACKED_IN = timedelta(hours=8)  # until an order is sent
_TRAVELS = timedelta(hours=40)  # until a parcel arrives
_REGRETTED = (timedelta(days=2), timedelta(days=15))  # when goods come back


@dataclass(frozen=True, slots=True)
class Regulars:
    """Reads the demo tenant."""

    tenant_id: UUID
    seed: int

    def somebody(self, rng: Random) -> tuple[Person, datetime] | None:
        """Return a customer and when she joined; None while the shop has none."""
        with tenant_scope(self.tenant_id):
            ours = Q(shopify_id__range=(identifiers.customer(0), identifiers.customer(LAST)))
            customers = Customer.objects.filter(ours).order_by("shopify_id")
            count = customers.count()
            rows = customers.values_list("shopify_id", "customer_created_at")
            found = rows[rng.randrange(count)] if count else None
        if found is None:
            return None
        return self.person(found[0] - identifiers.customer(0)), found[1]

    def person(self, index: int) -> Person:
        return person(index, chance(self.seed, "person", index))

    def count(self) -> int:
        """Return how many orders the shop has had."""
        with tenant_scope(self.tenant_id):
            return Order.objects.count()

    def last_order_at(self) -> datetime | None:
        """Return when the newest order was placed, which tells how long the store stood still."""
        with tenant_scope(self.tenant_id):
            placed = Order.objects.filter(_OURS)
            newest: datetime | None = placed.aggregate(at=Max("processed_at"))["at"]
        return newest

    def order_to_send(self, now: datetime) -> Body | None:
        """Return the order that has waited longest to be packed."""
        waiting = Q(fulfillment_status=None, processed_at__lt=now - _PACKED_IN)
        return self._order(waiting & Q(cancelled_at=None, test=False))

    def order_to_arrive(self, now: datetime) -> Body | None:
        """Return the order whose parcel has travelled longest."""
        travelling = Q(fulfillment_status="fulfilled", order_updated_at__lt=now - _TRAVELS)
        return self._order(travelling & Q(closed_at=None, test=False))

    def order_to_regret(self, now: datetime, rng: Random) -> Body | None:
        """Return an order that arrived some days ago and was kept in full."""
        earliest, latest = now - _REGRETTED[1], now - _REGRETTED[0]
        kept = Q(closed_at__range=(earliest, latest), cancelled_at=None, financial_status="paid")
        with tenant_scope(self.tenant_id):
            found = Order.objects.filter(_OURS & kept).values_list("shopify_id", flat=True)
            ids = list(found)
        return self._order(Q(shopify_id=rng.choice(ids))) if ids else None

    def level(self, rng: Random) -> Body | None:
        """Return a stock level as it is now."""
        with tenant_scope(self.tenant_id):
            levels = InventoryLevel.objects.order_by("inventory_item_id", "location_id")
            count = levels.count()
            rows = levels.values("inventory_item_id", "location_id", "available")
            return rows[rng.randrange(count)] if count else None

    def _order(self, wanted: Q) -> Body | None:
        """Return the newest body of the oldest order that is wanted."""
        with tenant_scope(self.tenant_id):
            oldest = Order.objects.filter(_OURS & wanted).order_by("processed_at", "id")
            shopify_id = oldest.values_list("shopify_id", flat=True).first()
            document = OrderDocument.objects.filter(shopify_id=shopify_id).first()
        raw = known_order(document).raw_body if document else None
        return read(raw) if raw else None
