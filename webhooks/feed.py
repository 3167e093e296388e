"""What deliveries told of the shop, for its feed of activity."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from shop_data.changes import Change
from shop_data.payloads.happenings import happening
from shop_data.payloads.values import Body
from shop_data.upserts.store_events import Told, write_store_events
from webhooks.claimed import Claimed


def tell(
    events: Iterable[Claimed], changes: Sequence[Change], *, without: Collection[UUID]
) -> None:
    """Write one line for each delivery but those `without`, which were not processed.

    A superseded delivery has its line too: what it told of did happen. Told twice (the same event
    under another webhook id, a replay) it stays one line.
    """
    bodies = {change.delivery: change.body for change in changes}
    write_store_events(
        _told(event, bodies.get(event.id, {})) for event in events if event.id not in without
    )


def _told(event: Claimed, body: Body) -> Told:
    """Return what a delivery told; it cannot have happened after it came."""
    happened_at = min(event.triggered_at or event.received_at, event.received_at)
    event_id = event.event_id or event.webhook_id
    return Told(event.topic, event_id, happened_at, happening(event.topic, body))
