"""The groups of customers, named as Shopify's: which scores make them. Pure rules."""

from __future__ import annotations

from typing import NamedTuple

Range = tuple[int, int]  # both ends included


class Group(NamedTuple):
    """A group: its name, and the scores of its customers; `strength` is frequency + money."""

    name: str
    recency: Range
    strength: Range


MOST, SOME, FEW = (8, 10), (5, 7), (2, 4)
GROUPS = {
    "champions": Group("Champions", (5, 5), MOST),
    "loyal": Group("Loyal", (3, 4), MOST),
    "active": Group("Active", (4, 5), SOME),
    "new": Group("New", (5, 5), FEW),
    "promising": Group("Promising", (3, 4), FEW),
    "needsAttention": Group("Needs attention", (3, 3), SOME),
    "almostLost": Group("Almost lost", (2, 2), FEW),
    "previouslyLoyal": Group("Previously loyal", (1, 2), MOST),
    "atRisk": Group("At risk", (1, 2), SOME),
    "dormant": Group("Dormant", (1, 1), FEW),
}


def group_of(recency: int, frequency: int, money: int) -> str:
    """Return the group of three scores from 1 to 5: every one has exactly one."""
    return next(
        key
        for key, group in GROUPS.items()
        if _within(recency, group.recency) and _within(frequency + money, group.strength)
    )


def rule_of(group: Group) -> str:
    """Write the rule of a group: "Recency 3 to 4, frequency + money 8 to 10."."""
    return f"Recency {_range(group.recency)}, frequency + money {_range(group.strength)}."


def _within(score: int, scores: Range) -> bool:
    return scores[0] <= score <= scores[1]


def _range(scores: Range) -> str:
    return str(scores[0]) if scores[0] == scores[1] else f"{scores[0]} to {scores[1]}"
