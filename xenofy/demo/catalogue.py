"""What the shop sells: crafts and garments, their variants, prices, tax and popularity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from random import Random
from typing import NamedTuple

from xenofy.demo.amounts import RUPEE
from xenofy.demo.chance import chance

PRODUCTS = 148
SIZES = ("S", "M", "L", "XL", "XXL")
GIFT_CARD_VALUES = (1_000, 2_000, 5_000)

_YEAR_RAISE = 4  # percent on all prices, each April
_GST_REFORM = date(2025, 9, 22)  # from here on 5 % up to ₹2,500 and 18 % above


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of goods: price range in rupees, variants, grams, and how it sells by month."""

    name: str
    prices: tuple[int, int]
    options: Sequence[str]
    grams: int
    is_fabric: bool = False  # always taxed at 5 %
    winter: float = 1.0  # pull from November to February; the summer's is the opposite
    gift: float = 1.0  # pull before Diwali
    returned: float = 0.035  # share of units that come back


COLOURS = ("Indigo", "Madder", "Turmeric", "Ivory", "Teal", "Charcoal", "Rose", "Leaf")

KINDS = {
    kind.name: kind
    for kind in (
        Kind("saree", (2_400, 7_900), COLOURS, 650, is_fabric=True, gift=1.7, returned=0.022),
        Kind("kurta", (1_150, 2_250), SIZES, 320, returned=0.045),
        Kind("shirt", (1_350, 2_290), SIZES, 280, winter=0.7, returned=0.06),
        Kind("stole", (690, 1_490), COLOURS, 180, winter=1.3, gift=1.5, returned=0.025),
        Kind("dupatta", (790, 1_790), COLOURS, 220, is_fabric=True, gift=1.2, returned=0.035),
        Kind("table runner", (540, 980), COLOURS, 260, gift=1.4, returned=0.018),
        Kind("cushion pair", (640, 1_290), COLOURS, 540, gift=1.5, returned=0.02),
        Kind("bedcover", (1_790, 3_490), COLOURS, 1_400, winter=1.1, gift=1.3, returned=0.025),
        Kind("razai, double", (2_690, 4_290), COLOURS, 2_300, winter=2.4, returned=0.015),
        Kind("cotton set", (1_690, 2_690), SIZES, 520, winter=0.75, returned=0.04),
        Kind("fabric, 2.5 m", (590, 1_390), COLOURS, 420, is_fabric=True, returned=0.012),
        Kind("kaftan", (1_290, 1_990), SIZES, 300, winter=0.6, returned=0.05),
    )
}
_CRAFTS = (
    *("Ajrakh", "Bagru", "Bandhani", "Chanderi", "Dabu", "Ikat", "Ilkal", "Indigo block-print"),
    *("Jamdani", "Kalamkari", "Kantha", "Khadi", "Kota doria", "Maheshwari", "Mangalagiri"),
    *("Narayanpet", "Pochampally", "Sanganeri", "Tussar", "Uppada"),
)
# The shop's best sellers, in their order: title, kind, price, share that comes back.
_BEST = (
    ("Indigo block-print kurta", "kurta", 1_690, 0.034),
    ("Ajrakh modal stole", "stole", 1_190, 0.028),
    ("Maheshwari silk-cotton saree", "saree", 4_690, 0.021),
    ("Bagru table runner", "table runner", 840, 0.017),
    ("Kalamkari dupatta", "dupatta", 1_390, 0.039),
    ("Jaipuri razai, double", "razai, double", 3_190, 0.012),
    ("Chikankari shirt, white", "shirt", 2_090, 0.14),  # runs small: returned far too often
    ("Mangalagiri cotton set", "cotton set", 2_190, 0.026),
)


class Variant(NamedTuple):
    """One thing that can be bought."""

    product: int  # index of the product
    position: int
    option: str


@dataclass(frozen=True, slots=True)
class Product:
    """A product; `price` is in rupees at the start of the history, taxes included."""

    index: int
    title: str
    kind: Kind
    price: int
    returned: float
    age: float  # when it came into the shop: 0 with the shop, 1 at the end of the history
    variants: Sequence[Variant]
    is_gift_card: bool = False


