"""The inbox as a table for a file: one row for each delivery, without its body."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from webhooks.events import told
from webhooks.list_filters import DeliveryFilter
from webhooks.models import InboxEvent
from webhooks.serializers import event_body
from xenofy.common.list_files import Rows, list_table, moment_column
from xenofy.common.tables import Column, Table

COLUMNS = [
    moment_column("receivedAt", "Received"),
    Column(key="topic", label="Topic"),
    Column(key="status", label="Status"),
    Column(key="attempts", label="Tries"),
    Column(key="lastError", label="Last reason"),
    moment_column("processedAt", "Processed"),
    moment_column("replayedAt", "Put back"),
    moment_column("bodyPrunedAt", "Body pruned"),
    Column(key="apiVersion", label="API version"),
    Column(key="webhookId", label="Webhook id"),
    Column(key="eventId", label="Event id"),
    Column(key="id", label="Id"),
]


def inbox_table(inbox: DeliveryFilter, *, may_see_people: bool) -> Table:
    """Return the deliveries that are chosen."""

    def rows(some: Sequence[InboxEvent]) -> Rows:
        return [cast("dict[str, Any]", event_body(told(row), may_see_people)) for row in some]

    found = inbox.rows()
    return list_table("deliveries", COLUMNS, found, rows, count=inbox.count(found))
