"""Shopify's own CSV exports of orders, customers and products, for shops without an API."""
