"""Chance that is the same each time."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import TypeVar

T = TypeVar("T")


def drawn(rng: Random, weights: Mapping[T, float]) -> T:
    """Return one of some things, each as often as its weight says."""
    return rng.choices(list(weights), list(weights.values()))[0]
