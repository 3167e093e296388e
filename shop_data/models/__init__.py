"""The mirror of a shop, one file for each subject, and the sale ledger derived from it."""

from shop_data.models.checkouts import AbandonedCart
from shop_data.models.customers import (
    Customer,
    CustomerMerge,
    CustomerTag,
    PurchasingSummary,
)
from shop_data.models.events import StoreEvent, StoreEventCount, Tombstone
from shop_data.models.fulfillments import Fulfillment, FulfillmentEvent
from shop_data.models.imports import CsvUpload, Errand, Import, ImportPiece
from shop_data.models.ledger import Rederivation, RollupMark, Sale
from shop_data.models.orders import (
    DiscountUse,
    Order,
    OrderAddress,
    OrderDocument,
    OrderItem,
)
from shop_data.models.privacy import CustomerFile, PrivacyRequest, Redaction
from shop_data.models.products import (
    Collection,
    CollectionProduct,
    InventoryItem,
    InventoryLevel,
    InventorySnapshot,
    Product,
    Variant,
)
from shop_data.models.reconciliation import Reconciliation, SalesDifference
from shop_data.models.refunds import (
    Dispute,
    Refund,
    RefundAdjustment,
    RefundLine,
    Return,
    ReturnLine,
    Transaction,
)
from shop_data.models.store import ApiBudget, AppInstallation, BulkOperation, Location, StoreInfo

__all__ = [
    "AbandonedCart",
    "ApiBudget",
    "AppInstallation",
    "BulkOperation",
    "Collection",
    "CollectionProduct",
    "CsvUpload",
    "Customer",
    "CustomerFile",
    "CustomerMerge",
    "CustomerTag",
    "DiscountUse",
    "Dispute",
    "Errand",
    "Fulfillment",
    "FulfillmentEvent",
    "Import",
    "ImportPiece",
    "InventoryItem",
    "InventoryLevel",
    "InventorySnapshot",
    "Location",
    "Order",
    "OrderAddress",
    "OrderDocument",
    "OrderItem",
    "PrivacyRequest",
    "Product",
    "PurchasingSummary",
    "Reconciliation",
    "Redaction",
    "Rederivation",
    "Refund",
    "RefundAdjustment",
    "RefundLine",
    "Return",
    "ReturnLine",
    "RollupMark",
    "Sale",
    "SalesDifference",
    "StoreEvent",
    "StoreEventCount",
    "StoreInfo",
    "Tombstone",
    "Transaction",
    "Variant",
]
