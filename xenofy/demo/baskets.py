"""What one buyer puts into one order: goods, discounts, shipping, payment and channel."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from xenofy.demo import calendar
from xenofy.demo.amounts import RUPEE
from xenofy.demo.catalogue import Catalogue, Product, Variant, gift_card, price_on
from xenofy.demo.people import Person

FREE_SHIPPING_FROM = 1_499 * RUPEE
SHIPPING = 79 * RUPEE
SHIPPING_COD = 129 * RUPEE
SHIPPING_ABROAD = 1_800 * RUPEE
FREE_SHIPPING_ABROAD_FROM = 15_000 * RUPEE

WEB, POS, INSTAGRAM, BY_HAND = "web", "pos", "instagram", "shopify_draft_order"
COD = "Cash on Delivery (COD)"
UPI, CARD, PAYPAL, CASH, GIFT_CARD = "upi", "card", "paypal", "cash", "gift_card"


@dataclass(frozen=True, slots=True)
class Choice:
    """So many of one variant, at the price of that day in paise, taxes included."""

    product: Product
    variant: Variant
    quantity: int
    price: int

    @property
    def total(self) -> int:
        return self.price * self.quantity


@dataclass(frozen=True, slots=True)
class Discount:
    """A discount of an order: `percent` of the goods, or `amount` paise; or free shipping."""

    type: str  # discount_code, automatic, manual
    title: str
    percent: int = 0
    amount: int = 0
    on_shipping: bool = False


@dataclass(slots=True)
class Basket:
    """An order before it is placed.

    `nth` is 0 for a guest, who leaves an address but no account; `buyer` is None for somebody who
    walks into the shop.
    """

    serial: int
    number: int
    at: datetime
    buyer: Person | None
    nth: int
    source: str
    gateway: str
    choices: Sequence[Choice]
    discounts: Sequence[Discount] = field(default_factory=list)
    shipping: int | None = None  # None: carried home from the shop, or nothing to ship
    tip: int = 0
    is_test: bool = False
    gift_card_pays: bool = False

    @property
    def presentment(self) -> str:
        return self.buyer.presentment if self.buyer else "INR"

    @property
    def goods(self) -> list[Choice]:
        """Return what is not a gift card: discounts and shipping look at these alone."""
        return [choice for choice in self.choices if not choice.product.is_gift_card]


@dataclass(frozen=True, slots=True)
class Counter:
    """Where baskets are filled: the catalogue, and the days between which the shop is known."""

    catalogue: Catalogue
    first: date
    last: date

    def basket(
        self, rng: Random, *, serial: int, number: int, at: datetime, buyer: Person | None, nth: int
    ) -> Basket:
        """Return what this buyer orders at this moment."""
        day = calendar.day_of(at)
        source = _source(rng, buyer, nth)
        choices = self._choices(rng, day, at_the_counter=source == POS)
        basket = Basket(serial, number, at, buyer, nth, source, "", choices)
        basket.discounts = _discounts(rng, basket, day)
        basket.gateway = _gateway(rng, basket)
        _add_extras(rng, basket)
        return basket

    def choice(self, rng: Random, day: date) -> Choice:
        """Return one line of goods."""
        age = (day - self.first).days / max(1, (self.last - self.first).days)
        product = self.catalogue.choose(rng, day, age=age)
        quantity = rng.choices((1, 2, 3), cum_weights=(86, 97, 100))[0]
        price = price_on(product, day, first=self.first)
        return Choice(product, rng.choice(product.variants), quantity, price)

    def _choices(self, rng: Random, day: date, *, at_the_counter: bool) -> list[Choice]:
        if rng.random() < 0.006:
            return [_gift_card_of(rng)]
        count = rng.choices((1, 2, 3, 4, 5), cum_weights=(72, 91, 97, 99, 100))[0]
        found = [self.choice(rng, day) for _ in range(count)]
        if rng.random() < 0.003 and not at_the_counter:
            found.append(_gift_card_of(rng))
        return found


def _gift_card_of(rng: Random) -> Choice:
    card = gift_card()
    variant = rng.choice(card.variants)
    return Choice(card, variant, 1, int(variant.option) * RUPEE)


def _source(rng: Random, buyer: Person | None, nth: int) -> str:
    """Return the channel: nobody from abroad stands at the counter."""
    if buyer is None:
        return POS
    if nth == 0 or buyer.place.country_code != "IN":
        return WEB
    at_home = buyer.place.city in {"Bengaluru", "Mysuru"}
    weights = (72, 14, 12, 2) if at_home else (84, 0, 14, 2)
    return rng.choices((WEB, POS, INSTAGRAM, BY_HAND), weights)[0]


def _discounts(rng: Random, basket: Basket, day: date) -> list[Discount]:
    """Return the discounts of an order; two only where one is for shipping."""
    found = list(_goods_discount(rng, basket, day)) if basket.goods else []
    free = Discount("discount_code", "FREESHIP", percent=100, on_shipping=True)
    if basket.source == WEB and basket.goods and rng.random() < 0.03:
        found.append(free)
    return found


def _goods_discount(rng: Random, basket: Basket, day: date) -> list[Discount]:
    chance = rng.random()
    if basket.source in {POS, BY_HAND}:
        return [Discount("manual", "Regular of the house", percent=5)] if chance < 0.06 else []
    if calendar.diwali_code_runs(day) and chance < 0.52:
        return [Discount("discount_code", "DIWALI15", percent=15)]
    if calendar.sale_runs(day) and chance < 0.45:
        return [Discount("automatic", "End of season", percent=20)]
    return _standing_discount(basket, chance)


def _standing_discount(basket: Basket, chance: float) -> list[Discount]:
    """Return what is on offer all year round."""
    if sum(choice.quantity for choice in basket.goods) >= 3:
        return [Discount("automatic", "Any three, 10% off", percent=10)]
    if basket.nth == 1 and basket.buyer and basket.buyer.wants_mail and chance < 0.4:
        return [Discount("discount_code", "WELCOME10", percent=10)]
    if basket.nth > 1 and chance < 0.07:
        return [Discount("discount_code", "THANKYOU200", amount=200 * RUPEE)]
    return []


def _gateway(rng: Random, basket: Basket) -> str:
    if basket.buyer is not None and basket.buyer.place.country_code != "IN":
        return rng.choice((CARD, CARD, PAYPAL))
    if basket.source == POS:
        return rng.choices((UPI, CARD, CASH), (55, 25, 20))[0]
    if not basket.goods:
        return rng.choice((UPI, CARD))  # a gift card is paid before it is sent
    return rng.choices((UPI, CARD, COD), (50, 22, 28))[0]


def _add_extras(rng: Random, basket: Basket) -> None:
    """Add shipping, and now and then a tip, a gift card that pays, or the mark of a test."""
    basket.shipping = _shipping(basket)
    if basket.source == WEB and rng.random() < 0.012:
        basket.tip = rng.choice((20, 50, 100)) * RUPEE
    basket.gift_card_pays = (
        basket.gateway in {UPI, CARD} and bool(basket.goods) and rng.random() < 0.008
    )
    basket.is_test = rng.random() < 0.0004


def _shipping(basket: Basket) -> int | None:
    """Return the price of shipping in paise; free from a threshold on."""
    if basket.source == POS or not basket.goods:
        return None
    worth = sum(choice.total for choice in basket.goods)
    if basket.buyer is not None and basket.buyer.place.country_code != "IN":
        return 0 if worth >= FREE_SHIPPING_ABROAD_FROM else SHIPPING_ABROAD
    if basket.gateway == COD:
        return SHIPPING_COD if worth < FREE_SHIPPING_FROM else SHIPPING_COD - SHIPPING
    return 0 if worth >= FREE_SHIPPING_FROM else SHIPPING
