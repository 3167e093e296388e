"""What analytics costs a delivery: its marks, and nothing else."""

from __future__ import annotations

import time
from contextlib import AbstractContextManager, nullcontext
from typing import Any
from unittest.mock import Mock, patch

EVENTS = 1_500  # for each turn


def measure(rounds: int) -> None:
    """Drain as many deliveries with and without marks, in turns; print the fastest of both."""
    with_marks, without = [], []
    for turn in range(rounds):
        with_marks.append(_microseconds(500 + 2 * turn, nullcontext()))
        unmarked = patch("shop_data.upserts.sales.mark_days", Mock())
        without.append(_microseconds(501 + 2 * turn, unmarked))
    ours, bare = min(with_marks), min(without)
    print("\n| a delivery, processed in batches | microseconds |\n|---|---|")
    print(f"| with the marks for analytics | {ours:,.0f} |\n| without | {bare:,.0f} |")
    print(f"| ratio | {ours / bare:.3f} |", flush=True)


def _microseconds(number: int, marks: AbstractContextManager[Any]) -> float:
    """Return the time for each delivery of a fresh tenant."""
    from bench.facts import Shop  # noqa: PLC0415
    from bench.processing import filled, now  # noqa: PLC0415
    from webhooks.processing import drain  # noqa: PLC0415

    tenant = filled(Shop(number, "INR", 2, "Asia/Kolkata", taxes_included=False), EVENTS)
    drained = 0
    begun = time.perf_counter()
    with marks:
        while taken := drain(tenant, now=now()):
            drained += taken
    return (time.perf_counter() - begun) / drained * 1e6
