"""What the last look at a shop's subscriptions found, kept for the page of data health."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings

from tenants.scope import tenant_scope
from webhooks.doubles import doubled_topics
from webhooks.models import SubscriptionCheck


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscribed:
    """What Shopify tells us of the shop, and why not of the rest; topics are in order.

    `refused` has the rights that are missing, or Shopify's words, with the topics they keep back.
    """

    checked_at: datetime
    topics: list[str]
    refused: dict[str, list[str]]
    doubled: list[str]
    unreachable: str


def topics_before() -> set[str]:
    """Return what the current tenant's shop was subscribed to at the last look, at our address."""
    rows = SubscriptionCheck.objects.filter(address=settings.PUBLIC_URL)
    return set(rows.values_list("topics", flat=True).first() or ())


def note_compared(topics: Sequence[str], refused: Mapping[str, str], *, now: datetime) -> None:
    """Keep what a comparison found for the current tenant, and what came twice since."""
    _keep(
        now,
        address=settings.PUBLIC_URL,
        topics=sorted(topics),
        refused=dict(refused),
        doubled=doubled_topics(now=now),
        unreachable="",
    )


def note_unreachable(tenant_id: UUID, why: str, *, now: datetime) -> None:
    """Keep why Shopify cannot deliver to us, a sentence."""
    with tenant_scope(tenant_id):
        _keep(now, unreachable=why)


def subscribed() -> Subscribed | None:
    """Return what is known for the current tenant; None where nobody has looked yet."""
    row = SubscriptionCheck.objects.first()
    if row is None:
        return None
    refused: dict[str, list[str]] = {}
    for topic, why in sorted(row.refused.items()):
        refused.setdefault(why, []).append(topic)
    return Subscribed(
        checked_at=row.checked_at,
        topics=row.topics,
        refused=refused,
        doubled=row.doubled,
        unreachable=row.unreachable,
    )


def _keep(now: datetime, **columns: object) -> None:
    SubscriptionCheck.objects.update_or_create(defaults={"checked_at": now, **columns})
