"""Whatever is signed is taken, kept byte for byte and ends well, and its neighbours get through.

`make fuzz EXAMPLES=20000` tries more than the suite does.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shop_data.models import Order
from tenants.scope import tenant_scope
from tests.builders import OrderBuilder
from tests.fuzz import hostile
from tests.fuzz.conftest import fuzzing
from tests.shops import Shop
from webhooks.models import InboxEvent

GROSS = 5.0  # seconds of CPU for a whole example, far above what any body may take
ENDINGS = {InboxEvent.Status.DONE, InboxEvent.Status.SUPERSEDED, InboxEvent.Status.QUARANTINED}


def neighbour(number: int) -> OrderBuilder:
    """Return an ordinary order that no mutated body can be about."""
    order = OrderBuilder(8_000_000_000 + number)
    order.line("12.50", 2)
    return order


@pytest.mark.fault(17)
@pytest.mark.fault(18)
@pytest.mark.fault(19)
@pytest.mark.fault(20)
@pytest.mark.fault(21)
@pytest.mark.fault(22)
@pytest.mark.fault(23)
@given(st.lists(hostile.deliveries(), min_size=1, max_size=8))
@fuzzing
def test_any_signed_body_ends_well(shop: Shop, sent: Sequence[hostile.Delivery]) -> None:
    good = neighbour(time.monotonic_ns() % 10**9)
    ids = [str(uuid4()) for _ in sent]
    begun = time.process_time()

    for webhook_id, (topic, body) in zip(ids, sent, strict=True):
        shop.deliver(topic, body, X_Shopify_Webhook_Id=webhook_id)
    shop.deliver("orders/create", good.body())
    shop.drain()

    assert time.process_time() - begun < GROSS
    with tenant_scope(shop.connection.tenant_id):
        found = InboxEvent.objects.filter(webhook_id__in=ids)
        events = {event.webhook_id: event for event in found}
        assert Order.objects.get(shopify_id=good.id).total_price == 25
    for webhook_id, (_, body) in zip(ids, sent, strict=True):
        event = events[webhook_id]
        assert bytes(event.body) == body
        assert event.status in ENDINGS, event.last_error
        assert (event.status == InboxEvent.Status.QUARANTINED) == bool(event.last_error)
