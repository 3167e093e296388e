"""Orders with their lines, addresses and discounts, and the latest document of each order."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from shop_data.models.customers import Customer
from shop_data.models.mirror import MirrorModel, MoneyField, SearchField, one_per_shopify_id
from tenants.models import TenantForeignKey, TenantModel

# Orders of which something still has to be sent; Shopify leaves the status out where none is.
STILL_OPEN = Q(
    Q(fulfillment_status=None) | Q(fulfillment_status__in=["unfulfilled", "partial"]),
    counts=True,
    cancelled_at=None,
    closed_at=None,
)


class Order(MirrorModel):
    """An order as Shopify shows it. Amounts are in the shop's currency; sums of sales come from
    the ledger, never from here.

    `customer` is null for a guest and for a customer that is not known here;
    `customer_shopify_id` is null for a guest only. `counts` tells whether the order is one of the
    metric "orders": not a test, not deleted, and more than gift cards.
    """

    name = models.TextField(null=True)
    customer = TenantForeignKey(Customer, models.SET_NULL, null=True, related_name="orders")
    customer_shopify_id = models.BigIntegerField(null=True)
    email = models.TextField(null=True)
    phone = models.TextField(null=True)
    currency = models.CharField(max_length=3)
    presentment_currency = models.CharField(max_length=3, null=True)
    total_price = MoneyField()
    subtotal_price = MoneyField(null=True)
    total_tax = MoneyField(null=True)
    total_discounts = MoneyField(null=True)
    total_shipping = MoneyField(null=True)
    total_tip = MoneyField(null=True)
    total_duties = MoneyField(null=True)
    total_additional_fees = MoneyField(null=True)
    current_total_price = MoneyField(null=True)
    presentment_total_price = MoneyField(null=True)
    total_price_minor = models.BigIntegerField()  # for sorting: numeric has no index under RLS
    taxes_included = models.BooleanField(null=True)
    test = models.BooleanField(default=False)
    financial_status = models.TextField(null=True)
    fulfillment_status = models.TextField(null=True)
    cancel_reason = models.TextField(null=True)
    source_name = models.TextField(null=True)
    payment_gateways = models.JSONField(default=list)
    discount_codes = models.TextField(default="", db_default="")  # sorted, joined by " + "
    tags = models.TextField(null=True)
    note = models.TextField(null=True)
    checkout_token = models.TextField(null=True)
    landing_site = models.TextField(null=True)
    referring_site = models.TextField(null=True)
    country_code = models.TextField(null=True)  # where it is shipped, else billed
    province_code = models.TextField(null=True)
    processed_at = models.DateTimeField()
    order_created_at = models.DateTimeField(null=True)
    order_updated_at = models.DateTimeField(null=True)
    cancelled_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    day = models.DateField()  # of `processed_at` in the shop's time zone
    counts = models.BooleanField()
    email_search = SearchField()
    name_search = SearchField()

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [
            # A list is counted, added up and leafed through on its order's index alone.
            models.Index(
                fields=["tenant", "processed_at", "id"],
                include=["financial_status", "fulfillment_status", "currency", "total_price_minor"],
                name="order_newest",
            ),
            models.Index(
                fields=["tenant", "customer_shopify_id", "processed_at", "shopify_id"],
                include=["counts", "day", "currency"],
                condition=Q(customer_shopify_id__isnull=False),
                name="order_history_of_customer",
            ),
            models.Index(
                fields=["tenant", "financial_status", "processed_at", "id"],
                name="order_by_financial_status",
            ),
            models.Index(
                fields=["tenant", "fulfillment_status", "processed_at", "id"],
                name="order_by_fulfilment",
            ),
            models.Index(
                fields=["tenant", "processed_at", "id"],
                include=["fulfillment_status", "currency", "total_price_minor"],
                condition=STILL_OPEN,
                name="order_open",
            ),
            models.Index(
                fields=["tenant", "total_price_minor", "id"],
                include=["processed_at", "financial_status", "fulfillment_status"],
                name="order_by_total",
            ),
            models.Index(fields=["tenant", "customer"], name="order_of_customer"),
            models.Index(fields=["tenant", "day"], name="order_by_day"),
            models.Index(fields=["tenant", "email_search"], name="order_by_email"),
            models.Index(fields=["tenant", "name_search"], name="order_by_name"),
        ]

    def __str__(self) -> str:
        return self.name or str(self.shopify_id)


class OrderItem(TenantModel):
    """A line of an order. Product and variant are Shopify's ids: either may be gone or never
    have existed (a custom line)."""

    order = TenantForeignKey(Order, models.CASCADE, related_name="items")
    shopify_id = models.BigIntegerField()
    position = models.IntegerField()
    product_shopify_id = models.BigIntegerField(null=True)
    variant_shopify_id = models.BigIntegerField(null=True)
    title = models.TextField(null=True)
    variant_title = models.TextField(null=True)
    sku = models.TextField(null=True)
    vendor = models.TextField(null=True)
    quantity = models.BigIntegerField()
    current_quantity = models.BigIntegerField(null=True)
    price = MoneyField()
    presentment_price = MoneyField(null=True)
    total_discount = MoneyField()
    gift_card = models.BooleanField(default=False)
    fulfillment_status = models.TextField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [
            models.Index(fields=["tenant", "order"], name="order_item_of_order"),
            models.Index(fields=["tenant", "product_shopify_id"], name="order_item_of_product"),
        ]

    def __str__(self) -> str:
        return f"{self.quantity} × {self.title or self.shopify_id}"


class OrderAddress(TenantModel):
    """Where an order is shipped or billed."""

    class Type(models.TextChoices):
        SHIPPING = "shipping"
        BILLING = "billing"

    order = TenantForeignKey(Order, models.CASCADE, related_name="addresses")
    type = models.TextField(choices=Type.choices)
    name = models.TextField(null=True)
    company = models.TextField(null=True)
    address1 = models.TextField(null=True)
    address2 = models.TextField(null=True)
    city = models.TextField(null=True)
    province = models.TextField(null=True)
    province_code = models.TextField(null=True)
    country = models.TextField(null=True)
    country_code = models.TextField(null=True)
    zip = models.TextField(null=True)
    phone = models.TextField(null=True)

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "order", "type"], name="order_address_one")
        ]

    def __str__(self) -> str:
        return f"{self.type}: {self.city}, {self.country_code}"


class DiscountUse(TenantModel):
    """One discount of an order: a code, an automatic discount or one given by hand."""

    order = TenantForeignKey(Order, models.CASCADE, related_name="discounts")
    position = models.IntegerField()
    type = models.TextField(null=True)
    code = models.TextField(null=True)
    title = models.TextField(null=True)
    target_type = models.TextField(null=True)
    value_type = models.TextField(null=True)
    value = MoneyField(null=True)
    amount = MoneyField()  # what it took off this order

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "order", "position"], name="discount_use_one"
            ),
        ]
        indexes = [models.Index(fields=["tenant", "code"], name="discount_use_by_code")]

    def __str__(self) -> str:
        return self.code or self.title or self.type or "discount"


class OrderDocument(MirrorModel):
    """All that is known of an order: its newest body, and what other deliveries told about it.

    The ledger is derived from this row alone (`shop_data.known_orders`). It may stand here before
    the order itself, when a refund or an edit arrives first; then `body` is null. Of an order
    whose `redacted_at` is set nothing is kept that tells who ordered, whatever comes later.
    """

    body = models.BinaryField(null=True)  # zlib of the JSON of the order
    facts = models.BinaryField(null=True)  # zlib of the JSON of refunds, edits and first sightings
    needs_fresh_read = models.BooleanField(default=False)  # the body may be stale
    redacted_at = models.DateTimeField(null=True)

    class Meta(MirrorModel.Meta):
        constraints = [one_per_shopify_id()]
        indexes = [
            models.Index(
                fields=["tenant", "shopify_id"],
                condition=Q(needs_fresh_read=True),
                name="order_document_to_read",
            )
        ]

    def __str__(self) -> str:
        return f"Document of order {self.shopify_id}"
