"""The inbox: every delivery as it came, and what became of it."""

from __future__ import annotations

from django.db import models
from django.db.models import Q, Value

from tenants.models import TenantModel


class InboxEvent(TenantModel):
    """One signed delivery of Shopify. The inbox is also the queue that the worker drains.

    `body` holds the raw bytes: jsonb would refuse valid JSON such as `"\\u0000"`. `digest` is the
    SHA-256 of the body, with which deliveries without a webhook id are told apart.

    `attempts` counts the tries since the delivery came or was last put back (`replayed_at`); the
    columns tell the outcome of the last one, `tries` those before it (see `webhooks.history`). An
    event whose `body_pruned_at` is set has an empty body: its time was over.
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
    replayed_at = models.DateTimeField(null=True)
    tries = models.JSONField(default=list, db_default=Value([], models.JSONField()))
    body_pruned_at = models.DateTimeField(null=True)

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


class TopicBreaker(TenantModel):
    """Whether deliveries of a topic are processed, or kept because all of them fail.

    A row comes with the first failure. `failures` counts those in a row, without a success between
    them; while the state is open nothing of the topic is claimed before `probe_at`, when a few
    deliveries are tried (half open) and decide.
    """

    class State(models.TextChoices):
        CLOSED = "closed"
        OPEN = "open"
        HALF_OPEN = "half_open"

    topic = models.TextField()
    state = models.TextField(choices=State.choices, default=State.CLOSED)
    failures = models.BigIntegerField(default=0)
    probes = models.BigIntegerField(default=0)  # that failed since it opened
    reason = models.TextField(blank=True)
    opened_at = models.DateTimeField(null=True)
    probe_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    worker_sees_all = True

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "topic"], name="topic_breaker_one"),
            models.CheckConstraint(
                condition=Q(state__in=["closed", "open", "half_open"]),
                name="topic_breaker_known_state",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}: {self.state}"


class DeliveryCount(TenantModel):
    """How many deliveries received on a day (UTC) ended how; those that wait are not in it.

    Written in the transaction that settles them, so that nobody has to count millions of rows;
    `manage.py verify` does, and compares.
    """

    day = models.DateField()
    topic = models.TextField()
    status = models.TextField(choices=InboxEvent.Status.choices)
    deliveries = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "day", "topic", "status"], name="delivery_count_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.topic}: {self.deliveries} {self.status}"


class VersionCount(TenantModel):
    """How many deliveries received on a day (UTC) came in an API version that Xenofy was not tried
    with. What is put back is not counted again."""

    day = models.DateField()
    api_version = models.TextField()
    deliveries = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "day", "api_version"], name="version_count_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.api_version}: {self.deliveries}"


class DeliveryLag(TenantModel):
    """How many deliveries processed in an hour took how long from receipt to the mirror.

    `bucket` is that of `webhooks.lags`. Kept for some days; deliveries that were put back are not
    in it.
    """

    hour_at = models.DateTimeField()
    topic = models.TextField()
    bucket = models.BigIntegerField()
    deliveries = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "hour_at", "topic", "bucket"], name="delivery_lag_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.hour_at} {self.topic}: {self.deliveries}"


class SubscriptionCheck(TenantModel):
    """What was found when the shop's subscriptions were compared last (`webhooks.subscriptions`).

    `topics` were subscribed to then, at `address`. `refused` names for each other topic the rights
    that are missing, or what Shopify says; `doubled` are topics that came twice lately. Where
    Shopify cannot deliver, `unreachable` says why, and the rest is as it was before.
    """

    checked_at = models.DateTimeField()
    address = models.TextField(blank=True)
    topics = models.JSONField(default=list)
    refused = models.JSONField(default=dict)
    doubled = models.JSONField(default=list)
    unreachable = models.TextField(blank=True, default="")

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="subscription_check_one")]

    def __str__(self) -> str:
        return self.unreachable or f"{len(self.topics)} topics at {self.checked_at}"
