"""Addresses of figures for machines, under /api/data/."""

from __future__ import annotations

from django.urls import path

from analytics.api import TotalsViewSet

urlpatterns = [
    path("dashboard", TotalsViewSet.as_view({"get": "dashboard"}), name="dashboard"),
]
