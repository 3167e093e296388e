"""Answers that this process keeps until the tenant's data changes: the newest few of them.

Whoever asks again for the same figures costs one query, for the version of the data.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Kept(Generic[T]):
    """At most `most` answers, those asked for last."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._answers: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the answer that is kept under `key`, which names all that it depends on."""
        answer = self.found(key)
        if answer is None:
            answer = make()
            self.put(key, answer)
        return answer

    def found(self, key: Hashable) -> T | None:
        """Return the answer that is kept under `key`, if any."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: Hashable, answer: T) -> None:
        """Keep an answer; the one that was asked for longest ago gives way."""
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > self._most:
                self._answers.popitem(last=False)

    def clear(self) -> None:
        """Forget all answers."""
        with self._lock:
            self._answers.clear()
