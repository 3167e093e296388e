"""What Shopify deleted: it goes, and nothing that comes later brings it back."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from shop_data.changes import Change
from shop_data.models import Tombstone
from shop_data.payloads.values import Body, required_identifier
from shop_data.upserts.bodies import Superseded

CUSTOMER, ORDER, PRODUCT = "customer", "order", "product"
COLLECTION, CHECKOUT, LOCATION = "collection", "checkout", "location"
INVENTORY_ITEM, FULFILLMENT_EVENT = "inventory_item", "fulfillment_event"
MERGED_CUSTOMER = "merged_customer"  # gone as long as the merge holds

Graves = Mapping[int, datetime]  # Shopify's id -> when it was deleted
Write = Callable[[Sequence[Change]], Superseded]


@dataclass(frozen=True, slots=True)
class Deletion:
    """How a resource is deleted: its topic, and what goes with it."""

    resource: str
    topic: str
    remove: Callable[[Graves], None]


def upsert_living(
    changes: Sequence[Change],
    deletion: Deletion,
    write: Write,
    *,
    identity: Callable[[Body], int] = required_identifier,
) -> Superseded:
    """Delete what is to be deleted and write the others, as far as they are not deleted."""
    graves = {
        identity(change.body): change.version.triggered_at
        for change in changes
        if change.topic == deletion.topic
    }
    if graves:
        bury(deletion.resource, graves)
        deletion.remove(graves)
    others = [change for change in changes if change.topic != deletion.topic]
    return write_living(others, deletion.resource, write, identity=identity)


def write_living(
    changes: Sequence[Change],
    resource: str,
    write: Write,
    *,
    identity: Callable[[Body], int | None],
) -> Superseded:
    """Write the changes of what is not deleted; the others are superseded."""
    ids = [identity(change.body) for change in changes]
    dead = buried(resource, {key for key in ids if key is not None})
    living = [change for change, key in zip(changes, ids, strict=True) if key not in dead]
    too_late = {change.delivery for change in changes} - {change.delivery for change in living}
    return too_late | (write(living) if living else set())


def bury(resource: str, graves: Graves) -> None:
    """Note that these were deleted; the first note of one stays."""
    Tombstone.objects.bulk_create(
        [Tombstone(resource=resource, shopify_id=key, deleted_at=at) for key, at in graves.items()],
        ignore_conflicts=True,
    )


def exhume(resource: str, shopify_ids: Collection[int]) -> None:
    """Take back that these were deleted."""
    Tombstone.objects.filter(resource=resource, shopify_id__any=shopify_ids).delete()


def buried(resource: str, shopify_ids: Collection[int]) -> set[int]:
    """Return those of the ids that were deleted, now or earlier."""
    if not shopify_ids:
        return set()
    resources = [resource, MERGED_CUSTOMER] if resource == CUSTOMER else [resource]
    graves = Tombstone.objects.filter(resource__in=resources, shopify_id__any=shopify_ids)
    return set(graves.values_list("shopify_id", flat=True))
