"""How long deliveries took, in buckets that grow by a tenth: percentiles of any number of them.

A bucket holds what took up to `EDGES[bucket]` milliseconds and longer than the edge before it.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from datetime import timedelta

_LONGEST = 31 * 24 * 3600 * 1000  # milliseconds
_MILLISECOND = timedelta(milliseconds=1)


def _edges() -> list[int]:
    edges = [1]
    while edges[-1] < _LONGEST:
        edges.append(max(edges[-1] + 1, edges[-1] * 11 // 10))
    return edges


EDGES = _edges()


def bucket_of(lag: timedelta) -> int:
    """Return the bucket of a lag; the last one also holds what took longer."""
    return min(bisect_left(EDGES, max(0, lag // _MILLISECOND)), len(EDGES) - 1)


def percentile(counts: Mapping[int, int], percent: int) -> int | None:
    """Return how many milliseconds `percent` of a hundred took at most; None of no deliveries.

    `counts` are deliveries by bucket. The answer is an edge, so up to a tenth too long.
    """
    total = sum(counts.values())
    rank = -(-total * percent // 100)
    reached = 0
    for bucket in sorted(counts):
        reached += counts[bucket]
        if counts[bucket] and reached >= rank:
            return EDGES[min(bucket, len(EDGES) - 1)]
    return None
