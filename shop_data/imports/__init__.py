"""Bringing a shop's past from Shopify: pieces, newest first, each taken only when it is whole."""
