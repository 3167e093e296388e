"""Where Shopify delivers, /api/webhooks/shopify/<topic>, and the inbox for machines."""

from django.urls import path

from webhooks import api, views

app_name = "webhooks"
urlpatterns = [
    path("shopify/<path:topic>", views.shopify, name="shopify"),
    path("events", api.EventsView.as_view(), name="events"),
    path("events/<uuid:event_id>", api.EventView.as_view(), name="event"),
    path("events/<uuid:event_id>/body", api.BodyView.as_view(), name="body"),
    path("retry", api.RetryView.as_view(), name="retry"),
]
