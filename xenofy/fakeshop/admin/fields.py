"""How fields are answered: a registry of those that are not simply an attribute of the record."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Resolver = Callable[..., Any]  # (record, ask, **arguments)

RESOLVERS: dict[tuple[str, str], Resolver] = {}


def field(kind: str, *names: str) -> Callable[[Resolver], Resolver]:
    """Let a function answer fields of a type."""

    def register(resolver: Resolver) -> Resolver:
        for name in names:
            RESOLVERS[kind, name] = resolver
        return resolver

    return register


def fields(kind: str, by_name: Mapping[str, Callable[[Any], Any]]) -> None:
    """Let functions of the record alone answer fields of a type."""
    for name, read in by_name.items():
        RESOLVERS[kind, name] = _without_ask(read)


def money_bags(kind: str, by_name: Mapping[str, Callable[[Any], int]]) -> None:
    """Let functions that give minor units answer fields that are money bags; see `order_of`."""
    for name, read in by_name.items():
        RESOLVERS[kind, name] = _bag(read)


def nothing(kind: str, *names: str, value: Any = None) -> None:
    """Answer fields of which the double knows nothing with a value that says so."""
    for name in names:
        RESOLVERS[kind, name] = _constant(value)


def resolver(kind: str, name: str) -> Resolver:
    """Return what answers a field: what is registered, else the attribute of that name."""
    found = RESOLVERS.get((kind, name))
    return found or _attribute(re.sub(r"([A-Z])", r"_\1", name).lower())


def order_of(record: Any) -> Any:
    """Return the order that a part belongs to, or what else knows its currency."""
    return getattr(record, "order", record)


def _without_ask(read: Callable[[Any], Any]) -> Resolver:
    return lambda record, ask, **arguments: read(record)


def _bag(read: Callable[[Any], int]) -> Resolver:
    return lambda record, ask, **arguments: order_of(record).bag(read(record))


def _constant(value: Any) -> Resolver:
    return lambda record, ask, **arguments: value


def _attribute(name: str) -> Resolver:
    return lambda record, ask, **arguments: getattr(record, name)
