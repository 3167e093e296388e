"""Holding what is here against Shopify: found, shown, healed by asking again, and remembered."""
