"""Which products sold best."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from django.db.models import QuerySet

from analytics.enums import Lens
from analytics.leaderboards import SHOWN, kept_board
from analytics.periods import Period
from analytics.product_reads import best_products
from analytics.reports.live import LiveDays
from analytics.sums import Sums
from shop_data.models import OrderItem, Product

MOST_NAMED = 500  # ids in a statement
NO_PRODUCT = 0  # what rollups have for custom lines and adjustments


class ProductLine(NamedTuple):
    """One product; `title` is None for what belongs to no product or has no name."""

    shopify_id: int
    title: str | None
    sums: Sums


class TopProducts(NamedTuple):
    """The best by net sales, how many products sold at all, and the net sales of all of them."""

    lines: tuple[ProductLine, ...]
    sold: int
    net_sales: int


def top_products(
    period: Period, *, currency: str, live: LiveDays, lens: Lens = Lens.EVENT
) -> TopProducts:
    """Return the products with the greatest net sales, greatest first."""
    waiting = any(day in period for day in live.days | live.stale)
    kept = kept_board(period, currency) if lens is Lens.EVENT and not waiting else None
    best = kept or best_products(period, currency=currency, live=live.days, lens=lens, most=SHOWN)
    titles = titles_of(best.sums.keys())
    lines = (ProductLine(product, titles.get(product), sums) for product, sums in best.sums.items())
    return TopProducts(lines=tuple(lines), sold=best.sold, net_sales=best.net_sales)


def titles_of(products: Collection[int]) -> dict[int, str | None]:
    """Return the titles of products, for those not known here as orders delivered them."""
    known = among(products).filter(title__isnull=False)
    return with_sold_titles(products, dict(known.values_list("shopify_id", "title")))


def with_sold_titles(
    products: Collection[int], titles: dict[int, str | None]
) -> dict[int, str | None]:
    """Return titles, and those of further products as orders delivered them."""
    missing = set(products) - titles.keys() - {NO_PRODUCT}
    if not missing:
        return titles
    items = OrderItem.objects.filter(product_shopify_id__in=missing, title__isnull=False)
    newest = items.order_by("product_shopify_id", "-id").distinct("product_shopify_id")
    return titles | dict(newest.values_list("product_shopify_id", "title"))


def among(products: Collection[int]) -> QuerySet[Product]:
    """Return these products; all of them where naming each would take longer."""
    known = Product.objects.order_by()
    return known if len(products) > MOST_NAMED else known.filter(shopify_id__in=products)
