"""The admin of the mirror and the sale ledger; nothing of it is changed here."""

from shop_data.admin import asking, catalogue, orders, shop

__all__ = ["asking", "catalogue", "orders", "shop"]
