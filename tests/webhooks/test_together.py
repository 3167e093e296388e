"""Threads that come while one works are served together by the next of them."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest

from webhooks.together import Together

PATIENCE = 10  # seconds


class Work:
    """Notes what was done at once; the first time it waits until it may go on."""

    def __init__(self) -> None:
        self.done: list[list[int]] = []
        self.begun = Event()
        self.may_go_on = Event()

    def __call__(self, items: Sequence[int]) -> bool:
        is_first = not self.begun.is_set()
        self.begun.set()
        if is_first:
            assert self.may_go_on.wait(PATIENCE)
        self.done.append(list(items))
        if 13 in items:
            raise ValueError("13 fails.")
        return True


def queued(together: Together[int], count: int) -> None:
    """Wait until so many threads stand in the queue."""
    while len(together._queues.get("key", [])) < count:
        pass


def all_at_once(items: Sequence[int], *, most: int) -> tuple[Work, list[bool | type[Exception]]]:
    """Let the first work, and the others queue up meanwhile; return what each was told."""
    work = Work()
    together = Together[int](work, lambda item: 1, most)
    with ThreadPoolExecutor(len(items)) as pool:
        futures = [pool.submit(together.do, "key", items[0])]
        assert work.begun.wait(PATIENCE)
        for number, item in enumerate(items[1:], 1):
            futures.append(pool.submit(together.do, "key", item))
            queued(together, number)
        work.may_go_on.set()
        errors = [future.exception(PATIENCE) for future in futures]
    told = [type(error) if error else future.result()
            for error, future in zip(errors, futures, strict=True)]  # fmt: skip
    assert together._queues == {}
    return work, told  # type: ignore[return-value]


@pytest.mark.parametrize(
    ("most", "done"), [(9, [[1], [2, 3, 4, 5]]), (2, [[1], [2, 3], [4, 5]])], ids=["all", "some"]
)
def test_those_that_wait_are_served_together(most: int, done: list[list[int]]) -> None:
    work, told = all_at_once([1, 2, 3, 4, 5], most=most)

    assert work.done == done
    assert told == [True] * 5


def test_whoever_waited_for_one_that_failed_is_told_to_try_alone() -> None:
    work, told = all_at_once([1, 2, 13, 4], most=9)

    assert work.done == [[1], [2, 13, 4]]
    assert told == [True, ValueError, False, False]


def test_keys_do_not_wait_for_each_other() -> None:
    work = Work()
    together = Together[int](work, lambda item: 1, 9)
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(together.do, "slow", 1)
        assert work.begun.wait(PATIENCE)

        assert together.do("quick", 2)
        work.may_go_on.set()
        assert slow.result(PATIENCE)
