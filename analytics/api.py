"""Figures for machines, under /api/data/."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import ViewSet

from analytics.conditional import conditional
from analytics.data.shapes import DashboardBody, EventsBody
from analytics.reports.activity import ActivityQuery, activity
from analytics.reports.dashboard import dashboard
from analytics.serializers import ActivityParameters, PeriodQuery, activity_body, dashboard_body
from tenants.credentials import Credential
from tenants.rights import Right
from xenofy.common.operations import operation
from xenofy.common.pagination import page_links

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

    @operation(EventsBody, ActivityParameters, kept=True)
    def events(self, request: Request, given: ActivityParameters) -> HttpResponseBase:
        """Answer a page of what happened, newest first."""
        people = cast("Credential", request.auth).may_see_people
        query = ActivityQuery(**given.validated_data, may_see_people=people)

        def answer() -> Response:
            found = activity(query)
            links = page_links(request, page=query.page, limit=query.limit, total=found.total)
            return Response(activity_body(found, query), headers={"Link": links})

        return conditional(request, max_age=0, body=answer, moment=f"people: {people}")
