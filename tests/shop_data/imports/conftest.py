"""What the tests of asking Shopify share."""

from tests.shopify_answers import connected, shopify

__all__ = ["connected", "shopify"]
