"""What the shop's own settings mean for its data."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from shop_data.models import StoreInfo

UNKNOWN_ZONE = ZoneInfo("UTC")  # until the shop has told its own; pages say so


def shop_time_zone() -> ZoneInfo:
    """Return the zone in which the shop's days begin and end."""
    name = StoreInfo.objects.values_list("iana_timezone", flat=True).first()
    return ZoneInfo(name) if name else UNKNOWN_ZONE
