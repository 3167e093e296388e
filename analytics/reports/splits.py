"""What sales are split by: each report of that kind is one entry here.

A split reads the sums of each key, names the keys, and says which ledger rows belong to one. The
key "" is "none": so rows always add up to the totals.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from analytics import metrics
from analytics.enums import Dimension
from analytics.metric import Metric
from analytics.metrics import NET_SALES
from analytics.reports.products import MOST_NAMED, among, titles_of
from analytics.rollup_sql.customers import IS_RETURNING
from analytics.rollup_sql.sales import KEYS
from analytics.rollup_sql.taxes import HAS_TAX, TAX
from analytics.sales_reads import Window, products_by, sales_by, variants_by, whole_days_by_kind
from analytics.sums import Sums, total_of
from shop_data.models import OrderItem, Variant

Keyed = dict[str, Sums]
Names = dict[str, str]

OF_ORDERS = tuple(metric for metric in metrics.STATEMENT if metric.of_days)
OF_KINDS = (
    *(metrics.GROSS_SALES, metrics.DISCOUNTS, metrics.RETURNS, metrics.NET_SALES),
    *(metrics.UNITS, metrics.UNITS_RETURNED, metrics.NET_QUANTITY),
)
OF_PRODUCTS = (*OF_KINDS[:4], metrics.ORDERS, *OF_KINDS[4:])
CHANNELS = {
    "web": "Online store",
    "pos": "Point of sale",
    "shopify_draft_order": "Draft orders",
    "iphone": "Shopify for iPhone",
    "android": "Shopify for Android",
}
CUSTOMERS = {"new": "First orders", "returning": "Later orders"}
# What Shopify calls them: of refunded lines, of adjustments, of cancellations; and "edit" of ours.
REASONS = {
    "return": "Returned to stock",
    "legacy_restock": "Returned to stock",
    "no_restock": "Not restocked",
    "cancel": "Not sent yet",
    "refund_discrepancy": "Refund above or below its lines",
    "pending_refund_discrepancy": "Refund above or below its lines, pending",
    "full_return_balancing_adjustment": "Rounding of a full return",
    "damage": "Damaged",
    "restock": "Restocking fee",
    "customer": "Customer changed or cancelled",
    "declined": "Payment declined",
    "fraud": "Fraud",
    "inventory": "Out of stock",
    "staff": "Mistake of staff",
    "other": "Other",
    "edit": "Removed by an edit",
}
_OF_PRODUCT = """coalesce((SELECT {column} FROM shop_data_product AS p
    WHERE p.tenant_id = s.tenant_id AND p.shopify_id = s.product_shopify_id), '') = %(key)s"""


def _as_they_are(keys: Collection[str]) -> Names:
    return {key: key for key in keys}


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """One way to split sales.

    Parameters
    ----------
    none
        the name of what has no key.
    condition
        which ledger rows `s` (of orders `o`) belong to %(key)s.
    metrics
        what each row has.
    once
        those of the metrics that cannot be added, because one order is in several rows; and what
        of `COUNTED` are the ledger rows behind one of a key.
    main
        that by which rows are sorted and of which each has a share.
    amount
        what a ledger row adds under %(key)s, where that is not the whole of it.
    """

    label: str
    none: str
    read: Callable[[Window], Keyed]
    condition: str
    names: Callable[[Collection[str]], Names] = _as_they_are
    metrics: tuple[Metric, ...] = OF_ORDERS
    once: Mapping[Metric, str] = field(default_factory=dict)
    main: Metric = NET_SALES
    amount: str = ""


def _of(
    dimension: Dimension, label: str, none: str, *, called: Names | None = None, **more: Any
) -> Split:
    """Return the split by a dimension of the rollup of sales."""

    def read(window: Window) -> Keyed:
        return {key: sums for (key,), sums in sales_by(window, dimension, ("key",)).items()}

    def names(keys: Collection[str]) -> Names:
        return {key: (called or {}).get(key, key) for key in keys}

    if "condition" not in more:
        expression = KEYS[dimension].replace("is_returning", IS_RETURNING)
        more["condition"] = f"{expression} = %(key)s"
    return Split(label=label, none=none, read=read, names=names, **more)


def _products(window: Window) -> Keyed:
    return {_text(product): sums for product, sums in products_by(window).items()}


def _variants(window: Window) -> Keyed:
    return _merged((_text(variant), sums) for (_, variant), sums in variants_by(window).items())


def _by_kind(column: str) -> Callable[[Window], Keyed]:
    """Return the read of what products have in common: their vendor, their type."""

    def read(window: Window) -> Keyed:
        found = whole_days_by_kind(window, column)
        _, cut = window.parts()
        if cut is None:
            return found
        until = products_by(cut)
        kinds = dict(among(until).values_list("shopify_id", column))
        more = [(kinds.get(product) or "", sums) for product, sums in until.items()]
        return _merged([*found.items(), *more])

    return read


def _product_names(keys: Collection[str]) -> Names:
    titles = titles_of([int(key) for key in keys])
    return {key: titles.get(int(key)) or f"Product {key}" for key in keys}


def _variant_names(keys: Collection[str]) -> Names:
    """Return "product, variant", for variants not known here as orders delivered them."""
    ids = [int(key) for key in keys]
    known = Variant.objects.order_by()
    known = known if len(ids) > MOST_NAMED else known.filter(shopify_id__in=ids)
    rows = [*known.values_list("shopify_id", "product__title", "title")]
    missing = set(ids) - {variant for variant, *_ in rows}
    if missing:
        items = OrderItem.objects.filter(variant_shopify_id__in=missing)
        sold = items.order_by("variant_shopify_id").distinct("variant_shopify_id")
        rows += sold.values_list("variant_shopify_id", "title", "variant_title")
    names = {str(number): _variant_name(product, variant) for number, product, variant in rows}
    return {key: names.get(key) or f"Variant {key}" for key in keys}


def _variant_name(product: str | None, variant: str | None) -> str:
    return ", ".join(part for part in (product, variant) if part and part != "Default Title")


def _merged(rows: Iterable[tuple[str, Sums]]) -> Keyed:
    parts: dict[str, list[Sums]] = defaultdict(list)
    for key, sums in rows:
        parts[key].append(sums)
    return {key: total_of(sums) for key, sums in parts.items()}


def _text(shopify_id: int) -> str:
    return str(shopify_id) if shopify_id else ""


SPLITS = {
    "channels": _of(Dimension.CHANNEL, "Channel", "No channel", called=CHANNELS),
    "countries": _of(Dimension.COUNTRY, "Country", "No country"),
    "regions": _of(Dimension.REGION, "Region", "No region"),
    "payment-gateways": _of(Dimension.GATEWAY, "Payment gateway", "No gateway"),
    "discount-codes": _of(Dimension.DISCOUNT_CODE, "Discount code", "No code"),
    "taxes": _of(
        Dimension.TAX_RATE,
        "Tax",
        "No name",
        condition=HAS_TAX,
        metrics=(metrics.TAXES,),
        main=metrics.TAXES,
        amount=TAX,
    ),
    "refund-reasons": _of(
        Dimension.REFUND_REASON,
        "Reason",
        "No reason",
        called=REASONS,
        metrics=(metrics.RETURNS, metrics.UNITS_RETURNED),
        main=metrics.RETURNS,
    ),
    "new-returning": _of(
        Dimension.NEW_OR_RETURNING, "New and returning", "No customer", called=CUSTOMERS
    ),
    "products": Split(
        label="Product",
        none="No product",
        read=_products,
        condition="coalesce(s.product_shopify_id::text, '') = %(key)s",
        names=_product_names,
        metrics=OF_PRODUCTS,
        once={metrics.ORDERS: "orders_of_product"},
    ),
    "variants": Split(
        label="Variant",
        none="No variant",
        read=_variants,
        condition="coalesce(s.variant_shopify_id::text, '') = %(key)s",
        names=_variant_names,
        metrics=OF_PRODUCTS,
        once={metrics.ORDERS: "orders_of_variant"},
    ),
    "vendors": Split(
        label="Vendor",
        none="No vendor",
        read=_by_kind("vendor"),
        condition=_OF_PRODUCT.format(column="vendor"),
        metrics=OF_KINDS,
    ),
    "types": Split(
        label="Type",
        none="No type",
        read=_by_kind("product_type"),
        condition=_OF_PRODUCT.format(column="product_type"),
        metrics=OF_KINDS,
    ),
}
