"""The one source of randomness of the demo store."""

from __future__ import annotations

from random import Random


def chance(*parts: object) -> Random:
    """Return random numbers that follow from the parts alone: the same parts, the same numbers."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - what it decides is no secret