class Catalogue:
    """All products of a seed, with the weights by which they are chosen."""

    def __init__(self, seed: int) -> None:
        self.products = _products(chance(seed, "catalogue"))
        self._weights = {month: _weights(self.products, month) for month in range(1, 13)}

    def choose(self, rng: Random, day: date, *, age: float) -> Product:
        """Return a product that was in the shop on `day`, as popular ones are chosen."""
        for _ in range(8):
            chosen = rng.choices(self.products, cum_weights=self._weights[day.month])[0]
            if chosen.age <= age:
                return chosen
        return self.products[0]


def price_on(product: Product, day: date, *, first: date) -> int:
    """Return the price in paise on a day, after the raises of each April since `first`."""
    raises = (day.year - (day.month < 4)) - (first.year - (first.month < 4))
    raised = product.price * (100 + _YEAR_RAISE * raises) // 100
    return (raised // 10 * 10 + (0 if raised % 10 < 5 else 10)) * RUPEE


def gst(kind: Kind, unit_price: int, day: date) -> int:
    """Return the rate of tax on a piece in per mille, as Indian law had it on that day."""
    if kind.is_fabric:
        return 50
    if day < _GST_REFORM:
        return 50 if unit_price <= 1_000 * RUPEE else 120
    return 50 if unit_price <= 2_500 * RUPEE else 180


def sku(product: Product, variant: Variant) -> str:
    """Return a stock number such as "KH-014-IND"."""
    return f"KH-{product.index + 1:03}-{variant.option[:3].upper()}"


def gift_card() -> Product:
    """Return the gift card, whose variants are its values."""
    kind = Kind("gift card", (GIFT_CARD_VALUES[0], GIFT_CARD_VALUES[-1]), (), 0)
    variants = [Variant(PRODUCTS, position, str(value))
                for position, value in enumerate(GIFT_CARD_VALUES)]  # fmt: skip
    title = "Kaveri gift card"
    return Product(
        PRODUCTS, title, kind, GIFT_CARD_VALUES[0], 0.0, 0.0, variants, is_gift_card=True
    )


def _products(rng: Random) -> list[Product]:
    best = [_product(rng, index, entry, age=0.0) for index, entry in enumerate(_BEST)]
    pairs = [(craft, kind) for craft in _CRAFTS for kind in KINDS.values()]
    taken = {product.title for product in best}
    rng.shuffle(pairs)
    for craft, kind in pairs:
        title = f"{craft} {kind.name}"
        if len(best) < PRODUCTS and title not in taken:
            price = rng.randint(kind.prices[0] // 50, kind.prices[1] // 50) * 50 - 10
            age = 0.0 if rng.random() < 0.6 else rng.random() * 0.95
            returned = kind.returned * rng.uniform(0.6, 1.5)
            best.append(_product(rng, len(best), (title, kind.name, price, returned), age=age))
    return best


def _product(rng: Random, index: int, entry: tuple[str, str, int, float], *, age: float) -> Product:
    """Return the product of an entry: title, kind, price, share that comes back."""
    title, kind, price, returned = entry
    options = KINDS[kind].options
    if options is COLOURS:
        options = rng.sample(COLOURS, rng.randint(1, 3))
    variants = [Variant(index, position, option) for position, option in enumerate(options)]
    return Product(index, title, KINDS[kind], price, returned, age, variants)


def _weights(products: Sequence[Product], month: int) -> list[float]:
    """Return running sums of popularity in a month: a Zipf curve, bent by season and price."""
    return list(
        accumulate(
            _pull(product.kind, month)
            / (product.index + 2.2) ** 1.12
            / math.pow(product.price, 0.8)
            for product in products
        )
    )


def _pull(kind: Kind, month: int) -> float:
    season = kind.winter if month in {11, 12, 1, 2} else 1.0
    if month in {4, 5, 6}:
        season = 1 / kind.winter
    return season * (kind.gift if month in {10, 11} else 1.0)
