"""Totals and lists for machines, under /api/data/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, cast

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from analytics.conditional import conditional
from analytics.data import bodies, lists, totals
from analytics.data.files import customers_table, orders_table, products_table
from analytics.data.objects import ORDER_FIELDS
from analytics.data.parameters import (
    CurrencyQuery,
    CustomersParameters,
    OrdersParameters,
    ProductsParameters,
    ProductStatsQuery,
    SpendersQuery,
)
from analytics.data.shapes import (
    CustomersBody,
    CustomerStatsBody,
    OrdersBody,
    OrdersByDayBody,
    OrderStatsBody,
    ProductsBody,
    ProductStatsBody,
    SpendersBody,
)
from analytics.list_filters import CustomerFilter, OrderFilter, ProductFilter
from analytics.reports.long_lists import row_count
from analytics.reports.query import chosen_currency
from analytics.reports.unchanged import kept_coverage
from analytics.serializers import PeriodQuery
from shop_data.store import shop_time_zone
from tenants.credentials import Credential
from tenants.exports import TYPES, exported
from tenants.rights import Right
from xenofy.common.list_pages import Page, page_of
from xenofy.common.list_parameters import Paged
from xenofy.common.operations import Nothing, operation
from xenofy.common.pagination import page_links

MINUTE = 60
FILES = tuple(TYPES.values())


class CustomersViewSet(ViewSet):
    """The customers of a shop."""

    right = Right.READ_ANALYTICS

    @operation(CustomerStatsBody, Nothing, kept=True)
    def stats(self, request: Request, given: Nothing) -> HttpResponseBase:
        """Answer how many customers there are."""
        return kept(
            request,
            15 * MINUTE,
            lambda: bodies.customer_stats_body(
                totals.customer_stats(coverage=kept_coverage(now=timezone.now())),
                may_see_people=sees_people(request),
            ),
        )

    @operation(SpendersBody, SpendersQuery, kept=True)
    def top_spenders(self, request: Request, given: SpendersQuery) -> HttpResponseBase:
        """Answer the customers with the greatest net sales of all time."""

        def body() -> SpendersBody:
            known = kept_coverage(now=timezone.now())
            currency = chosen_currency(given.validated_data.get("currency"), known)
            found = totals.top_spenders(currency=currency, limit=given.validated_data["limit"])
            return bodies.spenders_body(found, currency, may_see_people=sees_people(request))

        return kept(request, 15 * MINUTE, body)

    @operation(CustomersBody, CustomersParameters, kept=True, files=FILES)
    def detailed(self, request: Request, given: CustomersParameters) -> HttpResponseBase:
        """Answer a page of the customers, newest first."""
        people = sees_people(request)

        def body() -> HttpResponseBase:
            known = kept_coverage(now=timezone.now())
            currency = chosen_currency(given.validated_data.get("currency"), known)
            found = CustomerFilter(given.chosen(), may_see_people=people).rows()
            if given.file:
                return exported(
                    request,
                    lambda: customers_table(found, currency=currency, may_see_people=people),
                    given.file,
                )
            page = page_of(found, given.page_query(), count=row_count)
            rows = bodies.customer_bodies(page.rows, currency, may_see_people=people)
            return listed(request, given, page, {"customers": rows})

        return kept(request, 0, body)


class OrdersViewSet(ViewSet):
    """The orders of a shop, one by one."""

    right = Right.READ_ORDERS

    @operation(OrdersBody, OrdersParameters, kept=True, files=FILES)
    def detailed(self, request: Request, given: OrdersParameters) -> HttpResponseBase:
        """Answer a page of the orders with their lines and addresses, newest first."""
        people = sees_people(request)

        def body() -> HttpResponseBase:
            zone = shop_time_zone()
            found = OrderFilter(given.chosen(), zone=zone, may_see_people=people).rows()
            found = found.only(*ORDER_FIELDS)
            if given.file:
                known = kept_coverage(now=timezone.now())
                table = partial(
                    orders_table, found, given.file, coverage=known, may_see_people=people
                )
                return exported(request, table, given.file)
            page = page_of(found, given.page_query(), count=row_count)
            parts = lists.parts_of(page.rows, may_see_people=people)
            rows = bodies.order_bodies(page.rows, parts)
            return listed(request, given, page, {"orders": rows})

        return kept(request, 5 * MINUTE, body)


class OrderTotalsViewSet(ViewSet):
    """What the orders of a shop come to."""

    right = Right.READ_ANALYTICS

    @operation(OrderStatsBody, CurrencyQuery, kept=True)
    def stats(self, request: Request, given: CurrencyQuery) -> HttpResponseBase:
        """Answer orders and sales of all time, by month too, and the newest orders."""

        def body() -> OrderStatsBody:
            known = kept_coverage(now=timezone.now())
            currency = chosen_currency(given.validated_data.get("currency"), known)
            return bodies.order_stats_body(totals.order_stats(currency=currency, coverage=known))

        return kept(request, 10 * MINUTE, body)

    @operation(OrdersByDayBody, PeriodQuery, kept=True)
    def filtered(self, request: Request, given: PeriodQuery) -> HttpResponseBase:
        """Answer orders and sales of each day of a range."""
        asked = given.validated_data

        def body() -> OrdersByDayBody:
            known = kept_coverage(now=timezone.now())
            currency = chosen_currency(asked.get("currency"), known)
            days = totals.orders_by_day(
                asked.get("startDate"), asked.get("endDate"), currency=currency, coverage=known
            )
            return bodies.days_body(days, currency)

        today = kept_coverage(now=timezone.now()).today
        is_past = "endDate" in asked and asked["endDate"] < today
        return kept(request, 60 * MINUTE if is_past else MINUTE, body)


class ProductsViewSet(ViewSet):
    """The products of a shop."""

    right = Right.READ_PRODUCTS

    @operation(ProductStatsBody, ProductStatsQuery, kept=True)
    def stats(self, request: Request, given: ProductStatsQuery) -> HttpResponseBase:
        """Answer how many products there are, the newest, and those that sell best."""
        limit = given.validated_data["limit"]

        def body() -> ProductStatsBody:
            known = kept_coverage(now=timezone.now())
            currency = chosen_currency(given.validated_data.get("currency"), known)
            found = totals.product_stats(currency=currency, limit=limit, coverage=known)
            return bodies.product_stats_body(found, currency)

        return kept(request, 20 * MINUTE, body)

    @operation(ProductsBody, ProductsParameters, kept=True, files=FILES)
    def detailed(self, request: Request, given: ProductsParameters) -> HttpResponseBase:
        """Answer a page of the products with what they sold in all time, newest first."""

        def body() -> HttpResponseBase:
            known = kept_coverage(now=timezone.now())
            currency = chosen_currency(given.validated_data.get("currency"), known)
            found = ProductFilter(given.chosen()).rows()
            if given.file:
                return exported(
                    request,
                    lambda: products_table(found, currency=currency, coverage=known),
                    given.file,
                )
            page = page_of(found, given.page_query(), count=row_count)
            sold = totals.sold_of_all_time(page.rows, currency=currency, coverage=known)
            rows = bodies.product_bodies(page.rows, sold, currency)
            return listed(request, given, page, {"products": rows})

        return kept(request, 5 * MINUTE, body)


def sees_people(request: Request) -> bool:
    """Tell whether people may be named in the answer."""
    return cast("Credential", request.auth).may_see_people


def kept(
    request: Request, seconds: int, body: Callable[[], Mapping[str, object] | HttpResponseBase]
) -> HttpResponseBase:
    """Answer what a client may keep for so long; whoever sees more has an answer of their own."""
    moment = f"{timezone.now():%Y-%m-%dT%H} {sees_people(request)}"
    return conditional(request, max_age=seconds, body=body, moment=moment)


def listed(request: Request, given: Paged, page: Page[Any], rows: Mapping[str, object]) -> Response:
    """Answer a page of a list, with the addresses of the neighbouring ones."""
    limit = given.validated_data["limit"]
    links = page_links(request, page=page.number, limit=limit, total=page.total, end=page.end)
    frame = {"total": page.total, "page": page.number, "limit": limit}
    return Response({**frame, **rows}, headers={"Link": links})
