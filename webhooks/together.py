"""Doing at once what several requests wait for at the same moment.

Who comes first waits a moment for others. While a thread works, those that come queue up; all of
them together are its next piece of work.
"""

from __future__ import annotations

from asyncio import Future, Task, get_running_loop, sleep
from collections import deque
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Executor
from typing import Generic, NamedTuple, TypeVar

Item = TypeVar("Item")

MOMENT = 0.001  # seconds; answers that went out together bring their senders back together


class _Place(NamedTuple, Generic[Item]):
    """A place in a queue."""

    item: Item
    outcome: Future[bool]


class Together(Generic[Item]):
    """Queues of an event loop, one for each key; one thread of `executor` works for a queue.

    `work` tells of each item whether it is done. `size` tells how much an item adds to what is
    done at once, of which `most` is enough.
    """

    def __init__(
        self,
        work: Callable[[Sequence[Item]], Sequence[bool]],
        size: Callable[[Item], int],
        most: int,
        executor: Executor,
    ) -> None:
        self._work = work
        self._size = size
        self._most = most
        self._executor = executor
        self._queues: dict[Hashable, deque[_Place[Item]]] = {}
        self._tasks: set[Task[None]] = set()  # the loop itself would forget them

    async def do(self, key: Hashable, item: Item) -> bool:
        """Return what `work` told of the item; raise what it raised for the items of its time."""
        loop = get_running_loop()
        place = _Place(item, loop.create_future())
        queue = self._queues.get(key)
        if queue is not None:
            queue.append(place)
            return await place.outcome
        self._queues[key] = deque([place])
        task = loop.create_task(self._work_off(key))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return await place.outcome

    async def _work_off(self, key: Hashable) -> None:
        queue = self._queues[key]
        await sleep(MOMENT)
        while places := self._take(queue):
            await self._work_for(places)
        del self._queues[key]

    def _take(self, queue: deque[_Place[Item]]) -> list[_Place[Item]]:
        """Take those that are next, without those that wait no more."""
        taken: list[_Place[Item]] = []
        size = 0
        while queue and size < self._most:
            place = queue.popleft()
            if not place.outcome.done():
                taken.append(place)
                size += self._size(place.item)
        return taken

    async def _work_for(self, places: Sequence[_Place[Item]]) -> None:
        items = [place.item for place in places]
        try:
            done = await get_running_loop().run_in_executor(self._executor, self._work, items)
        except Exception as error:  # noqa: BLE001  # each of those that wait gets it
            for place in places:
                if not place.outcome.done():
                    place.outcome.set_exception(error)
            return
        for place, is_done in zip(places, done, strict=True):
            if not place.outcome.done():
                place.outcome.set_result(is_done)
