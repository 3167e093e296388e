"""Asking Shopify: one client for the Admin API, its tokens, its budget and its documents."""
