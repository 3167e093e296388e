"""What goes back: refunds, returns and the money that moves."""

from __future__ import annotations

from django.db import models

from shop_data.models.mirror import MirrorModel, MoneyField, one_per_shopify_id
from shop_data.models.orders import Order
from tenants.models import TenantForeignKey, TenantModel


class Refund(TenantModel):
    """A refund; `order` is null while only the refund has arrived."""

    shopify_id = models.BigIntegerField()
    order = TenantForeignKey(Order, models.CASCADE, null=True, related_name="refunds")
    order_shopify_id = models.BigIntegerField()
    note = models.TextField(null=True)
    refund_created_at = models.DateTimeField(null=True)
    processed_at = models.DateTimeField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [
            models.Index(fields=["tenant", "order"], name="refund_of_order"),
            models.Index(fields=["tenant", "order_shopify_id"], name="refund_of_shopify_order"),
        ]

    def __str__(self) -> str:
        return f"Refund {self.shopify_id}"


class RefundLine(TenantModel):
    """A line given back, with what it was worth after discounts."""

    refund = TenantForeignKey(Refund, models.CASCADE, related_name="lines")
    shopify_id = models.BigIntegerField()
    line_item_shopify_id = models.BigIntegerField()
    quantity = models.BigIntegerField()
    restock_type = models.TextField(null=True)
    subtotal = MoneyField(null=True)
    total_tax = MoneyField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [models.Index(fields=["tenant", "refund"], name="refund_line_of_refund")]

    def __str__(self) -> str:
        return f"{self.quantity} × line {self.line_item_shopify_id}"


class RefundAdjustment(TenantModel):
    """A refund above or below the value of its lines, or of shipping."""

    refund = TenantForeignKey(Refund, models.CASCADE, related_name="adjustments")
    shopify_id = models.BigIntegerField()
    kind = models.TextField(null=True)
    reason = models.TextField(null=True)
    amount = MoneyField()
    tax_amount = MoneyField()

    class Meta(TenantModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [models.Index(fields=["tenant", "refund"], name="refund_adjustment_of_refund")]

    def __str__(self) -> str:
        return f"{self.kind}: {self.amount}"


class Return(MirrorModel):
    """Goods on their way back; the money is in refunds."""

    order = TenantForeignKey(Order, models.CASCADE, null=True, related_name="returns")
    order_shopify_id = models.BigIntegerField(null=True)
    name = models.TextField(null=True)
    status = models.TextField(null=True)
    requested_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [models.Index(fields=["tenant", "order"], name="return_of_order")]

    def __str__(self) -> str:
        return self.name or f"Return {self.shopify_id}"


class ReturnLine(TenantModel):
    """A line of a return, with the customer's reason."""

    parent = TenantForeignKey(Return, models.CASCADE, related_name="lines")
    shopify_id = models.BigIntegerField()
    line_item_shopify_id = models.BigIntegerField(null=True)
    quantity = models.BigIntegerField()
    reason = models.TextField(null=True)
    note = models.TextField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [models.Index(fields=["tenant", "parent"], name="return_line_of_return")]

    def __str__(self) -> str:
        return f"{self.quantity} × line {self.line_item_shopify_id}"


class Transaction(MirrorModel):
    """Money authorised, taken or given back."""

    order = TenantForeignKey(Order, models.CASCADE, null=True, related_name="transactions")
    order_shopify_id = models.BigIntegerField(null=True)
    parent_shopify_id = models.BigIntegerField(null=True)
    kind = models.TextField(null=True)
    status = models.TextField(null=True)
    gateway = models.TextField(null=True)
    amount = MoneyField(null=True)
    currency = models.CharField(max_length=3, null=True)
    test = models.BooleanField(default=False)
    error_code = models.TextField(null=True)
    processed_at = models.DateTimeField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [models.Index(fields=["tenant", "order"], name="transaction_of_order")]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount} {self.currency}"


class Dispute(MirrorModel):
    """Money that a customer's bank asks back; `order` is found by Shopify's id when it is shown."""

    order_shopify_id = models.BigIntegerField(null=True)
    type = models.TextField(null=True)  # chargeback or inquiry
    status = models.TextField(null=True)
    reason = models.TextField(null=True)
    amount = MoneyField(null=True)
    currency = models.CharField(max_length=3, null=True)
    initiated_at = models.DateTimeField(null=True)
    evidence_due_at = models.DateTimeField(null=True)
    finalized_at = models.DateTimeField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [models.Index(fields=["tenant", "order_shopify_id"], name="dispute_of_order")]

    def __str__(self) -> str:
        return f"{self.type} {self.status}: {self.amount} {self.currency}"
