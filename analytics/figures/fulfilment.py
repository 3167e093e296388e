"""Figures of what still has to be sent, and of how long orders took."""

from __future__ import annotations

from analytics.metric import Figure, Source, Unit

OPEN = Figure(
    key="open",
    label="Open orders",
    unit=Unit.COUNT,
    formula="Orders not yet fulfilled in full, neither cancelled nor closed.",
    report="fulfillment",
    source=Source.ORDERS,
    additive=False,
)
FRESH = Figure(
    key="fresh",
    label="Open up to 24 hours",
    unit=Unit.COUNT,
    formula="Orders not yet fulfilled in full, neither cancelled nor closed, of the last 24 hours.",
    report="fulfillment",
    source=Source.ORDERS,
    additive=False,
)
WAITING = Figure(
    key="waiting",
    label="Open 24 to 48 hours",
    unit=Unit.COUNT,
    formula="Such orders that are 24 to 48 hours old.",
    report="fulfillment",
    source=Source.ORDERS,
    additive=False,
)
LATE = Figure(
    key="late",
    label="Open more than 48 hours",
    unit=Unit.COUNT,
    formula="Such orders that are older than 48 hours.",
    report="fulfillment",
    source=Source.ORDERS,
    additive=False,
)
PARTIAL = Figure(
    key="partial",
    label="Partly sent",
    unit=Unit.COUNT,
    formula="Such orders of which a part was fulfilled.",
    report="fulfillment",
    source=Source.ORDERS,
    additive=False,
)
FULFILLED = Figure(
    key="fulfilled",
    label="Sent",
    unit=Unit.COUNT,
    formula="Orders of the window of which a parcel has left.",
    report="fulfillment",
    source=Source.PARCELS,
)
DELIVERED = Figure(
    key="delivered",
    label="Delivered",
    unit=Unit.COUNT,
    formula="Orders of the window of which a parcel has arrived.",
    report="fulfillment",
    source=Source.PARCELS,
)
MEDIAN_HOURS = Figure(
    key="medianHours",
    label="Median hours",
    unit=Unit.NUMBER,
    formula="Hours from order to first parcel that half of these orders took at most.",
    report="fulfillment",
    source=Source.PARCELS,
    additive=False,
)
P90_HOURS = Figure(
    key="p90Hours",
    label="90th percentile of hours",
    unit=Unit.NUMBER,
    formula="Hours from order to first parcel that nine tenths of these orders took at most.",
    report="fulfillment",
    source=Source.PARCELS,
    additive=False,
)
MEDIAN_DELIVERY_HOURS = Figure(
    key="medianHoursToDelivery",
    label="Median hours to delivery",
    unit=Unit.NUMBER,
    formula="Hours from order to the first delivery that half of these orders took at most.",
    report="fulfillment",
    source=Source.PARCELS,
    additive=False,
)
P90_DELIVERY_HOURS = Figure(
    key="p90HoursToDelivery",
    label="90th percentile of hours to delivery",
    unit=Unit.NUMBER,
    formula="Hours from order to the first delivery that nine tenths of these orders took at most.",
    report="fulfillment",
    source=Source.PARCELS,
    additive=False,
)

OF_AGES = (OPEN, FRESH, WAITING, LATE, PARTIAL)
OF_TIMES = (MEDIAN_HOURS, P90_HOURS)
OF_PERIOD = (FULFILLED, DELIVERED, *OF_TIMES, MEDIAN_DELIVERY_HOURS, P90_DELIVERY_HOURS)
OF_FULFILMENT = (*OF_AGES, *OF_PERIOD)
