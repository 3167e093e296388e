"""Moments as the page of data health writes them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from xenofy.common import formats

UNKNOWN = "—"


def moment(at: datetime | None, zone: ZoneInfo, *, now: datetime) -> str:
    """Write a moment in the shop's time: "4 Nov, 3:12 pm"."""
    if at is None:
        return UNKNOWN
    local = at.astimezone(zone)
    day = formats.day(local.date(), today=now.astimezone(zone).date())
    return f"{day}, {formats.clock(local)}"
