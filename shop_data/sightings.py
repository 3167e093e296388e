"""When units of an order's lines were first seen, and what each unit's moment follows from."""

from __future__ import annotations

from datetime import datetime

from shop_data.changes import moment_of

Units = dict[str, int]  # key -> number of units
Moments = dict[str, int]  # number of units (as JSON key) -> earliest microsecond at which seen


def note(seen: dict[str, Moments], counts: Units, at: int) -> None:
    """Keep the earliest moment at which each line had each number of units."""
    for key, count in counts.items():
        if count:
            moments = seen.setdefault(key, {})
            moments[str(count)] = min(moments.get(str(count), at), at)


def spread(
    units: int, below: int, named: list[tuple[int, int]], seen: Moments
) -> dict[datetime, int]:
    """Give each of `units` its moment: that of the edit that names it, else of the first sight.

    `seen` maps a level (units so far, `below` included) to the earliest moment at which the line
    stood at that level.
    """
    chunks: list[tuple[int, int]] = []
    done = 0
    for at, count in named:
        chunks.append((at, min(count, units - done)))
        done += chunks[-1][1]
    for level in sorted(int(count) for count in seen):
        reached = min(level - below, units)
        first = min(at for count, at in seen.items() if int(count) >= level)
        chunks.append((first, reached - done))
        done = max(done, reached)
    spread: dict[datetime, int] = {}
    for at, count in chunks:
        if count > 0:
            moment = moment_of(at)
            spread[moment] = spread.get(moment, 0) + count
    return spread
