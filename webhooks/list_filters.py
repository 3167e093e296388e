"""What the inbox is filtered and ordered by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from webhooks.events import deliveries_counted
from webhooks.models import InboxEvent
from xenofy.common.list_filters import Exactly, ListFilter, Moment, Sort, Words

STATUSES = dict(InboxEvent.Status.choices)


class DeliveryFilter(ListFilter):
    """Deliveries by their topic, what became of them, and when they were received.

    `since` is included, `until` is not.
    """

    status = Words(STATUSES, help_text="What became of them.")
    topic = Exactly(help_text="As `orders/create`.")
    since = Moment("received_at", "gte", help_text="Received from then on.")
    until = Moment("received_at", "lt", help_text="Received before.")
    sort = Sort({"receivedAt": "received_at"}, default="-receivedAt")

    def __init__(self, data: Mapping[str, Any]) -> None:
        super().__init__(data, InboxEvent.objects.defer("body", "headers", "digest"))

    def count(self, found: QuerySet[InboxEvent]) -> int:
        """Count the deliveries of a span; without one, add up what is counted already."""
        asked = self.form.cleaned_data
        if asked["since"] or asked["until"]:
            return found.count()
        return deliveries_counted(found, topic=asked["topic"], status=asked["status"])
