"""The mirror of a shop, one file for each subject, and the sale ledger derived from it."""

from shop_data.models.checkouts import AbandonedCart
from shop_data.models.customers import Customer
from shop_data.models.events import StoreEvent, Tombstone
from shop_data.models.fulfillments import Fulfillment
from shop_data.models.ledger import Rederivation, RollupMark, Sale
from shop_data.models.orders import (
    DiscountUse,
    Order,
    OrderAddress,
    OrderDocument,
    OrderItem,
)
from shop_data.models.products import (
    Collection,
    CollectionProduct,
    InventoryLevel,
    InventorySnapshot,
    Product,
    Variant,
)
from shop_data.models.refunds import (
    Refund,
    RefundAdjustment,
    RefundLine,
    Return,
    ReturnLine,
    Transaction,
)
from shop_data.models.store import Location, StoreInfo

__all__ = [
    "AbandonedCart",
    "Collection",
    "CollectionProduct",
    "Customer",
    "DiscountUse",
    "Fulfillment",
    "InventoryLevel",
    "InventorySnapshot",
    "Location",
    "Order",
    "OrderAddress",
    "OrderDocument",
    "OrderItem",
    "Product",
    "Rederivation",
    "Refund",
    "RefundAdjustment",
    "RefundLine",
    "Return",
    "ReturnLine",
    "RollupMark",
    "Sale",
    "StoreEvent",
    "StoreInfo",
    "Tombstone",
    "Transaction",
    "Variant",
]
