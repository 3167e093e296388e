"""Addresses of figures for machines, under /api/data/."""

from __future__ import annotations

from django.urls import path

from analytics.api import ActivityViewSet, TotalsViewSet
from analytics.report_registry import REPORTS
from analytics.reports_api import ReportsViewSet

urlpatterns = [
    path("dashboard", TotalsViewSet.as_view({"get": "dashboard"}), name="dashboard"),
    path("analytics/events", ActivityViewSet.as_view({"get": "events"}), name="events"),
    *(
        path(
            f"reports/{name}",
            ReportsViewSet.as_view({"get": "retrieve"}, name=name),
            name=f"report-{name.replace('/', '-')}",
        )
        for name in REPORTS
    ),
]
