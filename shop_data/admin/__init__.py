"""The admin of the mirror and the sale ledger; nothing of it is changed here."""

from shop_data.admin import catalogue, orders, shop

__all__ = ["catalogue", "orders", "shop"]
