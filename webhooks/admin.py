"""The admin of the inbox."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from tenants.staff_admin import TenantDataAdmin, TenantFilter, raw_text
from webhooks.models import DeliveryCount, DeliveryLag, InboxEvent, TopicBreaker
from webhooks.topics import TOPICS


class TopicFilter(admin.SimpleListFilter):
    """The topics that are taken, from the code: listing those of the table would read all of it."""

    title = "topic"
    parameter_name = "topic"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(topic, topic) for topic in sorted(TOPICS)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        topic = self.value()
        return queryset.filter(topic=topic) if topic else queryset


@admin.register(TopicBreaker)
class TopicBreakerAdmin(TenantDataAdmin):
    list_display = ("shop", "topic", "state", "failures", "reason", "opened_at", "probe_at")
    search_columns = ("topic", "id")


@admin.register(DeliveryCount)
class DeliveryCountAdmin(TenantDataAdmin):
    list_display = ("shop", "day", "topic", "status", "deliveries")
    search_columns = ("id",)


@admin.register(DeliveryLag)
class DeliveryLagAdmin(TenantDataAdmin):
    list_display = ("shop", "hour_at", "topic", "bucket", "deliveries")
    search_columns = ("id",)


@admin.register(InboxEvent)
class InboxEventAdmin(TenantDataAdmin):
    list_display = (
        *("received_at", "shop", "topic", "webhook_id"),
        *("status", "attempts", "last_error", "processed_at"),
    )
    list_filter = (TenantFilter, "status", TopicFilter)
    search_columns = ("webhook_id", "id")
    ordering = ("-tenant_id", "-received_at", "-id")
    unread = ("body", "headers")
    texts = ("body_text", "digest_text")

    @admin.display(description="body")
    def body_text(self, event: InboxEvent) -> SafeString | str:
        return raw_text(event.body)

    @admin.display(description="digest")
    def digest_text(self, event: InboxEvent) -> str:
        return bytes(event.digest).hex()
