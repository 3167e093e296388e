"""Figures for machines, under /api/data/."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request
from rest_framework.viewsets import ViewSet

from analytics.conditional import conditional
from analytics.reports.dashboard import dashboard
from analytics.serializers import PeriodQuery, dashboard_body
from tenants.rights import Right

MINUTE = 60


class TotalsViewSet(ViewSet):
    """Totals of a shop."""

    right = Right.READ_ANALYTICS

    def dashboard(self, request: Request) -> HttpResponseBase:
        """Answer customers, orders, sales and products, of all time or of some days."""
        query = PeriodQuery(request.query_params)
        query.is_valid(raise_exception=True)
        period, currency = query.period(), query.validated_data.get("currency")
        return conditional(
            request,
            max_age=5 * MINUTE,
            body=lambda: dashboard_body(
                dashboard(period=period, currency=currency, now=timezone.now())
            ),
        )
