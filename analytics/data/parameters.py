"""What may be asked of totals and lists, declared once: names, types and bounds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from analytics.data.lists import (
    CUSTOMER_SORTS,
    ORDER_SORTS,
    PRODUCT_SORTS,
    ListQuery,
    OrdersFilter,
)
from analytics.reports.orders import FINANCIAL, FULFILMENT
from analytics.serializers import CurrencyCode, PeriodQuery
from xenofy.common.strict_query import StrictQuery

MOST = 250  # rows of a page
MOST_PAGES = 100_000


class _OneOf(serializers.ChoiceField):
    """One of some words; the error names them."""

    def __init__(self, words: Iterable[str], **more: Any) -> None:
        words = list(words)
        wrong = f"“{{input}}” is none of {', '.join(words)}."
        super().__init__(choices=words, error_messages={"invalid_choice": wrong}, **more)


def _limit(default: int) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=1, max_value=MOST, default=default)


def _both_ways(sorts: Iterable[str]) -> list[str]:
    return [way for key in sorts for way in (key, f"-{key}")]


class CurrencyQuery(StrictQuery):
    currency = CurrencyCode()


class ProductStatsQuery(CurrencyQuery):
    limit = _limit(50)


class SpendersQuery(CurrencyQuery):
    limit = _limit(5)


class NothingQuery(StrictQuery):
    """Of an address that takes no parameter."""


class _ListParameters(StrictQuery):
    page = serializers.IntegerField(min_value=1, max_value=MOST_PAGES, default=1)
    limit = _limit(50)
    search = serializers.CharField(required=False, max_length=200)

    def list_query(self, *, may_see_people: bool) -> ListQuery:
        """Return the page that is asked for; the parameters must be valid."""
        given = self.validated_data
        return ListQuery(
            page=given["page"],
            limit=given["limit"],
            sort=given["sort"],
            search=given.get("search", ""),
            may_see_people=may_see_people,
        )


class CustomersParameters(_ListParameters):
    sort = _OneOf(_both_ways(CUSTOMER_SORTS), default="-createdAt")
    currency = CurrencyCode()


class ProductsParameters(_ListParameters):
    sort = _OneOf(_both_ways(PRODUCT_SORTS), default="-createdAt")
    currency = CurrencyCode()


class _Days(PeriodQuery):
    """Days alone; either end may be left open."""

    currency = None  # type: ignore[assignment]  # how REST framework takes a field back


class OrdersParameters(_ListParameters, _Days):
    sort = _OneOf(_both_ways(ORDER_SORTS), default="-processedAt")
    status = _OneOf(FINANCIAL, required=False)
    fulfillmentStatus = _OneOf(FULFILMENT, required=False)  # noqa: N815 - the contract's name

    def which(self) -> OrdersFilter:
        """Return which orders are asked for; the parameters must be valid."""
        given = self.validated_data
        return OrdersFilter(
            first=given.get("startDate"),
            last=given.get("endDate"),
            status=given.get("status"),
            fulfilment=given.get("fulfillmentStatus"),
        )


class CartsParameters(PeriodQuery):
    limit = serializers.IntegerField(min_value=1, max_value=50, default=10)


class StockParameters(_ListParameters):
    search = None  # type: ignore[assignment]  # how REST framework takes a field back
    sort = _OneOf(["-unitsSold"], default="-unitsSold")
    currency = CurrencyCode()
