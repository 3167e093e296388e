"""Who buys: people of some countries, who come again or do not."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import NamedTuple

from xenofy.fakeshop.catalogue_records import Customer
from xenofy.fakeshop.leaves import Address
from xenofy.fakeshop.seeds.chance import drawn
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.wanted import Rate


class Country(NamedTuple):
    """A country: its towns, its tax on goods in percent, and its money by the euro."""

    code: str
    name: str
    towns: tuple[tuple[str, str, str | None], ...]  # town, postal code, code of the province
    vat: int = 0
    currency: str = "EUR"
    rate: str = "1"

    @property
    def taxes(self) -> tuple[Rate, ...]:
        return (Rate("VAT", Decimal(self.vat) / 100),) if self.vat else ()


COUNTRIES = {
    Country("DE", "Germany", (("Berlin", "10115", None), ("Köln", "50667", None),
            ("Hamburg", "20095", None), ("Leipzig", "04109", None)), 19): 58,
    Country("AT", "Austria", (("Wien", "1010", None), ("Graz", "8010", None)), 20): 14,
    Country("FR", "France", (("Lyon", "69001", None), ("Lille", "59000", None)), 20): 8,
    Country("NL", "Netherlands", (("Utrecht", "3511", None),), 21): 6,
    Country("CH", "Switzerland", (("Zürich", "8001", None),), 0, "CHF", "0.95"): 7,
    Country("US", "United States", (("Portland", "97201", "OR"), ("Boston", "02108", "MA")),
            0, "USD", "1.08"): 5,
    Country("JP", "Japan", (("京都市", "600-8001", "JP-26"),), 0, "JPY", "160"): 2,
}  # fmt: skip
BY_CODE = {country.code: country for country in COUNTRIES}
_FIRST = ("Anna", "Jonas", "Mila", "Noah", "Zoë", "Émile", "Lena", "Paul", "Ida", "さくら", "Tom")
_LAST = ("Müller", "Berger", "Dubois", "de Vries", "Keller", "Novak", "Smith", "Ivanova", "田中")
COMES_AGAIN = 0.4  # the share of orders by somebody who has bought before
_STREETS = ("Gartenweg", "Rue Verte", "Main Street", "Lindenallee")


class Buyers:
    """The people who have bought, the last who joined at the end."""

    def __init__(self, shop: Shop, rng: Random) -> None:
        self.shop, self.rng = shop, rng
        self.ids: list[int] = []

    def next(self) -> Customer:
        """Return who buys now: somebody new, or one who has bought, rather lately than long ago."""
        if self.ids and self.rng.random() < COMES_AGAIN:
            back = int(self.rng.expovariate(4 / len(self.ids)))
            found = self.shop.state.customers.get(self.ids[-1 - min(back, len(self.ids) - 1)])
            if found is not None and not found.erased:
                return found
        return self._joined()

    def _joined(self) -> Customer:
        rng, number = self.rng, len(self.ids) + 1
        country = drawn(rng, COUNTRIES)
        town, postal, province = rng.choice(country.towns)
        first, last = rng.choice(_FIRST), rng.choice(_LAST)
        found = self.shop.create_customer(
            email=f"buyer{number}@example.com",
            first_name=first,
            last_name=last,
            locale="de" if country.code in ("DE", "AT", "CH") else "en",
            marketing="subscribed" if rng.random() < 0.35 else "not_subscribed",
            address=Address(
                country.code, country.name, province, None, town, postal,
                f"{rng.choice(_STREETS)} {rng.randint(1, 90)}", first_name=first, last_name=last,
                id=number,
            ),
        )  # fmt: skip
        self.ids.append(found.id)
        return found
