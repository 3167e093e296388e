"""A mixture of deliveries for several shops: repeated, shuffled, and some unreadable."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

from bench.facts import Shop
from bench.stories import FIRST_DAY, Message, Story

DUPLICATES = 0.3  # of all deliveries
UNREADABLE = 0.01  # of the distinct ones
HOSTILE = (
    b'{"id": 1, "total_price": NaN}',
    b'{"id": 1e1000000, "currency": "INR"}',
    b'{"id": 77, "currency": "INR", "total_price": "12,50", "created_at": "2026-01-20T00:00:00Z"}',
    b'{"id": 78, "currency": "\\u0000", "total_price": "1"}',
    b'{"id": "\\ud83d", "currency": "INR"}',
    b"\xff\xfe{\x00}\x00",
    b"\xef\xbb\xbf{}",
    b"[]",
    b'"order"',
    b'{"id": 5',
    b"{" * 100_000,
    b'{"id": ' + b"9" * 5_000 + b"}",
    b'{"id": 79, "currency": "INR", "total_price": "1", "created_at": "+999999-01-01T00:00:00Z"}',
    b'{"id": 80, "currency": "INR", "total_price": "1", "line_items": {"not": "a list"}}',
)


def mixture(
    shops: list[Shop], count: int, seed: int, *, unreadable: float = UNREADABLE
) -> tuple[list[Message], list[Story]]:
    """Return about `count` deliveries in random order, and the stories behind them."""
    draw = random.Random(seed)
    stories = [Story(shop, random.Random(f"{seed} {shop.number}")) for shop in shops]
    distinct = _distinct(stories, round(count * (1 - DUPLICATES)))
    for number in range(round(len(distinct) * unreadable)):
        distinct.append(_unreadable(draw.choice(shops), number))
    repeated = [_repeat(draw, number, draw.choice(distinct))
                for number in range(max(0, count - len(distinct)))]  # fmt: skip
    deliveries = [*distinct, *repeated]
    draw.shuffle(deliveries)
    return deliveries, stories


def _distinct(stories: list[Story], count: int) -> list[Message]:
    told: list[Message] = []
    sources = [story.messages() for story in stories]
    while len(told) < count:
        for source in sources:
            told += next(source)
    return told


def _repeat(draw: random.Random, number: int, message: Message) -> Message:
    """Return the same delivery, or the same event under another webhook id."""
    if draw.random() < 0.5:
        return message
    return replace(message, webhook_id=f"again-{number}-{message.webhook_id}")


def _unreadable(shop: Shop, number: int) -> Message:
    at = FIRST_DAY + timedelta(seconds=number)
    body = HOSTILE[number % len(HOSTILE)]
    return Message(shop, "orders/create", f"bad-{number}", "", at, body, readable=False)
