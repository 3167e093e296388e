"""Figures that are no sums over days, each declared once, by the report that it belongs to.

`formula` stands word for word in docs/metrics.md under the figure's label, as that of a metric.
"""

from __future__ import annotations

from analytics.figures.carts import OF_CARTS
from analytics.figures.cohorts import COHORT_SIZE, OF_COHORTS
from analytics.figures.comparing import ABC, GROWTH, OF_BRIDGE, POINTS, SHARE
from analytics.figures.fulfilment import OF_FULFILMENT
from analytics.figures.groups import OF_RFM, OF_SEGMENTS, SEGMENTS
from analytics.figures.stock import OF_STOCK

__all__ = [
    "ABC",
    "COHORT_SIZE",
    "FIGURES",
    "GROWTH",
    "OF_BRIDGE",
    "OF_CARTS",
    "OF_COHORTS",
    "OF_FULFILMENT",
    "OF_RFM",
    "OF_SEGMENTS",
    "OF_STOCK",
    "POINTS",
    "SEGMENTS",
    "SHARE",
]

FIGURES = (
    *(SHARE, GROWTH, POINTS, ABC, *OF_BRIDGE),
    *(*OF_FULFILMENT, *OF_CARTS, *OF_STOCK, COHORT_SIZE, *OF_COHORTS, *OF_RFM),
    *(*SEGMENTS, *OF_SEGMENTS),
)
