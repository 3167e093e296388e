"""Where the demo store's buyers live: cities with how often orders go there."""

from __future__ import annotations

from itertools import accumulate
from random import Random
from typing import NamedTuple

from xenofy.demo.amounts import CURRENCY


class Place(NamedTuple):
    """A city. `codes` are the first digits of its postal codes."""

    city: str
    province: str
    province_code: str
    codes: str
    country: str = "India"
    country_code: str = "IN"
    currency: str = CURRENCY
    phone: str = "+9155500#####"  # no Indian number begins with 5


HOME_STATE = "KA"  # where the shop is registered: tax is split into CGST and SGST here

_INDIA = {
    Place("Bengaluru", "Karnataka", "KA", "5600"): 17.0,
    Place("Mysuru", "Karnataka", "KA", "5700"): 4.0,
    Place("Mangaluru", "Karnataka", "KA", "5750"): 1.6,
    Place("Hubballi", "Karnataka", "KA", "5800"): 1.2,
    Place("Mumbai", "Maharashtra", "MH", "4000"): 12.0,
    Place("Pune", "Maharashtra", "MH", "4110"): 7.0,
    Place("Nagpur", "Maharashtra", "MH", "4400"): 1.4,
    Place("New Delhi", "Delhi", "DL", "1100"): 10.0,
    Place("Gurugram", "Haryana", "HR", "1220"): 3.4,
    Place("Noida", "Uttar Pradesh", "UP", "2013"): 2.6,
    Place("Lucknow", "Uttar Pradesh", "UP", "2260"): 1.8,
    Place("Hyderabad", "Telangana", "TS", "5000"): 8.0,
    Place("Chennai", "Tamil Nadu", "TN", "6000"): 7.0,
    Place("Coimbatore", "Tamil Nadu", "TN", "6410"): 2.0,
    Place("Kochi", "Kerala", "KL", "6820"): 2.6,
    Place("Thiruvananthapuram", "Kerala", "KL", "6950"): 1.4,
    Place("Kolkata", "West Bengal", "WB", "7000"): 4.6,
    Place("Ahmedabad", "Gujarat", "GJ", "3800"): 3.0,
    Place("Vadodara", "Gujarat", "GJ", "3900"): 1.1,
    Place("Jaipur", "Rajasthan", "RJ", "3020"): 2.0,
    Place("Chandigarh", "Chandigarh", "CH", "1600"): 1.3,
    Place("Bhopal", "Madhya Pradesh", "MP", "4620"): 1.1,
    Place("Bhubaneswar", "Odisha", "OR", "7510"): 1.0,
    Place("Guwahati", "Assam", "AS", "7810"): 0.8,
    Place("Panaji", "Goa", "GA", "4030"): 0.7,
}
_US = ("United States", "US", "USD", "+140855501##")  # 555-01xx belongs to stories
_ABROAD = {
    Place("San Jose", "California", "CA", "951", *_US): 0.7,
    Place("Edison", "New Jersey", "NJ", "088", *_US): 0.6,
    Place("Austin", "Texas", "TX", "787", *_US): 0.4,
    Place("London", "England", "ENG", "E1 ", "United Kingdom", "GB", "GBP", "+447700900###"): 0.6,
    Place("Dubai", "Dubai", "DU", "", "United Arab Emirates", "AE", "AED", ""): 0.6,
    Place("Singapore", "", "", "04", "Singapore", "SG", "SGD", ""): 0.5,
    Place("Toronto", "Ontario", "ON", "M5V ", "Canada", "CA", "CAD", "+141655501##"): 0.3,
    Place("Melbourne", "Victoria", "VIC", "30", "Australia", "AU", "AUD", ""): 0.3,
}
_PLACES = {**_INDIA, **_ABROAD}
_SO_FAR = list(accumulate(_PLACES.values()))
_ALL = list(_PLACES)


def choose(rng: Random) -> Place:
    """Return a place where somebody lives."""
    return rng.choices(_ALL, cum_weights=_SO_FAR)[0]


def postal_code(place: Place, rng: Random) -> str | None:
    """Return a postal code that looks like one of the place; None where there are none."""
    if not place.codes:
        return None
    if place.country_code in {"GB", "CA"}:
        return f"{place.codes}{rng.randint(1, 9)}{rng.choice('ABEHJ')}{rng.choice('BGLNP')}"
    digits = {"IN": 6, "US": 5, "SG": 6, "AU": 4}[place.country_code] - len(place.codes)
    return place.codes + str(rng.randrange(10**digits)).zfill(digits)


def phone(place: Place, rng: Random) -> str | None:
    """Return a number that can belong to nobody."""
    digits = (rng.choice("0123456789") if sign == "#" else sign for sign in place.phone)
    return "".join(digits) or None
