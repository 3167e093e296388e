"""A bulk result as a file: whole or refused, and its children found whatever their place.

Shopify writes every child on a line of its own, with `__parentId`, and in no promised order. The
file itself is the staging area: a first reading checks it and notes where each parent's children
stand, a second one reads parent by parent. Memory grows with the number of children of one piece.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from shop_data.payloads.values import PayloadError, parse

Node = dict[str, Any]
PARENT = "__parentId"
_UNASKED = "A line is of a kind that was not asked for."


class Incomplete(Exception):
    """A file is not what Shopify says that it has written: nothing of it is taken."""


class Line(NamedTuple):
    """Where a line stands."""

    start: int
    length: int


class BulkFile:
    """The checked lines of a result.

    Raises `Incomplete` for a last line that is cut off, for a line that is no JSON, a child without
    its parent or of none of the `kinds`, or other counts than Shopify's.
    """

    def __init__(
        self,
        path: Path,
        *,
        objects: int,
        roots: int,
        kinds: Collection[str] | None = None,
        alive: Callable[[], None] = lambda: None,
    ) -> None:
        self.refunds: list[str] = []  # ids of those that orders name
        self._path = path
        self._kinds = kinds  # of children, where they are known
        self._alive = alive  # called while a long file is read
        self._roots: list[tuple[str, Line]] = []
        self._children: dict[str, list[Line]] = defaultdict(list)
        ids = self._read()
        orphans = self._children.keys() - ids
        if orphans:
            raise Incomplete(f"{len(orphans)} parents of lines are missing.")
        read = len(self._roots) + sum(map(len, self._children.values()))
        if (read, len(self._roots)) != (objects, roots):
            raise Incomplete(
                f"Shopify counts {objects:,} objects, {roots:,} at the top; the file has"
                f" {read:,} and {len(self._roots):,}."
            )

    def __len__(self) -> int:
        return len(self._roots)

    def nodes(
        self, connections: Mapping[str, str], first: int = 0, end: int | None = None
    ) -> Iterator[Node]:
        """Yield each object at the top, with its children as `nodes` of their connections.

        `connections` names the connection of each child's `__typename`. With `first` and `end`
        only the objects from that place up to the one before `end`.
        """
        with self._path.open("rb") as file:
            for identifier, line in self._roots[first:end]:
                node = _parsed(_line(file, line))
                node |= {name: {"nodes": []} for name in connections.values()}
                for place in self._children.get(identifier, ()):
                    child = _parsed(_line(file, place))
                    node[_connection_of(child, connections)]["nodes"].append(child)
                yield node

    def _read(self) -> set[str]:
        """Note where lines stand; return the ids of all objects that have one."""
        ids = set()
        start = 0
        with self._path.open("rb") as file:
            for raw in file:
                if not raw.endswith(b"\n"):
                    raise Incomplete("The last line is cut off.")
                self._alive()
                node, line = _parsed(raw), Line(start, len(raw))
                start += len(raw)
                if node.get("id"):
                    ids.add(node["id"])
                self._note(node, line)
        return ids

    def _note(self, node: Node, line: Line) -> None:
        """Note where an object stands, and what it names that is on no line."""
        if PARENT not in node:
            self._roots.append((node.get("id", ""), line))
            self.refunds += [refund["id"] for refund in node.get("refunds") or ()]
        elif self._kinds is None or node.get("__typename") in self._kinds:
            self._children[node[PARENT]].append(line)
        else:
            raise Incomplete(_UNASKED)


def _connection_of(child: Node, names: Mapping[str, str]) -> str:
    try:
        return names[child["__typename"]]
    except KeyError:
        raise Incomplete(_UNASKED) from None


def _line(file: BinaryIO, line: Line) -> bytes:
    file.seek(line.start)
    return file.read(line.length)


def _parsed(raw: bytes) -> Node:
    try:
        return parse(raw)
    except (PayloadError, json.JSONDecodeError) as error:
        raise Incomplete(f"A line cannot be read: {error}") from error
