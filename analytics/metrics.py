"""Every metric, declared once: pages, REST, exports and docs/metrics.md say the same.

`formula` stands word for word in docs/metrics.md under the metric's label, and a test holds the
two together.
"""

from __future__ import annotations

from analytics.metric import Metric, Unit, average, quotient

NET = ("gross_sales", "discounts", "returns")

GROSS_SALES = Metric(
    key="grossSales",
    label="Gross sales",
    unit=Unit.MONEY,
    formula="What products were sold for, before discounts and tax.",
    of=lambda sums: sums.gross_sales,
    lines=("gross_sales",),
)
DISCOUNTS = Metric(
    key="discounts",
    label="Discounts",
    unit=Unit.MONEY,
    formula="What discount codes and automatic discounts took off products.",
    of=lambda sums: sums.discounts,
    lines=("discounts",),
    good_up=None,
    negative=True,
)
RETURNS = Metric(
    key="returns",
    label="Returns",
    unit=Unit.MONEY,
    formula="What was taken back of products, after their discounts, and adjustments of refunds.",
    of=lambda sums: sums.returns,
    lines=("returns",),
    good_up=False,
    negative=True,
)
NET_SALES = Metric(
    key="netSales",
    label="Net sales",
    unit=Unit.MONEY,
    formula="Gross sales + discounts + returns.",
    of=lambda sums: sums.net_sales,
    lines=NET,
)
SHIPPING = Metric(
    key="shipping",
    label="Shipping",
    unit=Unit.MONEY,
    formula="What shipping was charged, less its discounts and refunds.",
    of=lambda sums: sums.shipping,
    lines=("shipping",),
    good_up=None,
)
TAXES = Metric(
    key="taxes",
    label="Taxes",
    unit=Unit.MONEY,
    formula="Tax on everything that was sold, less tax given back.",
    of=lambda sums: sums.taxes,
    lines=("taxes",),
    good_up=None,
)
DUTIES = Metric(
    key="duties",
    label="Duties",
    unit=Unit.MONEY,
    formula="Import duties charged, less those given back.",
    of=lambda sums: sums.duties,
    lines=("duties",),
    good_up=None,
)
ADDITIONAL_FEES = Metric(
    key="additionalFees",
    label="Additional fees",
    unit=Unit.MONEY,
    formula="Other fees of orders and returns, less those given back.",
    of=lambda sums: sums.additional_fees,
    lines=("additional_fees",),
    good_up=None,
)
TOTAL_SALES = Metric(
    key="totalSales",
    label="Total sales",
    unit=Unit.MONEY,
    formula="Net sales + shipping + taxes + duties + additional fees.",
    of=lambda sums: sums.total_sales,
    lines=(*NET, "shipping", "taxes", "duties", "additional_fees"),
)
TIPS = Metric(
    key="tips",
    label="Tips",
    unit=Unit.MONEY,
    formula="Tips, apart from all sales.",
    of=lambda sums: sums.tips,
    lines=("tips",),
)
GIFT_CARDS_SOLD = Metric(
    key="giftCardsSold",
    label="Gift cards sold",
    unit=Unit.MONEY,
    formula="What gift cards were sold for, apart from all sales.",
    of=lambda sums: sums.gift_cards_sold,
    lines=("gift_cards_sold",),
)
ORDERS = Metric(
    key="orders",
    label="Orders",
    unit=Unit.COUNT,
    formula="Orders placed that hold more than gift cards and tips; tests are left out.",
    of=lambda sums: sums.orders,
)
AVERAGE_ORDER_VALUE = Metric(
    key="averageOrderValue",
    label="Average order",
    unit=Unit.MONEY,
    formula="Gross sales and discounts of orders as they were placed / orders.",
    of=lambda sums: average(sums.order_value, sums.orders),
    additive=False,
)
UNITS = Metric(
    key="units",
    label="Units sold",
    unit=Unit.COUNT,
    formula="Pieces of products sold; tips and gift cards are none.",
    of=lambda sums: sums.units,
    lines=("units",),
)
UNITS_RETURNED = Metric(
    key="unitsReturned",
    label="Units returned",
    unit=Unit.COUNT,
    formula="Pieces of products taken back.",
    of=lambda sums: sums.units_returned,
    lines=("units_returned",),
    good_up=False,
)
NEW_CUSTOMERS = Metric(
    key="newCustomers",
    label="New customers",
    unit=Unit.COUNT,
    formula="Customers whose first order this is.",
    of=lambda sums: sums.new_customers,
)
CUSTOMERS = Metric(
    key="customers",
    label="Customers",
    unit=Unit.COUNT,
    formula="Different customers with an order in the window.",
    of=lambda sums: sums.customers,
    additive=False,
    of_days=False,
)
RETURNING_CUSTOMERS = Metric(
    key="returningCustomers",
    label="Returning customers",
    unit=Unit.COUNT,
    formula="Customers with an order in the window who by its end have two or more in all.",
    of=lambda sums: sums.returning_customers,
    additive=False,
    of_days=False,
)
RETURNING_ORDERS = Metric(
    key="returningOrders",
    label="Returning orders",
    unit=Unit.SHARE,
    formula="Orders that are not their customer's first / orders.",
    of=lambda sums: quotient(sums.returning_orders, sums.orders),
    additive=False,
)
REPEAT_CUSTOMERS = Metric(
    key="repeatCustomers",
    label="Repeat customers",
    unit=Unit.COUNT,
    formula="Customers with two or more orders in the window.",
    of=lambda sums: sums.repeat_customers,
    additive=False,
    of_days=False,
)
RETURNING_CUSTOMER_RATE = Metric(
    key="returningCustomerRate",
    label="Returning customer rate",
    unit=Unit.SHARE,
    formula="Returning customers / customers.",
    of=lambda sums: quotient(sums.returning_customers, sums.customers),
    additive=False,
    of_days=False,
)
REPEAT_PURCHASE_RATE = Metric(
    key="repeatPurchaseRate",
    label="Repeat purchase rate",
    unit=Unit.SHARE,
    formula="Repeat customers / customers.",
    of=lambda sums: quotient(sums.repeat_customers, sums.customers),
    additive=False,
    of_days=False,
)
UNITS_PER_ORDER = Metric(
    key="unitsPerOrder",
    label="Units per order",
    unit=Unit.NUMBER,
    formula="(Units sold - units returned) / orders.",
    of=lambda sums: quotient(sums.units - sums.units_returned, sums.orders),
    additive=False,
)
RETURNED_VALUE = Metric(
    key="returnedValue",
    label="Returned value",
    unit=Unit.SHARE,
    formula="Returns, as a positive amount / (gross sales + discounts).",
    of=lambda sums: quotient(-sums.returns, sums.gross_sales + sums.discounts),
    additive=False,
    good_up=False,
)
CHECKOUT_COMPLETED = Metric(
    key="checkoutCompleted",
    label="Checkout completed",
    unit=Unit.SHARE,
    formula=(
        "Online checkouts completed / (those + checkouts with an e-mail or phone that were still"
        " open after 10 minutes)."
    ),
    of=lambda sums: quotient(
        sums.checkouts_completed, sums.checkouts_completed + sums.checkouts_abandoned
    ),
    additive=False,
)

