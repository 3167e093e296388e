"""Addresses of figures for machines, under /api/data/."""

from __future__ import annotations

from django.urls import path

from analytics.api import ActivityViewSet, TotalsViewSet
from analytics.data.analytics_api import CartsViewSet, InsightsViewSet, StockViewSet
from analytics.data.api import (
    CustomersViewSet,
    OrdersViewSet,
    OrderTotalsViewSet,
    ProductsViewSet,
)
from analytics.report_registry import REPORTS
from analytics.reports_api import ReportsViewSet

urlpatterns = [
    path("dashboard", TotalsViewSet.as_view({"get": "dashboard"}), name="dashboard"),
    path("customers/stats", CustomersViewSet.as_view({"get": "stats"}), name="customer-stats"),
    path(
        "customers/top-spenders",
        CustomersViewSet.as_view({"get": "top_spenders"}),
        name="top-spenders",
    ),
    path("customers/detailed", CustomersViewSet.as_view({"get": "detailed"}), name="customers"),
    path("orders/stats", OrderTotalsViewSet.as_view({"get": "stats"}), name="order-stats"),
    path("orders/filtered", OrderTotalsViewSet.as_view({"get": "filtered"}), name="orders-by-day"),
    path("orders/detailed", OrdersViewSet.as_view({"get": "detailed"}), name="orders"),
    path("products/stats", ProductsViewSet.as_view({"get": "stats"}), name="product-stats"),
    path("products/detailed", ProductsViewSet.as_view({"get": "detailed"}), name="products"),
    path("analytics/insights", InsightsViewSet.as_view({"get": "insights"}), name="insights"),
    path(
        "analytics/customer-segments",
        InsightsViewSet.as_view({"get": "segments"}),
        name="customer-segments",
    ),
    path(
        "analytics/fulfillment",
        InsightsViewSet.as_view({"get": "fulfillment"}),
        name="fulfillment-statuses",
    ),
    path(
        "analytics/abandoned-carts",
        CartsViewSet.as_view({"get": "abandoned"}),
        name="abandoned-carts",
    ),
    path("analytics/inventory", StockViewSet.as_view({"get": "stock"}), name="inventory"),
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
