"""Rollups: sums of the ledger by shop-local day, recomputed from it and never incremented.

Money is in minor units of `currency`. Every table is a cache: `manage.py verify` derives it again.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models

from analytics.columns import ProductColumns, StatementColumns, ToDateColumns
from analytics.enums import Dimension, Part
from analytics.querysets import SalesDayManager
from tenants.models import TenantModel


class SalesDay(StatementColumns, TenantModel):
    """The sales of one day, split by one dimension.

    `order_value` is gross sales and discounts of what was ordered (edits left out), for the
    average; the counts of orders and customers stand in the additions of the order's own day.
    """

    day = models.DateField()
    dimension = models.TextField(choices=Dimension.choices)
    key = models.TextField(blank=True)  # of the dimension; empty for the total and for "none"
    currency = models.CharField(max_length=3)
    part = models.TextField(choices=Part.choices)
    orders = models.BigIntegerField(default=0)
    order_value = models.BigIntegerField(default=0)
    returning_orders = models.BigIntegerField(default=0)
    new_customers = models.BigIntegerField(default=0)
    rows = models.BigIntegerField(default=0)  # of the ledger

    objects: ClassVar[SalesDayManager[Self]] = SalesDayManager()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "dimension", "day", "currency", "part", "key"],
                name="sales_day_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.dimension} {self.key}"


class VariantDay(ProductColumns, TenantModel):
    """The sales of one variant on one day; 0 is "no variant", as of a product without any.

    A product is the sum of its variants, but for its `orders`: of an order with several of them
    one has it among its `product_orders`, so that the sum counts it once.
    """

    day = models.DateField()
    product_shopify_id = models.BigIntegerField()
    variant_shopify_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    part = models.TextField(choices=Part.choices)
    product_orders = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=[
                    *("tenant", "day", "product_shopify_id", "variant_shopify_id"),
                    *("currency", "part"),
                ],
                name="variant_day_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.variant_shopify_id} on {self.day}"


class ProductToDate(ToDateColumns, TenantModel):
    """The sales of one product in a calendar year up to a day; two of them make a window."""

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "until", "product_shopify_id", "currency"],
                name="product_to_date_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.product_shopify_id} until {self.until}"


class VariantToDate(ToDateColumns, TenantModel):
    """The sales of one variant in a calendar year up to a day; `product_orders` as in its days."""

    variant_shopify_id = models.BigIntegerField()
    product_orders = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "until", "product_shopify_id", "variant_shopify_id", "currency"],
                name="variant_to_date_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.variant_shopify_id} until {self.until}"


class CustomerTotal(TenantModel):
    """What the counted orders of one customer in one currency come to.

    Moments instead of days: so a shop that changes its time zone changes nothing here.
    """

    customer_shopify_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    first_at = models.DateTimeField()
    second_at = models.DateTimeField(null=True)  # null while there is one order
    last_at = models.DateTimeField()
    orders = models.BigIntegerField()
    order_value = models.BigIntegerField()  # gross sales and discounts of what was ordered
    net_sales = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "customer_shopify_id", "currency"], name="customer_total_one"
            )
        ]
        indexes = [
            models.Index(fields=["tenant", "currency", "-net_sales"], name="customer_total_best")
        ]

    def __str__(self) -> str:
        return f"Customer {self.customer_shopify_id}"


class BuyerGap(TenantModel):
    """How many customers bought on `day` and had bought before it last on `previous_day`.

    The unique buyers of [a, b] are the sum of `buyers` with `day` inside and `previous_day` < a.
    A first purchase has the previous day 0001-01-01. `second_buyers` are those of them who on
    `day` placed the second order of their lives: on another day than the first one or on the same.
    """

    day = models.DateField()
    previous_day = models.DateField()
    buyers = models.BigIntegerField()
    second_buyers = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "day", "previous_day"], name="buyer_gap_one")
        ]

    def __str__(self) -> str:
        return f"{self.buyers} on {self.day}"


class BuyerDay(TenantModel):
    """The customers of a day, and those of them who by its end have placed two orders or more."""

    day = models.DateField()
    buyers = models.BigIntegerField()
    returning_buyers = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [models.UniqueConstraint(fields=["tenant", "day"], name="buyer_day_one")]

    def __str__(self) -> str:
        return f"{self.buyers} on {self.day}"


class BuyerGapMonth(TenantModel):
    """The gaps of a whole calendar month that is over, summed by the day before."""

    month = models.DateField()
    previous_day = models.DateField()
    buyers = models.BigIntegerField()
    second_buyers = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "month", "previous_day"], name="buyer_gap_month_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.buyers} in {self.month:%Y-%m}"


class CohortDay(TenantModel):
    """What the customers of one cohort did on one day.

    `cohort` is the first day of the week or of the month, whichever is later, in which they
    ordered first: so cohorts by week and by month are sums of these. `active_week` are those who
    had not ordered before in the week of `day` (in this currency), the others likewise: so the
    sum over a week, month or quarter counts each customer once.
    """

    day = models.DateField()
    cohort = models.DateField()
    currency = models.CharField(max_length=3)
    part = models.TextField(choices=Part.choices)
    active_week = models.BigIntegerField()
    active_month = models.BigIntegerField()
    active_quarter = models.BigIntegerField()
    orders = models.BigIntegerField()
    net_sales = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "day", "cohort", "currency", "part"], name="cohort_day_one"
            )
        ]

    def __str__(self) -> str:
        return f"Cohort {self.cohort} on {self.day}"


class FulfillmentTime(TenantModel):
    """How many orders of a day took how long; a bucket holds hours in [1.05^n, 1.05^(n+1))."""

    class Stage(models.TextChoices):
        FULFILLED = "fulfilled"  # until the first parcel left
        DELIVERED = "delivered"  # until the first parcel arrived

    day = models.DateField()  # of the order
    stage = models.TextField(choices=Stage.choices)
    bucket = models.IntegerField()
    orders = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "day", "stage", "bucket"], name="fulfillment_time_one"
            )
        ]

    def __str__(self) -> str:
        return f"{self.stage} on {self.day}"


class CheckoutDay(TenantModel):
    """The online checkouts that were begun on one day, in one currency.

    `left_open` are those with a contact that are not completed; those of the last minutes too,
    which nobody has abandoned yet. `recovered` were completed after they had been abandoned.
    Values are in thousandths of the currency's unit.
    """

    day = models.DateField()
    currency = models.CharField(max_length=3, blank=True)  # empty where a checkout names none
    completed = models.BigIntegerField()
    left_open = models.BigIntegerField()
    left_value = models.BigIntegerField()
    with_email = models.BigIntegerField()  # of those that are left open
    recovered = models.BigIntegerField()
    recovered_value = models.BigIntegerField()

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(fields=["tenant", "day", "currency"], name="checkout_day_one")
        ]

    def __str__(self) -> str:
        return f"{self.completed} on {self.day}"


class ProductBoard(TenantModel):
    """The best products by net sales of some days, by the day of what happened; kept by the worker.

    `best` are lists of a product and its `PRODUCT_COLUMNS`; `every` is a list of all products, and
    one of each of those columns, where the days are over. A board goes when one of its days is
    recomputed to something else.
    """

    currency = models.CharField(max_length=3)
    first_day = models.DateField()
    last_day = models.DateField()
    best = models.JSONField()
    every = ArrayField(ArrayField(models.BigIntegerField()), null=True)  # null: a day is running
    sold = models.BigIntegerField()  # products
    net_sales = models.BigIntegerField()  # of all products

    class Meta(TenantModel.Meta):
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "currency", "first_day", "last_day"], name="product_board_one"
            )
        ]

    def __str__(self) -> str:
        return f"Best products {self.first_day} - {self.last_day}"


class SelfCheck(TenantModel):
    """A check of some days' rollups against the ledger: what differed is right since then."""

    at = models.DateTimeField()
    days = models.IntegerField()
    differing_rows = models.IntegerField()  # 0, or a fault in how rollups follow the ledger

    worker_sees_all = True

    class Meta(TenantModel.Meta):
        indexes = [models.Index(fields=["tenant", "-at"], name="self_check_newest")]

    def __str__(self) -> str:
        return f"{self.differing_rows} rows of {self.days} days on {self.at:%Y-%m-%d}"
