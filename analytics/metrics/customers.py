"""Metrics of who bought."""

from __future__ import annotations

from analytics.metric import Metric, Source, Unit, quotient

NEW_CUSTOMERS = Metric(
    key="newCustomers",
    label="New customers",
    unit=Unit.COUNT,
    formula="Customers whose first order this is.",
    source=Source.CUSTOMERS,
    of=lambda sums: sums.new_customers,
)
CUSTOMERS = Metric(
    key="customers",
    label="Customers",
    unit=Unit.COUNT,
    formula="Different customers with an order in the window.",
    source=Source.CUSTOMERS,
    of=lambda sums: sums.customers,
    additive=False,
    of_days=False,
)
RETURNING_CUSTOMERS = Metric(
    key="returningCustomers",
    label="Returning customers",
    unit=Unit.COUNT,
    formula="Customers with an order in the window who by its end have two or more in all.",
    source=Source.CUSTOMERS,
    of=lambda sums: sums.returning_customers,
    additive=False,
    of_days=False,
)
REPEAT_CUSTOMERS = Metric(
    key="repeatCustomers",
    label="Repeat customers",
    unit=Unit.COUNT,
    formula="Customers with two or more orders in the window.",
    source=Source.CUSTOMERS,
    of=lambda sums: sums.repeat_customers,
    additive=False,
    of_days=False,
)
RETURNING_CUSTOMER_RATE = Metric(
    key="returningCustomerRate",
    label="Returning customer rate",
    unit=Unit.SHARE,
    formula="Customers of the window who by its end have two or more orders / its customers.",
    source=Source.CUSTOMERS,
    of=lambda sums: quotient(sums.returning_customers, sums.customers),
    additive=False,
    above=("returningCustomers",),
    below=("customers",),
    of_days=False,
)
REPEAT_PURCHASE_RATE = Metric(
    key="repeatPurchaseRate",
    label="Repeat purchase rate",
    unit=Unit.SHARE,
    formula="Customers with two or more orders in the window / its customers.",
    source=Source.CUSTOMERS,
    of=lambda sums: quotient(sums.repeat_customers, sums.customers),
    additive=False,
    above=("repeatCustomers",),
    below=("customers",),
    of_days=False,
)
