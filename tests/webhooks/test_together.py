"""What comes while a thread works is served together by its next piece of work."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest

from webhooks.together import Together

PATIENCE = 10  # seconds


class Work:
    """Notes what was done at once; the first time it waits until it may go on."""

    def __init__(self) -> None:
        self.done: list[list[int]] = []
        self.may_go_on = Event()

    def __call__(self, items: Sequence[int]) -> list[bool]:
        if not self.done:
            self.done.append(list(items))
            assert self.may_go_on.wait(PATIENCE)
        else:
            self.done.append(list(items))
        if 13 in items:
            raise ValueError("13 fails.")
        return [item % 2 == 1 for item in items]

    async def has_begun(self) -> None:
        while not self.done:
            await asyncio.sleep(0.001)


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


Do = Callable[[int], Awaitable[bool]]


def while_the_first_is_worked_for(
    threads: ThreadPoolExecutor, items: Sequence[int], *, most: int = 9
) -> tuple[list[list[int]], list[Any]]:
    """Let the items come while the number 1 is worked for; return what was done and told."""
    work = Work()
    together = Together[int](work, lambda item: 1, most, threads)

    async def come() -> list[Any]:
        first = asyncio.ensure_future(together.do("key", 1))
        await work.has_begun()
        others = [asyncio.ensure_future(together.do("key", item)) for item in items]
        await asyncio.sleep(0)
        work.may_go_on.set()
        return await asyncio.gather(first, *others, return_exceptions=True)

    told = asyncio.run(come())
    assert together._queues == {}
    return work.done, told


@pytest.mark.parametrize(
    ("most", "done"), [(9, [[1], [2, 3, 4, 5]]), (2, [[1], [2, 3], [4, 5]])], ids=["all", "some"]
)
def test_those_that_wait_are_served_together(
    threads: ThreadPoolExecutor, most: int, done: list[list[int]]
) -> None:
    assert while_the_first_is_worked_for(threads, [2, 3, 4, 5], most=most) == (
        done,
        [True, False, True, False, True],
    )


def test_what_fails_fails_for_all_of_its_time(threads: ThreadPoolExecutor) -> None:
    done, told = while_the_first_is_worked_for(threads, [2, 13, 4])

    assert done == [[1], [2, 13, 4]]
    assert [type(each) for each in told] == [bool, ValueError, ValueError, ValueError]


def test_nothing_is_done_for_who_waits_no_more(threads: ThreadPoolExecutor) -> None:
    work = Work()
    together = Together[int](work, lambda item: 1, 9, threads)

    async def come() -> list[bool]:
        first = asyncio.ensure_future(together.do("key", 1))
        await work.has_begun()
        impatient = asyncio.ensure_future(together.do("key", 3))
        patient = asyncio.ensure_future(together.do("key", 5))
        await asyncio.sleep(0)
        impatient.cancel()
        work.may_go_on.set()
        return await asyncio.gather(first, patient)

    assert asyncio.run(come()) == [True, True]
    assert work.done == [[1], [5]]


def test_keys_do_not_wait_for_each_other(threads: ThreadPoolExecutor) -> None:
    work = Work()
    together = Together[int](work, lambda item: 1, 9, threads)

    async def come() -> list[bool]:
        slow = asyncio.ensure_future(together.do("slow", 1))
        await work.has_begun()
        quick = await together.do("quick", 3)
        work.may_go_on.set()
        return [quick, await slow]

    assert asyncio.run(come()) == [True, True]
    assert work.done == [[1], [3]]
