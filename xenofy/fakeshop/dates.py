"""Moments as Shopify writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def utc(moment: datetime) -> str:
    """Return a moment as GraphQL writes it: "2026-07-01T12:00:00Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def local(moment: datetime, zone: ZoneInfo) -> str:
    """Return a moment as REST writes it: in the shop's zone, with its offset."""
    return moment.astimezone(zone).isoformat(timespec="seconds")
