"""Addresses of pages with figures."""

from __future__ import annotations

from django.urls import path

from analytics import activity_views, list_views, report_views, views

app_name = "analytics"
urlpatterns = [
    path("", views.overview, name="overview"),
    path("sales/", report_views.sales, name="sales"),
    path("proof/", report_views.proof, name="proof"),
    path("orders/", list_views.orders, name="orders"),
    path("orders/<int:shopify_id>/", list_views.order, name="order"),
    path("products/", list_views.products, name="products"),
    path("products/<int:shopify_id>/", list_views.product, name="product"),
    path("customers/", list_views.customers, name="customers"),
    path("customers/<int:shopify_id>/", list_views.customer, name="customer"),
    path("carts/", list_views.carts, name="carts"),
    path("activity/", activity_views.activity, name="activity"),
    path("fulfilment/", list_views.fulfilment, name="fulfilment"),
]
