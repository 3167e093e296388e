"""The few fixed choices that reports are asked with."""

from __future__ import annotations

from django.db import models


class Grain(models.TextChoices):
    """How wide a bucket of a series is."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


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
