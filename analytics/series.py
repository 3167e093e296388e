"""Which earlier days stand behind which bucket of a series."""

from __future__ import annotations

from itertools import zip_longest

from analytics.enums import Grain
from analytics.periods import Period

Pair = tuple[Period | None, Period | None]


def paired(period: Period, earlier: Period | None, grain: Grain) -> list[Pair]:
    """Return each bucket of `period` with its counterpart, by position from the first day on.

    Every day of both periods is in exactly one pair. Days that only the earlier period has are
    pairs of their own, or with wider buckets part of the last one. Calendar months go with
    calendar months.
    """
    buckets = period.buckets(grain)
    if earlier is None:
        return [(bucket, None) for bucket in buckets]
    if grain is Grain.DAY or (grain is Grain.MONTH and period.first.day == earlier.first.day == 1):
        return list(zip_longest(buckets, earlier.buckets(grain)))
    pairs: list[Pair] = [(bucket, _counterpart(bucket, period, earlier)) for bucket in buckets]
    return [*pairs[:-1], (pairs[-1][0], _rest(pairs[-1][1], earlier))]


def _counterpart(bucket: Period, period: Period, earlier: Period) -> Period | None:
    shift = earlier.first - period.first
    first, last = bucket.first + shift, min(bucket.last + shift, earlier.last)
    return Period(first, last) if first <= last else None


def _rest(last: Period | None, earlier: Period) -> Period | None:
    """Return the last counterpart, up to the end of the earlier period."""
    return Period(last.first, earlier.last) if last else None
