"""Figures in a strip (components/kpi.html) that have no chart of their own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure; `href` leads to the rows behind it, `was` is a word on what it is made of."""

    label: str
    value: str
    href: str = "#rows"
    was: str = ""
    title: str = ""
