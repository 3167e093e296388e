"""The rows of a report as they are exported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

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

    `rows` can be read once, and may come from the database while they are.
    """

    name: str
    columns: Sequence[Column]
    rows: Iterable[Row]
