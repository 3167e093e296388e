"""Columns that several rollups share: money in minor units, counts of units and orders."""

from __future__ import annotations

from django.db import models


class StatementColumns(models.Model):
    """The lines of the sales statement as sums; discounts and returns are negative."""

    gross_sales = models.BigIntegerField(default=0)
    discounts = models.BigIntegerField(default=0)
    returns = models.BigIntegerField(default=0)
    shipping = models.BigIntegerField(default=0)
    taxes = models.BigIntegerField(default=0)
    duties = models.BigIntegerField(default=0)
    additional_fees = models.BigIntegerField(default=0)
    tips = models.BigIntegerField(default=0)
    gift_cards_sold = models.BigIntegerField(default=0)
    units = models.BigIntegerField(default=0)
    units_returned = models.BigIntegerField(default=0)

    class Meta:
        abstract = True


class ProductColumns(models.Model):
    """The lines of the statement that a product has, and the orders in which it was bought."""

    gross_sales = models.BigIntegerField()
    discounts = models.BigIntegerField()
    returns = models.BigIntegerField()
    taxes = models.BigIntegerField()
    units = models.BigIntegerField()
    units_returned = models.BigIntegerField()
    orders = models.BigIntegerField()

    class Meta:
        abstract = True


class ToDateColumns(models.Model):
    """A calendar year up to `until`, the end of a third of a month: what sold, what came back.

    What came back is summed by its own day and by that of its order.
    """

    until = models.DateField()  # a 10th, a 20th or the last day of a month
    product_shopify_id = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    gross_sales = models.BigIntegerField()
    discounts = models.BigIntegerField()
    taxes = models.BigIntegerField()  # of what was sold
    units = models.BigIntegerField()
    orders = models.BigIntegerField()
    returns = models.BigIntegerField()
    taxes_returned = models.BigIntegerField()
    units_returned = models.BigIntegerField()
    returns_by_order_day = models.BigIntegerField()
    taxes_returned_by_order_day = models.BigIntegerField()
    units_returned_by_order_day = models.BigIntegerField()

    class Meta:
        abstract = True
