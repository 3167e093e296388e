"""What the shop sells: products of some makers, their variants, prices, and how often they sell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product as pairs
from random import Random

from xenofy.fakeshop import stocking
from xenofy.fakeshop.catalogue_records import Product, Variant
from xenofy.fakeshop.state import ShopState
from xenofy.fakeshop.wanted import NewVariant

SIZES, COLOURS, ONE = ("S", "M", "L", "XL"), ("Sand", "Moss", "Night"), ("Default Title",)
VENDORS = ("Almhof", "Nordlicht", "Weberei Kolk", "Sól", "Fils & Fille")
GIFT_VALUES = (25, 50, 100)
_STYLES = ("Plain", "Ribbed", "Checked", "Striped")
_PLACES = ("Warehouse", "Shop on the Corner")


@dataclass(frozen=True, slots=True)
class Kind:
    """A type of products: what one costs, from and to, and in what it comes."""

    name: str
    prices: tuple[int, int]
    options: Sequence[str]
    group: str


KINDS = (
    Kind("Scarf", (29, 89), COLOURS, "Accessories"),
    Kind("Hat", (19, 49), COLOURS, "Accessories"),
    Kind("Gloves", (24, 59), SIZES, "Accessories"),
    Kind("Socks", (9, 19), SIZES, "Basics"),
    Kind("Pullover", (69, 179), SIZES, "Knitwear"),
    Kind("Cardigan", (79, 199), SIZES, "Knitwear"),
    Kind("Blanket", (59, 249), COLOURS, "Home"),
    Kind("Cushion", (25, 69), COLOURS, "Home"),
)


@dataclass(slots=True)
class Assortment:
    """What can be bought; `weights` say how often each is."""

    variants: list[Variant]
    weights: list[float]
    gift_cards: list[Variant]
    locations: list[int]

    def picked(self, rng: Random) -> Variant:
        return rng.choices(self.variants, self.weights)[0]


def opened(state: ShopState, rng: Random) -> Assortment:
    """Fill a shop with products, collections, places and stock, and return what can be bought."""
    products = [_product(state, rng, *what) for what in pairs(KINDS, _STYLES)]
    for group in sorted({kind.group for kind in KINDS}):
        stocking.create_collection(state, group, [one for one in products if group in one.tags])
    card = stocking.create_product(
        state,
        "Gift card",
        [NewVariant(value, f"€{value}", sku=f"GIFT-{value}") for value in GIFT_VALUES],
        product_type="Gift card",
        is_gift_card=True,
    )
    places = [stocking.create_location(state, name) for name in _PLACES]
    variants = [variant for one in products for variant in one.variants]
    for variant, place in pairs(variants, places):
        stocking.set_stock(state, variant, place, rng.choice((-1, 0, 3, 8, 15, 40)))
    rng.shuffle(products)  # some sell far better than others
    by_rank = {one.id: 1 / (rank + 2) for rank, one in enumerate(products)}
    weights = [by_rank[variant.product.id] * rng.uniform(0.4, 1) for variant in variants]
    return Assortment(variants, weights, card.variants, [place.id for place in places])


def _product(state: ShopState, rng: Random, kind: Kind, style: str) -> Product:
    price = rng.randint(*kind.prices) - 1 + rng.choice((0.90, 0.95, 0.50))
    cost = None if rng.random() < 0.1 else f"{price * rng.uniform(0.35, 0.6):.2f}"
    code = f"{kind.name[:3]}-{style[:2]}".upper()
    variants = [
        NewVariant(f"{price:.2f}", option, sku=f"{code}-{option[:2].upper()}", cost=cost)
        for option in kind.options
    ]
    return stocking.create_product(
        state,
        f"{style} {kind.name.lower()}",
        variants,
        vendor=rng.choice(VENDORS),
        product_type=kind.name,
        tags=(kind.group,),
    )
