"""What a figure is: a name, a formula in words, a unit, its source and a version."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum

from analytics.sums import Sums
from xenofy.common.money import from_minor

Value = Decimal | int | None


class Unit(StrEnum):
    """What a metric counts."""

    MONEY = "money"  # Decimal in units of the currency
    COUNT = "count"  # int
    SHARE = "share"  # Decimal, a fraction of 1; differences are percentage points
    NUMBER = "number"  # Decimal, so many for each of something
    CLASS = "class"  # a letter


class Source(StrEnum):
    """The rows that a figure counts, adds up or is looked up in."""

    LEDGER = "ledger rows"
    ORDERS = "orders"
    CUSTOMERS = "customers"
    CHECKOUTS = "checkouts"
    PARCELS = "parcels"
    STOCK = "stock levels"
    FIGURES = "other figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What is said of every figure; `formula` stands word for word in docs/metrics.md.

    Parameters
    ----------
    additive
        whether the values of two windows may be added.
    negative
        whether it is stored negative; its growth is then the growth of its size.
    above, below
        of a quotient, the keys of the figures whose sums are divided by each other, by their
        size; so its rows are those of theirs.
    version
        rises when the meaning of the figure changes.
    """

    key: str
    label: str
    unit: Unit
    formula: str
    source: Source = Source.LEDGER
    additive: bool = True
    negative: bool = False
    above: tuple[str, ...] = ()
    below: tuple[str, ...] = ()
    version: int = 1

    @property
    def anchor(self) -> str:
        """Return where docs/metrics.md explains it."""
        return f"docs/metrics.md#{self.label.lower().replace(' ', '-')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure(Declared):
    """A figure that is no function of `Sums`; `report` is the one that it belongs to."""

    report: str = ""  # several, where it is empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric(Declared):
    """A function of sums.

    Parameters
    ----------
    of
        computes it from sums: minor units of money, a count or a fraction; None where it is not
        known or means nothing.
    good_up
        whether more is better; None for what is neither.
    lines
        what it adds up row by row: names that `ledger_rows` knows the terms of; none where it is
        no sum over ledger rows.
    of_days
        whether it follows from the sums of days; else the whole window has to be looked at.
    """

    of: Callable[[Sums], Value]
    good_up: bool | None = True
    lines: tuple[str, ...] = ()
    of_days: bool = True

    def value(self, sums: Sums, currency: str) -> Value:
        """Return the figure of some sums, money with exactly the currency's decimal places."""
        value = self.of(sums)
        if self.unit is Unit.MONEY and value is not None:
            return from_minor(int(value), currency)
        return value


def quotient(above: int, below: int) -> Decimal | None:
    """Return one count for each of another; None where there is none of that."""
    return Decimal(above) / below if below else None


def average(amount: int, count: int) -> int | None:
    """Return the average of an amount, rounded half up to the minor unit."""
    if not count:
        return None
    return int((Decimal(amount) / count).to_integral_value(ROUND_HALF_UP))
