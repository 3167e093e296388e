"""Figures that compare rows with each other, or days with earlier ones."""

from __future__ import annotations

from analytics.metric import Figure, Source, Unit

SHARE = Figure(
    key="share",
    label="Share",
    unit=Unit.SHARE,
    formula="Net sales of the row / those of all rows; of customers, taxes and returns likewise.",
    source=Source.FIGURES,
    additive=False,
)
GROWTH = Figure(
    key="growth",
    label="Growth",
    unit=Unit.SHARE,
    formula="(This - earlier) / |earlier|.",
    source=Source.FIGURES,
    additive=False,
)
POINTS = Figure(
    key="points",
    label="Difference of shares",
    unit=Unit.SHARE,
    formula="This - earlier, of figures that are shares themselves.",
    source=Source.FIGURES,
    additive=False,
)
ABC = Figure(
    key="abc",
    label="Class",
    unit=Unit.CLASS,
    formula=(
        "By gross sales, the greatest first: A up to 80 % of all, B up to 95 %, C the rest, U"
        " without a sale."
    ),
    source=Source.FIGURES,
    additive=False,
)
BRIDGE_ORDERS = Figure(
    key="orders",
    label="Change by orders",
    unit=Unit.MONEY,
    formula="(Orders now - orders then) x what an order came to then, before discounts.",
    report="bridge",
    additive=False,
)
BRIDGE_BASKET = Figure(
    key="basket",
    label="Change by baskets",
    unit=Unit.MONEY,
    formula="What orders came to now, before discounts, - then, less the part of orders.",
    report="bridge",
    additive=False,
)
BRIDGE_DISCOUNTS = Figure(
    key="discounts",
    label="Change by discounts",
    unit=Unit.MONEY,
    formula="Discounts now - discounts then.",
    report="bridge",
    additive=False,
)
BRIDGE_RETURNS = Figure(
    key="returns",
    label="Change by returns",
    unit=Unit.MONEY,
    formula="Returns now - returns then.",
    report="bridge",
    additive=False,
)
BRIDGE_EDITS = Figure(
    key="edits",
    label="Change by edits",
    unit=Unit.MONEY,
    formula="What edits and exchanges added now - then.",
    report="bridge",
    additive=False,
)

OF_BRIDGE = (BRIDGE_ORDERS, BRIDGE_BASKET, BRIDGE_DISCOUNTS, BRIDGE_RETURNS, BRIDGE_EDITS)
