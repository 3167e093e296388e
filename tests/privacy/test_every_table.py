"""Each table says what becomes of a person in it; a new one fails here until somebody says so."""

from __future__ import annotations

from django.apps import apps

from tenants.models import TenantModel

NOBODY = "holds no person: products, stock, the shop, sums, counts"
DELETED = "rows of the person are deleted"
RENAMED = "the customer's number becomes a pseudonym"
REWRITTEN = "written again from what may stay of a body"
CLEARED = "what people wrote, and what leads to them, is cleared"
OWN = "made for requests of privacy"
STAYS = "says who of the shop did what, and of customers nothing but pseudonyms"

TABLES = {
    **dict.fromkeys(("Customer", "CustomerTag", "PurchasingSummary", "CustomerFile"), DELETED),
    "CsvUpload": "what waits is dropped whole; it would bring back whoever is in it",
    **dict.fromkeys(("StoreEvent", "Tombstone"), f"{DELETED}, where they are of a customer"),
    **dict.fromkeys(("CustomerMerge", "RollupMark"), RENAMED),
    "CustomerTotal": f"{RENAMED}: summed again",
    **dict.fromkeys(("Order", "OrderAddress", "OrderItem", "DiscountUse"), REWRITTEN),
    **dict.fromkeys(("OrderDocument", "InboxEvent", "Sale"), REWRITTEN),
    **dict.fromkeys(("AbandonedCart", "Refund", "ReturnLine", "Fulfillment"), CLEARED),
    "TopicBreaker": f"{CLEARED}, where a reason quotes them",
    **dict.fromkeys(("PrivacyRequest", "Redaction", "TenantState"), OWN),
    "AuditEntry": STAYS,
    **dict.fromkeys(("Return", "Transaction", "Dispute", "FulfillmentEvent"), "has no words"),
    **dict.fromkeys(("RefundLine", "RefundAdjustment"), "has no words"),
    **dict.fromkeys(("Product", "Variant", "Collection", "CollectionProduct"), NOBODY),
    **dict.fromkeys(("InventoryItem", "InventoryLevel", "InventorySnapshot"), NOBODY),
    **dict.fromkeys(("StoreInfo", "Location", "BulkOperation", "AppInstallation"), NOBODY),
    **dict.fromkeys(("ApiBudget", "Rederivation", "SalesDay", "VariantDay"), NOBODY),
    **dict.fromkeys(
        ("ProductToDate", "VariantToDate", "BuyerDay", "BuyerGap", "BuyerGapMonth", "CohortDay"),
        NOBODY,
    ),
    **dict.fromkeys(("CheckoutDay", "FulfillmentTime", "ProductBoard", "SelfCheck"), NOBODY),
    **dict.fromkeys(("ApiBudget", "Errand", "Import", "ImportPiece"), NOBODY),
    **dict.fromkeys(("Reconciliation", "SalesDifference"), NOBODY),
    **dict.fromkeys(("DeliveryCount", "DeliveryLag", "VersionCount", "StoreEventCount"), NOBODY),
    "SubscriptionCheck": NOBODY,
}


def test_every_table_of_a_shop_says_what_becomes_of_a_person() -> None:
    present = {model.__name__ for model in apps.get_models() if issubclass(model, TenantModel)}

    assert present == TABLES.keys()
