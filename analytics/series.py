"""Which earlier days stand behind which bucket of a series."""

from __future__ import annotations

from itertools import zip_longest

from analytics.enums import Grain
from analytics.periods import MONTHS, Period

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
    if grain in (Grain.HOUR, Grain.DAY) or all(_begins(each, grain) for each in (period, earlier)):
        return list(zip_longest(buckets, earlier.buckets(grain)))
    pairs: list[Pair] = [(bucket, _counterpart(bucket, period, earlier)) for bucket in buckets]
    return [*pairs[:-1], (pairs[-1][0], _rest(pairs[-1][1], earlier))]


def _begins(period: Period, grain: Grain) -> bool:
    """Tell whether a period begins with a whole month, quarter or year; of weeks, never."""
    months = MONTHS.get(grain)
    if months is None:
        return False
    return period.first.day == 1 and (period.first.month - 1) % months == 0


def _counterpart(bucket: Period, period: Period, earlier: Period) -> Period | None:
    shift = earlier.first - period.first
    first, last = bucket.first + shift, min(bucket.last + shift, earlier.last)
    return Period(first, last) if first <= last else None


def _rest(last: Period | None, earlier: Period) -> Period | None:
    """Return the last counterpart, up to the end of the earlier period."""
    return Period(last.first, earlier.last) if last else None
