"""A product's rows in the shape of a webhook: rows of variants, and rows of further images.

The export names products by their handle and has no number of Shopify's at all. It has had two
sets of names for its columns; both are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from shop_data.csv_exports.cells import Cells, count, lower, money, present, text, unquoted
from shop_data.csv_exports.numbers import number_of
from shop_data.csv_exports.rows import Row
from shop_data.payloads.values import PayloadError

HANDLE, PRICE = ("Handle", "URL handle"), ("Variant Price", "Price")
MUST = (HANDLE, ("Title",), PRICE)
_FIELDS = {
    "title": (text, ("Title",)),
    "handle": (text, HANDLE),
    "vendor": (text, ("Vendor",)),
    "product_type": (text, ("Type",)),
    "tags": (text, ("Tags",)),
    "status": (lower, ("Status",)),
}
_SKU, _COST = ("Variant SKU", "SKU"), ("Cost per item",)
_STOCK = ("Variant Inventory Qty", "Inventory quantity")
_VARIANT = {
    "sku": (unquoted, _SKU),
    "barcode": (unquoted, ("Variant Barcode", "Barcode")),
    "price": (money, PRICE),
    "compare_at_price": (money, ("Variant Compare At Price", "Compare-at price")),
    "inventory_quantity": (count, _STOCK),
    "inventory_policy": (lower, ("Variant Inventory Policy", "Continue selling when out of stock")),
    "inventory_management": (lower, ("Variant Inventory Tracker", "Inventory tracker")),
}
_OPTIONS = [(f"Option{place} Value", f"Option{place} value") for place in (1, 2, 3)]
KNOWN = frozenset([
    *(name for names in [*MUST, _STOCK, _COST, *_OPTIONS] for name in names),
    *(name for _, names in [*_FIELDS.values(), *_VARIANT.values()] for name in names),
])  # fmt: skip
UNUSED = frozenset([
    "Body (HTML)", "Description", "Product Category", "Product category", "Published",
    "Published on online store", "Variant Grams", "Weight value (grams)",
    "Variant Weight Unit", "Weight unit for display", "Variant Fulfillment Service",
    "Fulfillment service", "Variant Requires Shipping", "Requires shipping", "Variant Taxable",
    "Charge tax", "Variant Tax Code", "Tax code", "Image Src", "Product image URL",
    "Image Position", "Image position", "Image Alt Text", "Image alt text", "Gift Card",
    "Gift card", "SEO Title", "SEO title", "SEO Description", "SEO description", "Variant Image",
    "Variant image URL",
    *(f"Option{place} {part}" for place in (1, 2, 3)
      for part in ("Name", "name", "Linked To")),
])  # fmt: skip


def products_in(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield the rows of each product, which follow one another under its handle."""
    found: list[Row] = []
    for row in rows:
        if found and text(row.cells, *HANDLE) != text(found[0].cells, *HANDLE):
            yield found
            found = []
        found.append(row)
    if found:
        yield found


def product_body(rows: Sequence[Row]) -> dict[str, Any]:
    """Return a product as a webhook would tell it, with numbers that follow from its handle."""
    first = rows[0].cells
    handle = text(first, *HANDLE)
    if not handle or not text(first, "Title"):
        raise PayloadError("Handle or Title is missing: this is not a product’s first row.")
    variants = [row.cells for row in rows if _is_variant(row.cells)]
    told = [_variant(cells, handle, place) for place, cells in enumerate(variants, start=1)]
    if len({each["id"] for each in told}) < len(told):
        raise PayloadError("Two variants have the same options.")
    return {"id": number_of("product", handle), **present(first, _FIELDS), "variants": told}


def item_bodies(rows: Sequence[Row]) -> Iterator[dict[str, Any]]:
    """Yield what each variant costs the shop, where the export says so."""
    handle = text(rows[0].cells, *HANDLE)
    for cells in (row.cells for row in rows if _is_variant(row.cells)):
        cost = money(cells, *_COST)
        if cost is not None:
            sku = unquoted(cells, *_SKU)
            yield {"id": number_of("item", handle, *_options(cells)), "sku": sku, "cost": str(cost)}


def _is_variant(cells: Cells) -> bool:
    """Tell whether a row is a variant's; others have an image and a handle, nothing else."""
    return bool(text(cells, *PRICE) or text(cells, *_SKU))


def _options(cells: Cells) -> list[str]:
    return [text(cells, *names) or "" for names in _OPTIONS]


def _variant(cells: Cells, handle: str, place: int) -> dict[str, Any]:
    options = _options(cells)
    told = present(cells, _VARIANT)
    amounts = {name: None if told.get(name) is None else str(told[name])
               for name in ("price", "compare_at_price")}  # fmt: skip
    return {
        "id": number_of("variant", handle, *options),
        "position": place,
        "title": " / ".join(filter(None, options)) or None,
        **told,
        **amounts,
        "inventory_item_id": number_of("item", handle, *options),
    }
