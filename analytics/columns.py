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
