"""Ingestion of what Shopify sends."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "webhooks"
