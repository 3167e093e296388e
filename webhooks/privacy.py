"""Looking through the inbox for one person's deliveries: to show them, and to take the person out.

Every body is looked at once, in the order of receipt, some hundred at a time; where a request is
interrupted, it goes on behind the last delivery that it has looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shop_data.payloads.values import PayloadError, parse
from shop_data.privacy.customer_data import readable
from shop_data.privacy.kinds import REQUESTS, kind_of
from shop_data.privacy.people import Person, named_in
from webhooks.models import InboxEvent
from webhooks.retention import blank

BATCH = 500
NOWHERE = UUID(int=0)
_ESCAPED = re.compile(rb"\\u00([0-7][0-9a-fA-F])")
_NUMBER = re.compile(rb"\d{6,19}")


def next_deliveries(after: UUID) -> list[InboxEvent]:
    """Return the next deliveries behind one, with their bodies; none when all were looked at."""
    return list(InboxEvent.objects.filter(id__gt=after).order_by("id")[:BATCH])


def about(person: Person, events: Sequence[InboxEvent]) -> list[InboxEvent]:
    """Return the deliveries that are about a person."""
    needles = _needles(person)
    return [
        event
        for event in events
        if any(needle in _plain(event) for needle in needles) and _is_about(person, event)
    ]


def in_file(ids: Sequence[UUID]) -> Iterator[dict[str, Any]]:
    """Yield deliveries as they stand in a customer's file, but those whose body is gone."""
    for event in InboxEvent.objects.filter(id__in=ids, body_pruned_at=None).order_by("id"):
        yield {
            "topic": event.topic,
            "received_at": event.received_at,
            "body": readable(bytes(event.body)),
        }


def drop_body(key: str, *, now: datetime) -> None:
    """Delete the body of the delivery that made a request, which is carried out."""
    blank([UUID(key)], now=now)


def _needles(person: Person) -> list[bytes]:
    """Return texts one of which is in every body about a person: no other one has to be parsed."""
    numbers = [str(number) for number in {*person.customers, *person.orders}]
    # Phone numbers are written in many ways; their last digits in a row, mostly.
    return [text.encode() for text in [*numbers, *person.emails, *(p[-4:] for p in person.phones)]]


def _plain(event: InboxEvent) -> bytes:
    """Return a body in small letters, without escapes of plain characters."""
    raw = bytes(event.body)
    if rb"\u00" in raw:
        raw = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), raw)
    return raw.lower()


def _is_about(person: Person, event: InboxEvent) -> bool:
    """Tell whether a body is about a person; one that cannot be read is, where it names them."""
    raw = bytes(event.body)
    kind = kind_of(event.topic)
    try:
        body = parse(raw)
        if kind is not None:
            return person.is_in(kind, body)
        if event.topic in REQUESTS:
            return bool(named_in(body).customers & person.customers)
    except PayloadError:
        pass
    return _mentions(person, _plain(event))


def _mentions(person: Person, plain: bytes) -> bool:
    numbers = {int(found) for found in _NUMBER.findall(plain)}
    if numbers & (person.customers | person.orders):
        return True
    return any(email.encode() in plain for email in person.emails)
