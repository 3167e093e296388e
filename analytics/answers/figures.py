"""Figures of reports that are no sums over the ledger, each declared once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from analytics.metric import Unit

Values = Mapping[str, Any]
HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure; `formula` stands word for word in docs/metrics.md, and a test holds that.

    `additive` tells whether the values of two windows may be added; `version` rises when the
    meaning changes.
    """

    key: str
    label: str
    unit: Unit
    formula: str
    additive: bool = False
    version: int = 1


def hundredths(value: Decimal | None) -> Decimal | None:
    """Return hours, days or pieces to the hundredth."""
    return value if value is None else value.quantize(HUNDREDTH)


def picked(figures: Iterable[Figure], found: Values) -> list[Any]:
    """Return the cells of one row."""
    return [found[figure.key] for figure in figures]


FRESH = Figure(
    key="fresh",
    label="Open up to 24 hours",
    unit=Unit.COUNT,
    formula="Orders not yet fulfilled in full, neither cancelled nor closed, of the last 24 hours.",
)
WAITING = Figure(
    key="waiting",
    label="Open 24 to 48 hours",
    unit=Unit.COUNT,
    formula="Such orders that are 24 to 48 hours old.",
)
LATE = Figure(
    key="late",
    label="Open more than 48 hours",
    unit=Unit.COUNT,
    formula="Such orders that are older than 48 hours.",
)
PARTIAL = Figure(
    key="partial",
    label="Partly sent",
    unit=Unit.COUNT,
    formula="Such orders of which a part was fulfilled.",
)
FULFILLED = Figure(
    key="fulfilled",
    label="Sent",
    unit=Unit.COUNT,
    formula="Orders of the window of which a parcel has left.",
    additive=True,
)
DELIVERED = Figure(
    key="delivered",
    label="Delivered",
    unit=Unit.COUNT,
    formula="Orders of the window of which a parcel has arrived.",
    additive=True,
)
MEDIAN_HOURS = Figure(
    key="medianHours",
    label="Median hours",
    unit=Unit.NUMBER,
    formula="Hours from order to first parcel that half of these orders took at most.",
)
P90_HOURS = Figure(
    key="p90Hours",
    label="90th percentile of hours",
    unit=Unit.NUMBER,
    formula="Hours from order to first parcel that nine tenths of these orders took at most.",
)
ABANDONED = Figure(
    key="abandoned",
    label="Abandoned carts",
    unit=Unit.COUNT,
    formula="Online checkouts with an e-mail or phone that are open after 10 minutes.",
    additive=True,
)
ABANDONED_VALUE = Figure(
    key="abandonedValue",
    label="Value of abandoned carts",
    unit=Unit.MONEY,
    formula="The total prices of abandoned carts.",
    additive=True,
)
WITH_EMAIL = Figure(
    key="withEmail",
    label="Abandoned with an e-mail",
    unit=Unit.COUNT,
    formula="Abandoned carts whose buyer can be written to.",
    additive=True,
)
RECOVERED = Figure(
    key="recovered",
    label="Recovered carts",
    unit=Unit.COUNT,
    formula="Online checkouts with an e-mail or phone completed after more than 10 minutes.",
    additive=True,
)
RECOVERED_VALUE = Figure(
    key="recoveredValue",
    label="Value of recovered carts",
    unit=Unit.MONEY,
    formula="The total prices of recovered carts.",
    additive=True,
)
COMPLETED = Figure(
    key="completed",
    label="Completed checkouts",
    unit=Unit.COUNT,
    formula="Online checkouts that became orders.",
    additive=True,
)
RECOVERY_RATE = Figure(
    key="recoveryRate",
    label="Recovery rate",
    unit=Unit.SHARE,
    formula="Recovered carts / (recovered + abandoned carts).",
)
STOCK = Figure(
    key="stock",
    label="Stock",
    unit=Unit.COUNT,
    formula="Pieces that Shopify says are there now.",
)
SELL_THROUGH = Figure(
    key="sellThrough",
    label="Sell-through rate",
    unit=Unit.SHARE,
    formula="Units sold / (units sold + stock).",
)
UNITS_PER_DAY = Figure(
    key="unitsPerDay",
    label="Units sold per day",
    unit=Unit.NUMBER,
    formula="Units sold / days of the window since the product was created.",
)
DAYS_OF_STOCK = Figure(
    key="daysOfStock",
    label="Days of stock",
    unit=Unit.NUMBER,
    formula="Stock / units sold per day.",
)
COHORT_SIZE = Figure(
    key="size",
    label="Customers of the cohort",
    unit=Unit.COUNT,
    formula="Customers whose first order that counts was in this month.",
)
COHORT_ACTIVE = Figure(
    key="customers",
    label="Customers who ordered",
    unit=Unit.COUNT,
    formula="Customers of the cohort with an order in that month.",
)
RETENTION = Figure(
    key="retention",
    label="Retention",
    unit=Unit.SHARE,
    formula="Customers of the cohort who ordered in that month / all of the cohort.",
)
COHORT_NET = Figure(
    key="netSales",
    label="Net sales of the cohort",
    unit=Unit.MONEY,
    formula="Net sales of that month with customers of the cohort.",
)
VALUE_SO_FAR = Figure(
    key="netSalesPerCustomer",
    label="Net sales per customer so far",
    unit=Unit.MONEY,
    formula="Net sales of the cohort up to that month / its customers.",
)
RFM_CUSTOMERS = Figure(
    key="customers",
    label="Customers of the cell",
    unit=Unit.COUNT,
    formula="Customers by the fifth of their last order and the band of their orders.",
)
RFM_NET = Figure(
    key="netSales",
    label="Net sales of the cell",
    unit=Unit.MONEY,
    formula="Net sales of all time with customers of the cell.",
)

OF_TIMES = (MEDIAN_HOURS, P90_HOURS)
OF_CARTS = (
    *(ABANDONED, ABANDONED_VALUE, WITH_EMAIL, RECOVERED, RECOVERED_VALUE, COMPLETED),
    RECOVERY_RATE,
)
OF_STOCK = (STOCK, SELL_THROUGH, UNITS_PER_DAY, DAYS_OF_STOCK)
OF_COHORTS = (COHORT_ACTIVE, RETENTION, COHORT_NET, VALUE_SO_FAR)
OF_RFM = (RFM_CUSTOMERS, RFM_NET)
FIGURES = (
    *(FRESH, WAITING, LATE, PARTIAL, FULFILLED, DELIVERED, *OF_TIMES),
    *(*OF_CARTS, *OF_STOCK, COHORT_SIZE, *OF_COHORTS, *OF_RFM),
)
