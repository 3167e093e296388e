"""How numbers and days are written for people; `static/js/numbers.js` writes the same.

Pure functions over `Decimal` and `date`. Both sides are held to `tests/vectors/numbers.json`.
Shares and rates are fractions here: `percent(Decimal("0.397"))` is "39.7%".
"""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Literal, NamedTuple, TypedDict

from xenofy.common.money import minor_units

Grouping = Literal["in", "west"]
Direction = Literal["up", "down", "flat", "new", "unknown"]
Tone = Literal["good", "bad", "flat"]

MINUS = "\u2212"
SYMBOLS = {"EUR": "€", "GBP": "£", "INR": "₹", "JPY": "¥", "USD": "$"}
NO_CHANGE = Decimal("0.0005")  # 0.05 %: up to here one decimal place prints 0.0
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
PAIRS = re.compile(r"(?<=\d)(?=(?:\d\d)+\d$)")  # 1,23,456
STEPS: dict[Grouping, list[tuple[Decimal, str]]] = {
    "in": [(Decimal(10) ** 3, "K"), (Decimal(10) ** 5, " L"), (Decimal(10) ** 7, " cr")],
    "west": [(Decimal(10) ** 3, "K"), (Decimal(10) ** 6, "M"), (Decimal(10) ** 9, "B")],
}


class MoneyStyle(TypedDict):
    """What a browser needs to know to write a currency as we do."""

    symbol: str
    grouping: Grouping
    decimals: int


class Change(NamedTuple):
    """A change against an earlier value, ready to be shown; `text` carries no sign."""

    direction: Direction
    text: str
    tone: Tone


def money_style(currency: str) -> MoneyStyle:
    """Return symbol (with its space, if any), grouping and decimal places of a currency."""
    return {
        "symbol": SYMBOLS.get(currency, f"{currency}\u00a0"),
        "grouping": "in" if currency == "INR" else "west",
        "decimals": minor_units(currency),
    }


def money(amount: Decimal, currency: str, *, places: int | None = None) -> str:
    """Write an amount in full; `places` other than the currency's own rounds half to even."""
    style = money_style(currency)
    decimals = style["decimals"] if places is None else places
    number = _number(amount, places=decimals, grouping=style["grouping"])
    return f"{_sign(number, amount)}{style['symbol']}{number}"


def compact_money(amount: Decimal, currency: str) -> str:
    """Write an amount for an axis or an aside: three digits or one decimal, and K, L, cr, M, B."""
    style = money_style(currency)
    number = _short(abs(amount), steps=STEPS[style["grouping"]], grouping=style["grouping"])
    return f"{_sign(number, amount)}{style['symbol']}{number}"


def integer(value: int, currency: str = "") -> str:
    """Write a count, grouped as the shop's currency is."""
    number = _number(Decimal(value), places=0, grouping=money_style(currency)["grouping"])
    return f"{_sign(number, value)}{number}"


def number(value: Decimal, currency: str = "") -> str:
    """Write so many for each of something, with two decimal places."""
    text = _number(value, places=2, grouping=money_style(currency)["grouping"])
    return f"{_sign(text, value)}{text}"


def percent(share: Decimal) -> str:
    """Write a fraction in percent with one decimal place."""
    number = _number(share * 100, places=1, grouping="west")
    return f"{_sign(number, share)}{number}%"


def points(difference: Decimal) -> str:
    """Write the difference of two fractions in percentage points with one decimal place."""
    return percent(difference).replace("%", " pp")


def change(
    current: Decimal | int | None,
    previous: Decimal | int | None,
    *,
    good_up: bool | None,
    points: bool = False,
) -> Change:
    """Compare two values: their growth, or with `points` the difference of two fractions.

    Parameters
    ----------
    good_up
        whether more is better; None for what is neither, which stays grey.
    """
    if current is None or previous is None:
        return Change("unknown", "—", "flat")
    difference = Decimal(current) - Decimal(previous)
    if difference and not previous and not points:
        return Change("new", "new", "flat")
    growth = difference if points or not difference else difference / abs(Decimal(previous))
    if abs(growth) <= NO_CHANGE:
        return Change("flat", "no change", "flat")
    text = percent(abs(growth))
    up = growth > 0
    tone: Tone = "flat" if good_up is None else "good" if up is good_up else "bad"
    return Change("up" if up else "down", text.replace("%", " pp") if points else text, tone)


def day(value: date, *, today: date) -> str:
    """Write a day: "4 Nov", with its year when that is not today's."""
    return _day_and_month(value) if value.year == today.year else _in_full(value)


def day_range(first: date, last: date, *, today: date) -> str:
    """Write the days from `first` to `last`, both included: "24 Oct – 22 Nov", "1 – 7 Jan"."""
    end = day(last, today=today)
    if first == last:
        return end
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} – {end}"
    if first.year == last.year:
        return f"{_day_and_month(first)} – {end}"
    return f"{_in_full(first)} – {_in_full(last)}"


def clock(moment: datetime | time) -> str:
    """Write the time of day of a shop-local moment: "3:12 pm"."""
    half = "am" if moment.hour < 12 else "pm"
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {half}"


def _day_and_month(value: date) -> str:
    return f"{value.day} {MONTHS[value.month - 1]}"


def _in_full(value: date) -> str:
    return f"{_day_and_month(value)} {value.year}"


def _number(value: Decimal, *, places: int, grouping: Grouping) -> str:
    rounded = abs(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN)
    if grouping == "west":
        return f"{rounded:,f}"
    whole, point, part = f"{rounded:f}".partition(".")
    return PAIRS.sub(",", whole) + point + part


def _sign(number: str, value: Decimal | int) -> str:
    """Return a minus for what is negative and was not rounded to zero."""
    return MINUS if value < 0 and number.strip("0.,") else ""


def _short(value: Decimal, *, steps: list[tuple[Decimal, str]], grouping: Grouping) -> str:
    unit, suffix = Decimal(1), ""
    for larger, letter in steps:
        if _rounded(value / unit) * unit < larger:
            break
        unit, suffix = larger, letter
    number = _rounded(value / unit)
    places = max(0, -int(number.normalize().as_tuple().exponent))
    return _number(number, places=places, grouping=grouping) + suffix


def _rounded(value: Decimal) -> Decimal:
    """Return no place from 100 on, one below, and two below 1, where one would say too little."""
    places = "1" if value >= 100 else "0.1" if value >= 1 else "0.01"
    return value.quantize(Decimal(places), ROUND_HALF_EVEN)
