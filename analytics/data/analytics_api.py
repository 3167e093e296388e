"""Where a shop stands, for machines, under /api/data/analytics/."""

from __future__ import annotations

from functools import partial

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from analytics.data import situation, situation_bodies
from analytics.data.api import FILES, kept, listed, sees_people
from analytics.data.files import carts_table
from analytics.data.objects import exact
from analytics.data.parameters import CartsParameters, CurrencyQuery, StockParameters
from analytics.data.situation_shapes import (
    CartsBody,
    FulfillmentBody,
    InsightsBody,
    SegmentsBody,
    StockBody,
)
from analytics.list_filters import CartFilter
from analytics.periods import Period
from analytics.reports.activity import newest_lines
from analytics.reports.carts import carts, total_of_carts
from analytics.reports.coverage import Coverage
from analytics.reports.live import sales_by_day
from analytics.reports.products import top_products
from analytics.reports.query import chosen_currency
from analytics.reports.segments import segments
from analytics.reports.unchanged import kept_coverage
from analytics.serializers import PeriodQuery
from analytics.sums import total_of
from shop_data.models import Customer
from tenants.exports import exported
from tenants.rights import Right
from xenofy.common.list_pages import Page, page_of
from xenofy.common.operations import operation

MINUTE = 60
HOUR = 60 * MINUTE
LINES = 10  # of what happened


class InsightsViewSet(ViewSet):
    """What a shop's own start page shows."""

    right = Right.READ_ANALYTICS

    @operation(InsightsBody, PeriodQuery, kept=True)
    def insights(self, request: Request, given: PeriodQuery) -> HttpResponseBase:
        """Answer the main figures of a range, of all time without one."""

        def body() -> InsightsBody:
            known, currency, period = _asked(given)
            days = sales_by_day([period], currency=currency, live=known.live)
            return situation_bodies.insights_body(
                situation_bodies.Insights(
                    best=top_products(period, currency=currency, live=known.live),
                    sums=total_of(days.values()),
                    customers=Customer.objects.count(),
                    months=situation.months(currency=currency, coverage=known),
                    carts=carts(period, currency=currency, live=known.live, now=known.now),
                    activity=newest_lines(LINES, may_see_people=sees_people(request)),
                ),
                currency,
                store=known.store,
            )

        return kept(request, MINUTE, body)

    @operation(SegmentsBody, CurrencyQuery, kept=True)
    def segments(self, request: Request, given: CurrencyQuery) -> HttpResponseBase:
        """Answer four numbers that add up to all customers, with the rule of each."""

        def body() -> SegmentsBody:
            known = kept_coverage(now=timezone.now())
            currency = chosen_currency(given.validated_data.get("currency"), known)
            found = segments(currency=currency, coverage=known)
            return situation_bodies.segments_body(found, currency)

        return kept(request, HOUR, body)

    @operation(FulfillmentBody, PeriodQuery, kept=True)
    def fulfillment(self, request: Request, given: PeriodQuery) -> HttpResponseBase:
        """Answer how many orders of a range are sent, in part or not, and their worth."""

        def body() -> FulfillmentBody:
            known = kept_coverage(now=timezone.now())
            currency = chosen_currency(given.validated_data.get("currency"), known)
            found = situation.status_breakdown(given.period(), currency=currency, coverage=known)
            return situation_bodies.statuses_body(found, currency)

        return kept(request, 30 * MINUTE, body)


class CartsViewSet(ViewSet):
    """Carts that were left."""

    right = Right.READ_ORDERS

    @operation(CartsBody, CartsParameters, kept=True, files=FILES)
    def abandoned(self, request: Request, given: CartsParameters) -> HttpResponseBase:
        """Answer how many carts of a range were abandoned, their worth, and the newest."""
        people = sees_people(request)

        def body() -> HttpResponseBase:
            known = kept_coverage(now=timezone.now())
            currency = chosen_currency(given.validated_data.get("currency"), known)
            found = CartFilter(
                given.chosen(),
                currency=currency,
                zone=known.zone,
                now=known.now,
                may_see_people=people,
            ).rows()
            if given.file:
                table = partial(carts_table, found, currency=currency, may_see_people=people)
                return exported(request, table, given.file)
            total = total_of_carts(found)
            page = page_of(found, given.page_query(), count=lambda _: total.carts)
            rows = situation_bodies.cart_bodies(page.rows, currency, may_see_people=people)
            value = exact(total.value, currency)
            more = {"value": value, "currency": currency or None, "recentCarts": rows}
            return listed(request, given, page, more)

        return kept(request, HOUR, body)


class StockViewSet(ViewSet):
    """The stock of a shop."""

    right = Right.READ_PRODUCTS

    @operation(StockBody, StockParameters, kept=True)
    def stock(self, request: Request, given: StockParameters) -> HttpResponseBase:
        """Answer what is in stock, and how long it lasts."""

        def body() -> Response:
            known = kept_coverage(now=timezone.now())
            currency = chosen_currency(given.validated_data.get("currency"), known)
            found = situation.stock(currency=currency, coverage=known)
            number, limit = given.validated_data["page"], given.validated_data["limit"]
            shown = found.rows[(number - 1) * limit : number * limit]
            rows = situation_bodies.stock_body(found, shown, currency)
            return listed(request, given, Page(len(found.rows), number, shown, None), rows)

        return kept(request, HOUR, body)


def _asked(given: PeriodQuery) -> tuple[Coverage, str, Period]:
    """Return what is known of the shop, the currency, and the days; all known ones without any."""
    known = kept_coverage(now=timezone.now())
    currency = chosen_currency(given.validated_data.get("currency"), known)
    first = known.first_day or known.today
    return known, currency, given.period() or Period(min(first, known.today), known.today)
