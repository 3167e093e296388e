"""Knobs: the plain fields of what may go wrong, turned by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

_KINDS = (bool, int, float, str, type(None))


def knobs(board: Any) -> dict[str, Any]:
    """Return the knobs of a dataclass, and how each stands where nothing goes wrong."""
    return {one.name: one.default for one in fields(board) if isinstance(one.default, _KINDS)}


def turn(board: Any, given: Mapping[str, str]) -> None:
    """Set the knobs that are named; one that is nothing at rest takes text, or "" for nothing."""
    for name, rest in knobs(board).items():
        if name in given:
            setattr(board, name, _value(rest, given[name]))


def calm(board: Any) -> None:
    """Put all knobs back."""
    for name, rest in knobs(board).items():
        setattr(board, name, rest)


def _value(rest: Any, text: str) -> Any:
    if rest is None:
        return text or None
    return text == "on" if isinstance(rest, bool) else type(rest)(text)
