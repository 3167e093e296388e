"""What may be asked of totals and lists, declared once: names, types and bounds."""

from __future__ import annotations

from analytics.list_filters import (
    CartFilter,
    CustomerFilter,
    FeedFilter,
    OrderFilter,
    ProductFilter,
)
from analytics.serializers import CurrencyCode
from xenofy.common.list_parameters import ListParameters, Paged, rows_of_page
from xenofy.common.strict_query import OneOf, StrictQuery


class CurrencyQuery(StrictQuery):
    currency = CurrencyCode()


class ProductStatsQuery(CurrencyQuery):
    limit = rows_of_page(50)


class SpendersQuery(CurrencyQuery):
    limit = rows_of_page(5)


class CustomersParameters(ListParameters):
    filters = CustomerFilter
    currency = CurrencyCode()


class OrdersParameters(ListParameters):
    filters = OrderFilter


class ProductsParameters(ListParameters):
    filters = ProductFilter
    currency = CurrencyCode()


class FeedParameters(ListParameters):
    filters = FeedFilter
    limit = rows_of_page(20)


class CartsParameters(ListParameters):
    filters = CartFilter
    currency = CurrencyCode()


class StockParameters(Paged):
    sort = OneOf(["-unitsSold"], default="-unitsSold", help_text="The one order there is.")
    currency = CurrencyCode()
