"""The few fixed choices that reports are asked with."""

from __future__ import annotations

from django.db import models


class Grain(models.TextChoices):
    """How wide a bucket of a series is."""

    HOUR = "hour"  # of a shop-local day
    DAY = "day"
    WEEK = "week"  # from Monday
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class Preset(models.TextChoices):
    """A period by its name; what it means today is in `periods.preset_period`."""

    TODAY = "today", "Today"
    YESTERDAY = "yesterday", "Yesterday"
    DAYS_7 = "7d", "Last 7 days"
    DAYS_30 = "30d", "Last 30 days"
    DAYS_90 = "90d", "Last 90 days"
    MONTH = "mtd", "Month to date"
    LAST_MONTH = "last_month", "Last month"
    QUARTER = "qtd", "Quarter to date"
    YEAR = "ytd", "Year to date"
    MONTHS_12 = "12m", "Last 12 months"
    FINANCIAL_YEAR = "fy", "Financial year to date"
    ALL = "all", "All time"
    CUSTOM = "custom", "Chosen days"


class Comparison(models.TextChoices):
    """Which earlier days a period is compared with."""

    NONE = "none", "Nothing"
    PREVIOUS = "previous", "The days before"
    YEAR = "year", "Same dates a year ago"
    WEEKDAYS = "weekdays", "Same weekdays a year ago"  # 364 days back


class Dimension(models.TextChoices):
    """What the sales of a day are split by."""

    TOTAL = "total"
    CHANNEL = "channel"
    COUNTRY = "country"
    REGION = "region"
    DISCOUNT_CODE = "discount_code"
    GATEWAY = "gateway"
    HOUR = "hour"
    TAX_RATE = "tax_rate"
    REFUND_REASON = "refund_reason"
    NEW_OR_RETURNING = "new_or_returning"
    VENDOR = "vendor"
    PRODUCT_TYPE = "product_type"


class Part(models.TextChoices):
    """Which rows of the ledger a rollup row sums.

    Reversals stand twice: on the day on which they happened and on their order's own day. A
    report adds additions and one of the two, so that both lenses are one sum.
    """

    ADDITION = "addition"
    REVERSAL = "reversal"
    REVERSAL_BY_ORDER_DAY = "reversal_by_order_day"


class Lens(models.TextChoices):
    """On which day a reversal counts."""

    EVENT = "event"  # the day on which it happened, as Shopify's reports do
    ORDER = "order"  # the day of the order that it reverses

    @property
    def parts(self) -> list[str]:
        """Return the parts of the rollups that this lens adds up."""
        reversal = Part.REVERSAL if self is Lens.EVENT else Part.REVERSAL_BY_ORDER_DAY
        return [Part.ADDITION, reversal]
