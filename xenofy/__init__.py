"""Xenofy: self-hosted analytics for Shopify shops."""

__version__ = "0.1.0"
