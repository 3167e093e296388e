"""Is every accepted delivery accounted for?"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q

from webhooks.models import InboxEvent
from xenofy.verification.records import Difference, Differences, InboxCheck

Status = InboxEvent.Status


def check_inbox(found: Differences) -> InboxCheck:
    """Count the deliveries of the current tenant by what became of them."""
    counts = InboxEvent.objects.aggregate(
        accepted=Count("id"),
        **{status.value: Count("id", filter=Q(status=status)) for status in Status},
    )
    inbox = InboxCheck(**counts)
    found.add(unaccounted(inbox))
    return inbox


def unaccounted(inbox: InboxCheck) -> Iterator[Difference]:
    """Yield the difference between what was accepted and what became of it, where there is one."""
    if inbox.accepted != inbox.accounted_for:
        metric = "deliveries: done + superseded + quarantined + pending"
        yield Difference(None, "", metric, str(inbox.accepted), str(inbox.accounted_for))
