"""Every product of the shop with what it sold in a period, its share and its class."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from analytics.enums import Lens
from analytics.periods import Period
from analytics.product_reads import sales_by_product
from analytics.reports.live import LiveDays
from analytics.reports.products import NO_PRODUCT, with_sold_titles
from analytics.reports.splits import SPLITS
from analytics.sales_reads import Window, variants_by
from analytics.sums import NO_SUMS, Sums
from shop_data.models import Product, Variant

A_UP_TO, B_UP_TO = Decimal("0.80"), Decimal("0.95")  # of gross sales, greatest products first
NOT_SOLD = "U"


class ListedProduct(NamedTuple):
    """One product, or variant of `product`; `skus` are its own or those of its variants.

    `abc` is empty for what is no product, `stock` None where it is not known.
    """

    shopify_id: int
    title: str | None
    sums: Sums
    abc: str
    stock: int | None
    product: int
    skus: tuple[str, ...] = ()

    def is_like(self, search: str) -> bool:
        """Tell whether the title holds a text, or a SKU begins with it."""
        title = (self.title or "").casefold()
        return search in title or any(sku.casefold().startswith(search) for sku in self.skus)


def product_list(
    period: Period, *, currency: str, live: LiveDays, lens: Lens = Lens.EVENT
) -> list[ListedProduct]:
    """Return the products by net sales, greatest first; those without a sale come last."""
    sums = sales_by_product(period, currency=currency, live=live.days, lens=lens)
    rows = Product.objects.order_by().values_list("shopify_id", "title", "inventory_quantity")
    stock = {product: (title, quantity) for product, title, quantity in rows}
    known = sums.keys() | stock.keys()
    named = {product: title for product, (title, _) in stock.items() if title is not None}
    titles = with_sold_titles(known, named)
    skus = _skus()
    classes = abc_classes({product: each.gross_sales for product, each in sums.items()})
    listed = [
        ListedProduct(
            shopify_id=product,
            title=titles.get(product),
            sums=sums.get(product, NO_SUMS),
            abc="" if product == NO_PRODUCT else classes.get(product, NOT_SOLD),
            stock=stock[product][1] if product in stock else None,
            product=product,
            skus=skus.get(product, ()),
        )
        for product in known
    ]
    return sorted(listed, key=_rank)


def variant_list(window: Window) -> list[ListedProduct]:
    """Return the variants by net sales, greatest first; those without a sale come last."""
    found = {variant: (product, sums) for (product, variant), sums in variants_by(window).items()}
    found.pop(NO_PRODUCT, None)
    rows = Variant.objects.order_by().values_list(
        "shopify_id", "product__shopify_id", "sku", "inventory_quantity"
    )
    known = {variant: row for variant, *row in rows}
    names = SPLITS["variants"].names([str(each) for each in found.keys() | known.keys()])
    classes = abc_classes({variant: sums.gross_sales for variant, (_, sums) in found.items()})
    listed = []
    for variant in found.keys() | known.keys():
        product, sums = found.get(variant, (0, NO_SUMS))
        owner, sku, stock = known.get(variant, (product, None, None))
        listed.append(
            ListedProduct(
                shopify_id=variant,
                title=names.get(str(variant)),
                sums=sums,
                abc=classes.get(variant, NOT_SOLD),
                stock=stock,
                product=owner or product,
                skus=(sku,) if sku else (),
            )
        )
    return sorted(listed, key=_rank)


def _skus() -> dict[int, tuple[str, ...]]:
    skus: dict[int, tuple[str, ...]] = {}
    found = Variant.objects.filter(sku__gt="").order_by("product__shopify_id", "shopify_id")
    for product, sku in found.values_list("product__shopify_id", "sku"):
        skus[product] = (*skus.get(product, ()), sku or "")
    return skus


def abc_classes(gross: Mapping[int, int]) -> dict[int, str]:
    """Class products by gross sales: those that make up 80 % are A, up to 95 % B, the rest C.

    A product belongs to the class in which it begins, so the greatest one is always an A.
    """
    sold = [product for product in gross if gross[product] > 0 and product != NO_PRODUCT]
    total = sum(gross[product] for product in sold)
    classes, before = {}, 0
    for product in sorted(sold, key=lambda each: (-gross[each], each)):
        share = Decimal(before) / total
        classes[product] = "A" if share < A_UP_TO else "B" if share < B_UP_TO else "C"
        before += gross[product]
    return classes


def _rank(product: ListedProduct) -> tuple[bool, int, int]:
    sums = product.sums
    return sums == NO_SUMS, -sums.net_sales, product.shopify_id
