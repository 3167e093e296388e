"""Something that happened in the shop, and the delivery in which Shopify tells of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, NamedTuple

import simplejson

from webhooks.inbox import Delivery
from xenofy.deliveries import API_VERSION
from xenofy.demo import identifiers
from xenofy.demo.tenant import DOMAIN

Body = dict[str, Any]


class Happening(NamedTuple):
    """A body of a topic, and when it came to be."""

    topic: str
    at: datetime
    body: Body


def written(body: Body) -> bytes:
    """Write a body as Shopify does, with its `\\/` escapes and exact numbers."""
    text = simplejson.dumps(body, use_decimal=True, separators=(",", ":"))
    return text.replace("/", "\\/").encode()


def read(body: bytes) -> Body:
    """Read what `written` wrote, so that it can be written again."""
    found: Body = simplejson.loads(body, use_decimal=True)
    return found


def delivery(happening: Happening, *key: object) -> Delivery:
    """Return the delivery of a happening; `key` makes its webhook id."""
    headers = {
        "topic": happening.topic,
        "shop-domain": DOMAIN,
        "api-version": API_VERSION,
        "webhook-id": identifiers.webhook_id(happening.topic, *key),
        "event-id": identifiers.webhook_id("event", happening.topic, *key),
        "triggered-at": happening.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }
    return Delivery(happening.topic, headers, written(happening.body))