METRICS = {
    metric.key: metric
    for metric in (
        *(GROSS_SALES, DISCOUNTS, RETURNS, NET_SALES, SHIPPING, TAXES, DUTIES, ADDITIONAL_FEES),
        *(TOTAL_SALES, TIPS, GIFT_CARDS_SOLD, ORDERS, AVERAGE_ORDER_VALUE, UNITS, UNITS_RETURNED),
        *(CUSTOMERS, NEW_CUSTOMERS, RETURNING_CUSTOMERS),
        *(RETURNING_ORDERS, RETURNED_VALUE, CHECKOUT_COMPLETED),
        *(REPEAT_CUSTOMERS, RETURNING_CUSTOMER_RATE, REPEAT_PURCHASE_RATE, UNITS_PER_ORDER),
    )
}
STATEMENT = (
    *(GROSS_SALES, DISCOUNTS, RETURNS, NET_SALES, SHIPPING, TAXES, DUTIES, ADDITIONAL_FEES),
    *(TOTAL_SALES, TIPS, GIFT_CARDS_SOLD, ORDERS, UNITS, UNITS_RETURNED, AVERAGE_ORDER_VALUE),
    *(CUSTOMERS, NEW_CUSTOMERS, RETURNING_CUSTOMERS),
)  # S of the HTTP contract
PROVABLE = {key: metric for key, metric in METRICS.items() if metric.lines}
