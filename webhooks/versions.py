"""API versions of Shopify that bodies come in: those that Xenofy was tried with, and others.

A body in another version is taken like any other, since what is read of bodies has changed little;
it is counted, so that somebody looks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Sum

from webhooks.claimed import Claimed
from webhooks.counts import count_versions, day_of
from webhooks.models import InboxEvent, VersionCount

OLDEST, NEWEST = "2022-10", "2026-10"
SHOWN = 20
_QUARTERLY = re.compile(r"\d{4}-(01|04|07|10)")


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownVersion:
    """Deliveries in a version that Xenofy was not tried with, and the days (UTC) they came on."""

    api_version: str
    deliveries: int
    first_day: date
    last_day: date


def is_known(api_version: str) -> bool:
    """Tell whether Xenofy was tried with a version; a delivery that names none passes."""
    return not api_version or (
        _QUARTERLY.fullmatch(api_version) is not None and OLDEST <= api_version <= NEWEST
    )


def note_unknown_versions(events: Iterable[Claimed | InboxEvent]) -> None:
    """Count deliveries that were settled, each once however often it is put back."""
    count_versions(
        Counter(
            (day_of(event.received_at), event.api_version)
            for event in events
            if event.replayed_at is None and not is_known(event.api_version)
        )
    )


def unknown_versions() -> list[UnknownVersion]:
    """Return the versions of the current tenant's deliveries, those seen last first."""
    rows = VersionCount.objects.values("api_version").annotate(
        total=Sum("deliveries"), first_day=Min("day"), last_day=Max("day")
    )
    return [
        UnknownVersion(
            api_version=row["api_version"],
            deliveries=int(row["total"]),
            first_day=row["first_day"],
            last_day=row["last_day"],
        )
        for row in rows.order_by("-last_day", "api_version")[:SHOWN]
    ]
