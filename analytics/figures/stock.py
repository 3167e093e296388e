"""Figures of what is left of products and variants."""

from __future__ import annotations

from analytics.metric import Figure, Source, Unit

STOCK = Figure(
    key="stock",
    label="Stock",
    unit=Unit.COUNT,
    formula="Pieces that Shopify says are there now.",
    report="inventory",
    source=Source.STOCK,
    additive=False,
)
SELL_THROUGH = Figure(
    key="sellThrough",
    label="Sell-through rate",
    unit=Unit.SHARE,
    formula="Units sold / (units sold + stock).",
    report="inventory",
    source=Source.STOCK,
    additive=False,
    above=("units",),
    below=("units", "stock"),
)
UNITS_PER_DAY = Figure(
    key="unitsPerDay",
    label="Units sold per day",
    unit=Unit.NUMBER,
    formula="Units sold / days of the window since the product was created.",
    report="inventory",
    source=Source.LEDGER,
    additive=False,
)
DAYS_OF_STOCK = Figure(
    key="daysOfStock",
    label="Days of stock",
    unit=Unit.NUMBER,
    formula="Stock / units sold per day.",
    report="inventory",
    source=Source.STOCK,
    additive=False,
)

OF_STOCK = (STOCK, SELL_THROUGH, UNITS_PER_DAY, DAYS_OF_STOCK)
