"""Where Shopify delivers: /api/webhooks/shopify/<topic>."""

from django.urls import path

from webhooks import views

app_name = "webhooks"
urlpatterns = [path("shopify/<path:topic>", views.shopify, name="shopify")]
