"""What came of holding the shop's data here against Shopify's own."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from tenants.models import TenantForeignKey, TenantModel


class Reconciliation(TenantModel):
    """One comparison with Shopify, from the lists of what there is to the totals of days.

    Parameters
    ----------
    pieces
        what is compared, one after the other, and `place` the next one
        (`shop_data.reconciliation.plan`); `operation` is Shopify's id of the bulk operation that
        runs for it.
    first_day, last_day
        the days whose figures are compared, both ends included, in the shop's time zone.
    referee
        whose totals the days were held against.
    counts
        kind -> how many objects Shopify has and how many we have.
    to_read
        kind -> Shopify's ids of what is asked for again, since it is missing here or older.
    """

    class State(models.TextChoices):
        DONE = "done"
        FAILED = "failed"
        RUNNING = "running"

    class Referee(models.TextChoices):
        SHOPIFYQL = "shopifyql", "Shopify’s reports"
        AGREEMENTS = "agreements", "Shopify’s ledger of each order"
        REPORT = "report", "a report of Shopify’s, as a file"

    state = models.TextField(choices=State.choices)
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    pieces = models.JSONField(default=list)
    place = models.BigIntegerField(default=0)
    operation = models.TextField(blank=True, default="")
    failures = models.BigIntegerField(default=0)
    first_day = models.DateField()
    last_day = models.DateField()
    referee = models.TextField(choices=Referee.choices, blank=True, default="")
    counts = models.JSONField(default=dict)
    to_read = models.JSONField(default=dict)
    read = models.BigIntegerField(default=0)
    deleted = models.BigIntegerField(default=0)
    confirmed = models.BigIntegerField(default=0)
    corrected = models.BigIntegerField(default=0)
    trouble = models.TextField(blank=True, default="")

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "state"],
                condition=Q(state="running"),
                name="reconciliation_one_running",
            )
        ]
        indexes = [models.Index(fields=["tenant", "begun_at"], name="reconciliation_by_moment")]

    def __str__(self) -> str:
        return f"Reconciliation of {self.begun_at}: {self.state}"


class SalesDifference(TenantModel):
    """Where a figure of a day was another one at Shopify.

    `ours` and `theirs` are minor units of `currency`: of the `orders` that explain it, each its
    Shopify id and name; of the whole day where no order does. `order_count` may be more than are
    named. Open until `healed_at`.
    """

    of = TenantForeignKey(Reconciliation, on_delete=models.CASCADE, related_name="differences")
    day = models.DateField()
    metric = models.TextField()  # its key in docs/metrics.md
    currency = models.CharField(max_length=3)
    ours = models.BigIntegerField()
    theirs = models.BigIntegerField()
    orders = models.JSONField(default=list)
    order_count = models.BigIntegerField(default=0)
    healed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "of", "day", "currency", "metric"], name="sales_difference_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.metric} on {self.day}: {self.ours} here, {self.theirs} at Shopify"
