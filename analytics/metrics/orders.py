"""Metrics of orders and of checkouts that may become some."""

from __future__ import annotations

from analytics.metric import Metric, Source, Unit, average, quotient

ORDERS = Metric(
    key="orders",
    label="Orders",
    unit=Unit.COUNT,
    formula="Orders placed that hold more than gift cards and tips; tests are left out.",
    source=Source.ORDERS,
    of=lambda sums: sums.orders,
)
ORDER_VALUE = Metric(
    key="orderValue",
    label="Value of orders",
    unit=Unit.MONEY,
    formula="Gross sales and discounts of orders as they were placed.",
    of=lambda sums: sums.order_value,
    lines=("order_value",),
)
AVERAGE_ORDER_VALUE = Metric(
    key="averageOrderValue",
    label="Average order",
    unit=Unit.MONEY,
    formula="Gross sales and discounts of orders as they were placed / orders.",
    of=lambda sums: average(sums.order_value, sums.orders),
    additive=False,
    above=("orderValue",),
    below=("orders",),
)
LATER_ORDERS = Metric(
    key="laterOrders",
    label="Later orders",
    unit=Unit.COUNT,
    formula="Orders that are not their customer's first.",
    source=Source.ORDERS,
    of=lambda sums: sums.returning_orders,
)
RETURNING_ORDERS = Metric(
    key="returningOrders",
    label="Returning orders",
    unit=Unit.SHARE,
    formula="Orders that are not their customer's first / orders.",
    source=Source.ORDERS,
    of=lambda sums: quotient(sums.returning_orders, sums.orders),
    additive=False,
    above=("laterOrders",),
    below=("orders",),
)
UNITS_PER_ORDER = Metric(
    key="unitsPerOrder",
    label="Units per order",
    unit=Unit.NUMBER,
    formula="(Units sold - units returned) / orders.",
    of=lambda sums: quotient(sums.units - sums.units_returned, sums.orders),
    additive=False,
    above=("netQuantity",),
    below=("orders",),
)
CHECKOUT_COMPLETED = Metric(
    key="checkoutCompleted",
    label="Checkout completed",
    unit=Unit.SHARE,
    formula=(
        "Online checkouts completed / (those + checkouts with an e-mail or phone that were still"
        " open after 10 minutes)."
    ),
    source=Source.CHECKOUTS,
    of=lambda sums: quotient(
        sums.checkouts_completed, sums.checkouts_completed + sums.checkouts_abandoned
    ),
    additive=False,
    above=("completed",),
    below=("completed", "abandoned"),
)
CHECKOUT_ABANDONMENT = Metric(
    key="checkoutAbandonment",
    label="Checkout abandonment",
    unit=Unit.SHARE,
    formula=(
        "Online checkouts with an e-mail or phone that were still open after 10 minutes / (those"
        " + completed ones)."
    ),
    source=Source.CHECKOUTS,
    of=lambda sums: quotient(
        sums.checkouts_abandoned, sums.checkouts_completed + sums.checkouts_abandoned
    ),
    additive=False,
    good_up=False,
    above=("abandoned",),
    below=("completed", "abandoned"),
)
