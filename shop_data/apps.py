"""The mirror of the shop and its sale ledger."""

from django.apps import AppConfig


class ShopDataConfig(AppConfig):
    name = "shop_data"
    verbose_name = "Shop data"
