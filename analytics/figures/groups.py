"""Figures of groups of customers."""

from __future__ import annotations

from analytics.metric import Figure, Source, Unit

RFM_CUSTOMERS = Figure(
    key="customers",
    label="Customers of the cell or group",
    unit=Unit.COUNT,
    formula=(
        "Customers with an order by the fifth of their last order, the band of their orders and the"
        " fifth of their net sales."
    ),
    report="rfm",
    source=Source.CUSTOMERS,
    additive=False,
)
RFM_NET = Figure(
    key="netSales",
    label="Net sales of the cell or group",
    unit=Unit.MONEY,
    formula="Net sales of all time with its customers.",
    report="rfm",
    source=Source.CUSTOMERS,
    additive=False,
)
HIGH_VALUE = Figure(
    key="highValue",
    label="High value",
    unit=Unit.COUNT,
    formula=(
        "Customers who are not new and brought more net sales than four fifths of the shop's"
        " customers with an order at most did."
    ),
    report="segments",
    source=Source.CUSTOMERS,
    additive=False,
)
REGULAR = Figure(
    key="regular",
    label="Regular",
    unit=Unit.COUNT,
    formula="Customers who are neither new, nor of high or low value.",
    report="segments",
    source=Source.CUSTOMERS,
    additive=False,
)
NEW = Figure(
    key="new",
    label="New",
    unit=Unit.COUNT,
    formula=(
        "Customers whose first order, or without one whose record, is of the last 30 days, today"
        " included."
    ),
    report="segments",
    source=Source.CUSTOMERS,
    additive=False,
)
LOW_VALUE = Figure(
    key="lowValue",
    label="Low value",
    unit=Unit.COUNT,
    formula=(
        "Customers who are not new and have not ordered, or brought less net sales than the lowest"
        " fifth ends with."
    ),
    report="segments",
    source=Source.CUSTOMERS,
    additive=False,
)
SEGMENT_CUSTOMERS = Figure(
    key="customers",
    label="Customers of the segment",
    unit=Unit.COUNT,
    formula="Customers by the four rules; each is in one segment.",
    report="segments",
    source=Source.CUSTOMERS,
    additive=False,
)
SEGMENT_NET = Figure(
    key="netSales",
    label="Net sales of the segment",
    unit=Unit.MONEY,
    formula="Net sales of all time with its customers.",
    report="segments",
    source=Source.CUSTOMERS,
    additive=False,
)

OF_RFM = (RFM_CUSTOMERS, RFM_NET)
SEGMENTS = (HIGH_VALUE, REGULAR, NEW, LOW_VALUE)
OF_SEGMENTS = (SEGMENT_CUSTOMERS, SEGMENT_NET)
