"""What the shop's own settings mean for its data."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shop_data.models import StoreInfo

UNKNOWN_ZONE = ZoneInfo("UTC")  # until the shop has told its own; pages say so


def shop_time_zone() -> ZoneInfo:
    """Return the zone in which the shop's days begin and end."""
    return zone_of(StoreInfo.objects.only("iana_timezone").first())


def shop_ids() -> frozenset[int]:
    """Return the ids by which the shop has named itself, as a rule one; none before it has."""
    return frozenset(StoreInfo.objects.values_list("shopify_id", flat=True))


def zone_of(store: StoreInfo | None) -> ZoneInfo:
    """Return the zone that the shop has told, or the one for shops that have not."""
    return ZoneInfo(store.iana_timezone) if store and store.iana_timezone else UNKNOWN_ZONE
