"""The inbox: every delivery as it came, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tenants.models import TenantModel


class InboxEvent(TenantModel):
    """One signed delivery of Shopify. The inbox is also the queue that the worker drains.

    `body` holds the raw bytes: jsonb would refuse valid JSON such as `"\\u0000"`. `digest` is the
    SHA-256 of the body, with which deliveries without a webhook id are told apart.
    """

    class Status(models.TextChoices):
        PENDING = "pending"
        DONE = "done"
        SUPERSEDED = "superseded"  # a newer version was known already
        QUARANTINED = "quarantined"

    topic = models.TextField()
    webhook_id = models.TextField()
    event_id = models.TextField(blank=True)
    api_version = models.TextField(blank=True)
    domain = models.TextField()
    triggered_at = models.DateTimeField(null=True)
    headers = models.JSONField()
    body = models.BinaryField()
    digest = models.BinaryField()
    status = models.TextField(choices=Status.choices, default=Status.PENDING)
    attempts = models.IntegerField(default=0)
    next_attempt_at = models.DateTimeField()
    last_error = models.TextField(blank=True)
    received_at = models.DateTimeField()
    processed_at = models.DateTimeField(null=True)

    worker_sees_all = True

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "topic", "webhook_id"], name="inbox_event_once"
            ),
            models.CheckConstraint(
                condition=Q(status__in=["pending", "done", "superseded", "quarantined"]),
                name="inbox_event_known_status",
            ),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "received_at", "id"],
                condition=Q(status="pending"),
                name="inbox_event_pending",
            ),
            models.Index(
                fields=["tenant", "received_at"],
                condition=Q(status="quarantined"),
                name="inbox_event_quarantined",
            ),
            models.Index(fields=["tenant", "received_at", "id"], name="inbox_event_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.topic} {self.webhook_id}"
