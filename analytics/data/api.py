"""Totals and lists for machines, under /api/data/."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from analytics.conditional import conditional
from analytics.data import bodies, lists, totals
from analytics.data.parameters import (
    CurrencyQuery,
    CustomersParameters,
    NothingQuery,
    OrdersParameters,
    ProductsParameters,
    ProductStatsQuery,
    SpendersQuery,
)
from analytics.list_filters import CustomerFilter, OrderFilter, ProductFilter
from analytics.reports.coverage import coverage
from analytics.reports.long_lists import row_count
from analytics.reports.query import chosen_currency
from analytics.serializers import PeriodQuery
from tenants.credentials import Credential
from tenants.rights import Right
from xenofy.common.list_pages import Page, page_of
from xenofy.common.list_parameters import Paged
from xenofy.common.pagination import page_links
from xenofy.common.strict_query import StrictQuery

MINUTE = 60
Q = TypeVar("Q", bound=StrictQuery)


class CustomersViewSet(ViewSet):
    """The customers of a shop."""

    right = Right.READ_ANALYTICS

    def stats(self, request: Request) -> HttpResponseBase:
        """Answer how many customers there are."""
        given_by(NothingQuery, request)
        return kept(
            request,
            15 * MINUTE,
            lambda: bodies.customer_stats_body(
                totals.customer_stats(coverage=coverage(now=timezone.now())),
                may_see_people=sees_people(request),
            ),
        )

    def top_spenders(self, request: Request) -> HttpResponseBase:
        """Answer the customers with the greatest net sales of all time."""
        given = given_by(SpendersQuery, request).validated_data

        def body() -> dict[str, Any]:
            known = coverage(now=timezone.now())
            currency = chosen_currency(given.get("currency"), known)
            found = totals.top_spenders(currency=currency, limit=given["limit"])
            return bodies.spenders_body(found, currency, may_see_people=sees_people(request))

        return kept(request, 15 * MINUTE, body)

    def detailed(self, request: Request) -> HttpResponseBase:
        """Answer a page of the customers, newest first."""
        parameters = given_by(CustomersParameters, request)
        people = sees_people(request)

        def body() -> Response:
            known = coverage(now=timezone.now())
            currency = chosen_currency(parameters.validated_data.get("currency"), known)
            found = CustomerFilter(parameters.chosen(), may_see_people=people).rows()
            page = page_of(found, parameters.page_query(), count=row_count)
            rows = bodies.customer_bodies(page.rows, currency, may_see_people=people)
            return listed(request, parameters, page, {"customers": rows})

        return kept(request, 0, body)


class OrdersViewSet(ViewSet):
    """The orders of a shop, one by one."""

    right = Right.READ_ORDERS

    def detailed(self, request: Request) -> HttpResponseBase:
        """Answer a page of the orders with their lines and addresses, newest first."""
        parameters = given_by(OrdersParameters, request)
        people = sees_people(request)

        def body() -> Response:
            zone = coverage(now=timezone.now()).zone
            found = OrderFilter(parameters.chosen(), zone=zone, may_see_people=people).rows()
            page = page_of(found, parameters.page_query(), count=row_count)
            parts = lists.parts_of(page.rows, may_see_people=people)
            rows = bodies.order_bodies(page.rows, parts)
            return listed(request, parameters, page, {"orders": rows})

        return kept(request, 5 * MINUTE, body)


class OrderTotalsViewSet(ViewSet):
    """What the orders of a shop come to."""

    right = Right.READ_ANALYTICS

    def stats(self, request: Request) -> HttpResponseBase:
        """Answer orders and sales of all time, by month too, and the newest orders."""
        given = given_by(CurrencyQuery, request).validated_data

        def body() -> dict[str, Any]:
            known = coverage(now=timezone.now())
            currency = chosen_currency(given.get("currency"), known)
            return bodies.order_stats_body(totals.order_stats(currency=currency, coverage=known))

        return kept(request, 10 * MINUTE, body)

    def filtered(self, request: Request) -> HttpResponseBase:
        """Answer orders and sales of each day of a range."""
        given = given_by(PeriodQuery, request).validated_data

        def body() -> dict[str, Any]:
            known = coverage(now=timezone.now())
            currency = chosen_currency(given.get("currency"), known)
            days = totals.orders_by_day(
                given.get("startDate"), given.get("endDate"), currency=currency, coverage=known
            )
            return bodies.days_body(days, currency)

        today = coverage(now=timezone.now()).today
        is_past = "endDate" in given and given["endDate"] < today
        return kept(request, 60 * MINUTE if is_past else MINUTE, body)


class ProductsViewSet(ViewSet):
    """The products of a shop."""

    right = Right.READ_PRODUCTS

    def stats(self, request: Request) -> HttpResponseBase:
        """Answer how many products there are, the newest, and those that sell best."""
        given = given_by(ProductStatsQuery, request).validated_data

        def body() -> dict[str, Any]:
            known = coverage(now=timezone.now())
            currency = chosen_currency(given.get("currency"), known)
            found = totals.product_stats(currency=currency, limit=given["limit"], coverage=known)
            return bodies.product_stats_body(found, currency)

        return kept(request, 20 * MINUTE, body)

    def detailed(self, request: Request) -> HttpResponseBase:
        """Answer a page of the products with what they sold in all time, newest first."""
        parameters = given_by(ProductsParameters, request)

        def body() -> Response:
            known = coverage(now=timezone.now())
            currency = chosen_currency(parameters.validated_data.get("currency"), known)
            found = ProductFilter(parameters.chosen()).rows()
            page = page_of(found, parameters.page_query(), count=row_count)
            sold = totals.sold_of_all_time(page.rows, currency=currency, coverage=known)
            rows = bodies.product_bodies(page.rows, sold, currency)
            return listed(request, parameters, page, {"products": rows})

        return kept(request, 5 * MINUTE, body)


def given_by(kind: Callable[[Any], Q], request: Request) -> Q:
    """Return the parameters of a request; raise for those that are not right."""
    parameters = kind(request.query_params)
    parameters.is_valid(raise_exception=True)
    return parameters


def sees_people(request: Request) -> bool:
    """Tell whether people may be named in the answer."""
    return cast("Credential", request.auth).may_see_people


def kept(request: Request, seconds: int, body: Callable[[], Any]) -> HttpResponseBase:
    """Answer what a client may keep for so long; whoever sees more has an answer of their own."""
    moment = f"{timezone.now():%Y-%m-%dT%H} {sees_people(request)}"
    return conditional(request, max_age=seconds, body=body, moment=moment)


def listed(request: Request, given: Paged, page: Page[Any], rows: dict[str, Any]) -> Response:
    """Answer a page of a list, with the addresses of the neighbouring ones."""
    limit = given.validated_data["limit"]
    links = page_links(request, page=page.number, limit=limit, total=page.total, end=page.end)
    frame = {"total": page.total, "page": page.number, "limit": limit}
    return Response({**frame, **rows}, headers={"Link": links})
