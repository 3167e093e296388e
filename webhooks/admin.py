"""The admin of the inbox."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString

from tenants.scope import tenant_scope
from tenants.staff_admin import TenantDataAdmin, TenantFilter, raw_text
from webhooks import replay
from webhooks.models import (
    DeliveryCount,
    DeliveryLag,
    InboxEvent,
    SubscriptionCheck,
    TopicBreaker,
    VersionCount,
)
from webhooks.topics import TOPICS

MOST = 10_000  # deliveries that the action puts back at once; as many as a list counts


class TopicFilter(admin.SimpleListFilter):
    """The topics that are taken, from the code: listing those of the table would read all of it."""

    title = "topic"
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(topic, topic) for topic in sorted(TOPICS)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        topic = self.value()
        return queryset.filter(topic=topic) if topic else queryset


class ReceivedFilter(admin.SimpleListFilter):
    """Spans of time that end now; `manage.py replay` takes any."""

    title = "received"
    parameter_name = "received"
    _hours = (("1", "in the last hour"), ("24", "in the last 24 hours"), ("168", "in 7 days"))

    def lookups(self, request: HttpRequest, model_admin: Any) -> Iterable[tuple[str, str]]:
        return self._hours

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if self.value() not in dict(self._hours):
            return queryset
        since = timezone.now() - timedelta(hours=int(self.value() or 0))
        return queryset.filter(received_at__gte=since)


@admin.register(TopicBreaker)
class TopicBreakerAdmin(TenantDataAdmin):
    list_display = ("shop", "topic", "state", "failures", "reason", "opened_at", "probe_at")
    search_columns = ("topic", "id")


@admin.register(DeliveryCount)
class DeliveryCountAdmin(TenantDataAdmin):
    list_display = ("shop", "day", "topic", "status", "deliveries")
    search_columns = ("id",)


@admin.register(VersionCount)
class VersionCountAdmin(TenantDataAdmin):
    list_display = ("day", "shop", "api_version", "deliveries")
    search_columns = ("id",)


@admin.register(DeliveryLag)
class DeliveryLagAdmin(TenantDataAdmin):
    list_display = ("shop", "hour_at", "topic", "bucket", "deliveries")
    search_columns = ("id",)


@admin.register(SubscriptionCheck)
class SubscriptionCheckAdmin(TenantDataAdmin):
    list_display = ("shop", "checked_at", "address", "unreachable", "refused", "doubled")
    search_columns = ("id",)


@admin.register(InboxEvent)
class InboxEventAdmin(TenantDataAdmin):
    list_display = (
        *("received_at", "shop", "topic", "webhook_id"),
        *("status", "attempts", "last_error", "processed_at"),
    )
    list_filter = (TenantFilter, "status", TopicFilter, ReceivedFilter)
    search_columns = ("webhook_id", "id")
    ordering = ("-tenant_id", "-received_at", "-id")
    unread = ("body", "headers")
    texts = ("body_text", "digest_text")
    actions = ("put_back",)

    def has_replay_permission(self, request: HttpRequest) -> bool:
        """Reading is not enough; nothing else of this table may be changed by anybody."""
        return request.user.has_perm("webhooks.change_inboxevent")

    @admin.action(description="Put back into the queue", permissions=["replay"])
    def put_back(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Put the chosen deliveries back, of each tenant in its own transaction."""
        chosen: dict[UUID, list[UUID]] = defaultdict(list)
        for tenant_id, event_id in queryset.values_list("tenant_id", "id")[: MOST + 1]:
            chosen[tenant_id].append(event_id)
        if sum(map(len, chosen.values())) > MOST:
            text = f"More than {MOST:,} are chosen; narrow the list or use manage.py replay."
            self.message_user(request, text, messages.ERROR)
            return
        queued = pruned = 0
        for tenant_id, ids in chosen.items():
            selection = replay.Selection(statuses=replay.EVERY_STATUS, ids=tuple(ids))
            with tenant_scope(tenant_id):
                found = replay.put_back(
                    selection, now=timezone.now(), by=f"Put back by {request.user}.", most=MOST
                )
            queued, pruned = queued + found.queued, pruned + found.pruned
        self.message_user(request, f"{queued:,} put back; {pruned:,} have no body any more.")

    @admin.display(description="body")
    def body_text(self, event: InboxEvent) -> SafeString | str:
        return raw_text(event.body)

    @admin.display(description="digest")
    def digest_text(self, event: InboxEvent) -> str:
        return bytes(event.digest).hex()
