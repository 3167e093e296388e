"""The rows of a report or a list as they are exported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Sized
from dataclasses import dataclass
from typing import Any, cast

Row = Sequence[Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; `label` names the currency or the zone of what stands in it."""

    key: str
    label: str
    currency: str = ""  # of amounts; empty for what is no money
    is_time: bool = False  # of days and moments, which are told as texts in ISO 8601


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A file's rows; `name` is the file's, without its ending.

    `rows` can be read once, and may come from the database while they are: then `count` says how
    many there are.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]
    count: int | None = None

    def number(self) -> int:
        """Return how many rows there are."""
        return len(cast("Sized", self.rows)) if self.count is None else self.count
