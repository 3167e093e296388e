"""Figures of customers by when they ordered first."""

from __future__ import annotations

from analytics.metric import Figure, Source, Unit

COHORT_SIZE = Figure(
    key="size",
    label="Customers of the cohort",
    unit=Unit.COUNT,
    formula="Customers whose first order that counts was in this week, month or quarter.",
    report="cohorts",
    source=Source.CUSTOMERS,
    additive=False,
)
COHORT_ACTIVE = Figure(
    key="customers",
    label="Customers who ordered",
    unit=Unit.COUNT,
    formula="Customers of the cohort with an order in that week, month or quarter.",
    report="cohorts",
    source=Source.CUSTOMERS,
    additive=False,
)
RETENTION = Figure(
    key="retention",
    label="Retention",
    unit=Unit.SHARE,
    formula="Customers of the cohort who ordered in that one / all of the cohort.",
    report="cohorts",
    source=Source.CUSTOMERS,
    additive=False,
    above=("customers",),
    below=("size",),
)
COHORT_NET = Figure(
    key="netSales",
    label="Net sales of the cohort",
    unit=Unit.MONEY,
    formula="Net sales of that week, month or quarter with customers of the cohort.",
    report="cohorts",
    source=Source.LEDGER,
    additive=False,
)
VALUE_SO_FAR = Figure(
    key="netSalesPerCustomer",
    label="Net sales per customer so far",
    unit=Unit.MONEY,
    formula="Net sales of the cohort up to that one's end / its customers.",
    report="cohorts",
    source=Source.LEDGER,
    additive=False,
)

OF_COHORTS = (COHORT_ACTIVE, RETENTION, COHORT_NET, VALUE_SO_FAR)
