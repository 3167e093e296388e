"""Figures for machines, under /api/data/."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from analytics.conditional import conditional
from analytics.data.api import FILES, kept, listed, sees_people
from analytics.data.files import feed_table
from analytics.data.parameters import FeedParameters
from analytics.data.shapes import DashboardBody, EventsBody
from analytics.list_filters import FeedFilter
from analytics.reports.activity import happened
from analytics.reports.dashboard import dashboard
from analytics.serializers import PeriodQuery, dashboard_body, event_body
from shop_data.store import shop_time_zone
from tenants.exports import exported
from tenants.rights import Right
from xenofy.common.list_pages import page_of
from xenofy.common.operations import operation

MINUTE = 60


class TotalsViewSet(ViewSet):
    """Totals of a shop."""

    right = Right.READ_ANALYTICS

    @operation(DashboardBody, PeriodQuery, kept=True)
    def dashboard(self, request: Request, given: PeriodQuery) -> HttpResponseBase:
        """Answer customers, orders, sales and products, of all time or of some days."""
        period, currency = given.period(), given.validated_data.get("currency")
        return conditional(
            request,
            max_age=5 * MINUTE,
            body=lambda: dashboard_body(
                dashboard(period=period, currency=currency, now=timezone.now())
            ),
        )


class ActivityViewSet(ViewSet):
    """What happened in a shop."""

    right = Right.READ_ANALYTICS

    @operation(EventsBody, FeedParameters, kept=True, files=FILES)
    def events(self, request: Request, given: FeedParameters) -> HttpResponseBase:
        """Answer a page of what happened, newest first."""
        people = sees_people(request)

        def body() -> HttpResponseBase:
            feed = FeedFilter(given.chosen(), zone=shop_time_zone())
            found = feed.rows()
            if given.file:
                return exported(
                    request, lambda: feed_table(feed, may_see_people=people), given.file
                )
            page = page_of(found, given.page_query(), count=feed.count)
            lines = happened(page.rows, may_see_people=people)
            return listed(request, given, page, {"events": [event_body(each) for each in lines]})

        return kept(request, 0, body)
