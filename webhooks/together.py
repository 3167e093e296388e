"""Doing at once what several threads wait for at the same moment.

While one thread writes, those that come queue up; the first of them then writes for all. Nobody
waits for others to come, so that a thread that is alone is as fast as without this.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from threading import Lock
from typing import Generic, TypeVar

Item = TypeVar("Item")


class _Place(Generic[Item]):
    """A thread's place in the queue."""

    def __init__(self, item: Item) -> None:
        self.item = item
        self.called = Lock()  # an Event costs several times as much
        self.called.acquire()
        self.is_done = False
        self.leads = False


class Together(Generic[Item]):
    """Queues of threads, one for each key; one thread of a queue works at a time.

    `size` tells how much an item adds to what is done at once, of which `most` is enough.
    """

    def __init__(self, work: Callable[[Sequence[Item]], bool], size: Callable[[Item], int],
                 most: int) -> None:  # fmt: skip
        self._work = work
        self._size = size
        self._most = most
        self._lock = Lock()
        self._queues: dict[Hashable, list[_Place[Item]]] = {}

    def do(self, key: Hashable, item: Item) -> bool:
        """Return what `work` told of items of the key, among them this one.

        False also when another thread failed with it: whoever gets that tries alone.
        """
        place = _Place(item)
        with self._lock:
            queue = self._queues.get(key)
            if queue is None:
                self._queues[key] = []
                place.leads = True
            else:
                queue.append(place)
        if not place.leads:
            place.called.acquire()
        return self._lead(key, place) if place.leads else place.is_done

    def _lead(self, key: Hashable, own: _Place[Item]) -> bool:
        """Work for the own place and those that wait, then let the next one lead."""
        others = self._take(key, own)
        is_done = False
        try:
            is_done = self._work([own.item, *(place.item for place in others)])
        finally:
            for place in others:
                place.is_done = is_done
                place.called.release()
            self._hand_over(key)
        return is_done

    def _take(self, key: Hashable, own: _Place[Item]) -> list[_Place[Item]]:
        taken: list[_Place[Item]] = []
        size = self._size(own.item)
        with self._lock:
            queue = self._queues[key]
            while queue and size < self._most:
                size += self._size(queue[0].item)
                taken.append(queue.pop(0))
        return taken

    def _hand_over(self, key: Hashable) -> None:
        with self._lock:
            queue = self._queues[key]
            if not queue:
                del self._queues[key]
                return
            following = queue.pop(0)
            following.leads = True
        following.called.release()
