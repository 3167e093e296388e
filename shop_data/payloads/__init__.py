"""Shopify's bodies, read into plain records: the only place that knows Shopify's field names."""
