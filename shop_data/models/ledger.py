"""The sale ledger, from which every figure of money is a sum, and the marks of what changed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shop_data.models.orders import Order
from tenants.models import TenantForeignKey, TenantModel


class Sale(TenantModel):
    """One thing that happened to an order: a line sold, edited, returned (docs/metrics.md).

    `gross`, `discount` and `tax` are signed minor units of `currency`, before tax; discounts and
    reversals are negative. `key` is the same for the same fact, so that deriving an order again
    replaces its rows with the same rows.

    `reason` is "" unless the row is a return: the `restock_type` of a refunded line, the reason
    of an adjustment, "shipping_refund", the reason of a cancellation, "edit". `tax_lines` says
    under which names `tax` was charged ("GST 18%" -> minor units); they add up to it.
    """

    class Action(models.TextChoices):
        ORDER = "order"
        UPDATE = "update"  # an edit
        RETURN = "return"  # refund, return, cancellation, removal by edit

    class LineType(models.TextChoices):
        PRODUCT = "product"
        SHIPPING = "shipping"
        TIP = "tip"
        GIFT_CARD = "gift_card"
        DUTY = "duty"
        ADDITIONAL_FEE = "additional_fee"
        FEE = "fee"
        ADJUSTMENT = "adjustment"

    class Source(models.TextChoices):
        DERIVED = "derived"
        CONFIRMED = "confirmed"  # by Shopify's own agreements

    order = TenantForeignKey(Order, models.CASCADE, related_name="sales")
    key = models.TextField()
    action = models.TextField(choices=Action.choices)
    line_type = models.TextField(choices=LineType.choices)
    happened_at = models.DateTimeField()
    day = models.DateField()  # of `happened_at` in the shop's time zone
    hour = models.SmallIntegerField()
    order_day = models.DateField()  # the order's own day, for the second lens
    line_item_shopify_id = models.BigIntegerField(null=True)
    product_shopify_id = models.BigIntegerField(null=True)
    variant_shopify_id = models.BigIntegerField(null=True)
    customer_shopify_id = models.BigIntegerField(null=True)
    quantity = models.BigIntegerField()
    gross = models.BigIntegerField()
    discount = models.BigIntegerField()
    tax = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.TextField(default="", db_default="")
    tax_lines = models.JSONField(default=dict, db_default={})
    source = models.TextField(choices=Source.choices, default=Source.DERIVED)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "order", "key"], name="sale_once"),
            # A row of another kind would be in no line of the statement and missing silently.
            models.CheckConstraint(
                condition=Q(action__in=["order", "update", "return"]), name="sale_known_action"
            ),
            models.CheckConstraint(
                condition=Q(
                    line_type__in=[
                        *("product", "shipping", "tip", "gift_card", "duty", "additional_fee"),
                        *("fee", "adjustment"),
                    ]
                ),
                name="sale_known_line_type",
            ),
            models.CheckConstraint(condition=Q(hour__range=(0, 23)), name="sale_hour_of_a_day"),
        ]
        indexes = [
            models.Index(
                fields=["tenant", "day", "hour"],
                include=["line_type", "action", "currency", "gross", "discount", "tax"],
                name="sale_by_hour",
            ),
            models.Index(
                fields=["tenant", "order_day"],
                condition=Q(action="return"),
                name="sale_reversal_by_order_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.line_type} {self.gross} {self.currency} on {self.day}"


class RollupMark(TenantModel):
    """Says that the figures of a day may have changed. Appended by writers, taken by the worker.

    With a customer, the worker also visits that customer's later order days.
    """

    customer_shopify_id = models.BigIntegerField(null=True)
    day = models.DateField()

    worker_sees_all = True

    class Meta(TenantModel.Meta):
        pass

    def __str__(self) -> str:
        return str(self.day)


class Rederivation(TenantModel):
    """Says that the orders of a tenant are to be derived again from their documents.

    A migration that adds what is derived appends it, and a large shop that moves to another time
    zone; the worker deletes it when all are done.
    Orders up to `done_to` (Shopify's id) are done.
    """

    done_to = models.BigIntegerField(default=0)

    worker_sees_all = True

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant"], name="rederivation_one")]

    def __str__(self) -> str:
        return f"Orders after {self.done_to}"
