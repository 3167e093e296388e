"""Every product of the shop with what it sold in a period, its share and its class."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from analytics.periods import Period
from analytics.reports.live import LiveDays, sales_by_product
from analytics.reports.products import NO_PRODUCT, titles_of
from analytics.sums import NO_SUMS, Sums
from shop_data.models import Product

A_UP_TO, B_UP_TO = Decimal("0.80"), Decimal("0.95")  # of gross sales, greatest products first
NOT_SOLD = "U"


class ListedProduct(NamedTuple):
    """One product; `abc` is empty for what is no product, `stock` None where it is not known."""

    shopify_id: int
    title: str | None
    sums: Sums
    abc: str
    stock: int | None


def product_list(period: Period, *, currency: str, live: LiveDays) -> list[ListedProduct]:
    """Return the products by net sales, greatest first; those without a sale come last."""
    sums = sales_by_product(period, currency=currency, live=live)
    stock = dict(Product.objects.order_by().values_list("shopify_id", "inventory_quantity"))
    known = sums.keys() | stock.keys()
    titles = titles_of(known)
    classes = abc_classes({product: each.gross_sales for product, each in sums.items()})
    listed = [
        ListedProduct(
            shopify_id=product,
            title=titles.get(product),
            sums=sums.get(product, NO_SUMS),
            abc="" if product == NO_PRODUCT else classes.get(product, NOT_SOLD),
            stock=stock.get(product),
        )
        for product in known
    ]
    return sorted(listed, key=_rank)


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
