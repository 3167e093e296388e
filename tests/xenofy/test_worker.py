"""How much a worker takes up at once."""

from __future__ import annotations

from itertools import accumulate, repeat

import pytest

from xenofy.worker import BATCH_SECONDS, MOST_PARTS, parts_after


@pytest.mark.parametrize(
    ("whole", "parts"),
    [(0.2, 1), (0.9, 1), (1.5, 2), (4.0, 4), (100.0, MOST_PARTS)],
    ids=["fast", "ordinary", "slow", "very slow", "hopeless"],
)
def test_batches_are_cut_until_one_takes_a_second(whole: float, parts: int) -> None:
    """`whole` is how many times as long as it may a whole batch takes."""
    seconds = whole * BATCH_SECONDS

    *_, found = accumulate(
        repeat(None, 20), lambda now, _: parts_after(now, seconds / now), initial=1
    )

    assert found == parts


def test_batches_grow_again_when_the_machine_is_free() -> None:
    *_, found = accumulate(repeat(0.1, 20), parts_after, initial=MOST_PARTS)

    assert found == 1
