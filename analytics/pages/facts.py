"""Figures in a strip (components/kpi.html) that have no chart of their own."""

from __future__ import annotations

from dataclasses import dataclass

from xenofy.common.formats import Change


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure; `rows` is where the rows behind it stand, `was` a word on what it is made of.

    `href` leads to its chart, `current` tells that the chart shows it.
    """

    label: str
    value: str
    rows: str = ""
    href: str = ""
    current: bool = False
    was: str = ""
    title: str = ""
    change: Change | None = None
