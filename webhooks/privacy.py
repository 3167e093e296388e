"""Looking through the inbox for one person's deliveries: to show them, and to take the person out.

Every body is looked at once, in the order of receipt, some hundred at a time; where a request is
interrupted, it goes on behind the last delivery that it has looked at.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from shop_data.changes import Change
from shop_data.payloads.values import Body, PayloadError, parse, written
from shop_data.privacy.customer_data import readable
from shop_data.privacy.kinds import REQUESTS, Kind, kind_of
from shop_data.privacy.people import Person, named_in, names_anybody
from shop_data.privacy.withholding import anybody_forgotten, forgotten_among, withhold
from webhooks.claimed import Claimed
from webhooks.history import PUT_BACK
from webhooks.models import InboxEvent, TopicBreaker
from webhooks.retention import blank

BATCH = 500
NOWHERE = UUID(int=0)
WITHHELD = "Withheld: it was about somebody who was forgotten."
_ESCAPED = re.compile(rb"\\u00([0-7][0-9a-fA-F])")
# Sought from the beginning of a word alone: from each letter of a long one it would take for ever.
_WORD = rb"[^\s\"'<>(),;:\\=&?/#|\[\]{}@]"
_EMAIL = re.compile(rb"(?<!%b)%b{1,64}@%b+" % (_WORD, _WORD, _WORD))
_NUMBER = re.compile(rb"\d{6,19}")


def next_deliveries(after: UUID) -> list[InboxEvent]:
    """Return the next deliveries behind one, with their bodies; none when all were looked at."""
    return list(InboxEvent.objects.filter(id__gt=after).order_by("id")[:BATCH])


def about(person: Person, events: Sequence[InboxEvent]) -> list[InboxEvent]:
    """Return the deliveries that are about a person."""
    needles = _needles(person)
    plain = [(event, _plain(event)) for event in events]
    named = [event for event, text in plain if any(needle in text for needle in needles)]
    return [event for event in named if _is_about(person, event)]


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
    made = InboxEvent.objects.filter(id=UUID(key), topic__in=list(REQUESTS))
    blank(list(made.values_list("id", flat=True)), now=now)


def take_out(
    person: Person, names: Mapping[int, int], events: Sequence[InboxEvent], *, now: datetime
) -> None:
    """Take a person out of those of the deliveries that are about them.

    A body whose shape is known stays without them and can be put back; any other one is deleted.
    A request that waits is left alone: its body goes when it is carried out.
    """
    for event in about(person, events):
        if event.topic in REQUESTS and event.status == InboxEvent.Status.PENDING:
            continue
        try:
            body = parse(bytes(event.body))
            kind = _kind_of(event.topic, body)
            raw = written(kind.scrubbed(body, names)) if kind else b""
        except PayloadError:
            raw = b""
        _rewrite(event.id, raw, now)
    needles = _needles(person)
    for event in events:  # also of those whose bodies are gone for long
        if any(needle in _reasons(event) for needle in needles):
            _forget_reasons(event)


def withheld(
    events: Sequence[Claimed], changes: Sequence[Change], *, now: datetime
) -> tuple[list[Change], set[UUID]]:
    """Take those who were forgotten out of deliveries that come now.

    Return the changes as they may be written, and the deliveries whose bodies had to go.
    """
    if not anybody_forgotten():
        return list(changes), set()
    replaced = withhold(changes, now=now)
    for delivery, change in replaced.items():
        _rewrite(delivery, change.raw, now)
    read = {change.delivery for change in changes if _kind_of(change.topic, change.body)}
    unread = [event for event in events if event.id not in read]
    gone = _naming_forgotten([event for event in unread if event.topic not in REQUESTS])
    for event in gone:
        _rewrite(event.id, b"", now)
    kept = [replaced.get(change.delivery, change) for change in changes]
    return kept, {event.id for event in gone}


def forget_reasons(person: Person) -> None:
    """Take out of what is said of waiting topics a reason that quotes a person."""
    for breaker in TopicBreaker.objects.exclude(reason=""):
        plain = breaker.reason.lower().encode()
        if any(needle in plain for needle in _needles(person)):
            TopicBreaker.objects.filter(id=breaker.id).update(reason=WITHHELD)


def _naming_forgotten(events: Sequence[Claimed]) -> list[Claimed]:
    """Return those of the deliveries that name somebody in any place, whatever else they are."""
    plain = [_plain(event) for event in events]
    forgotten = forgotten_among(
        {int(found) for each in plain for found in _NUMBER.findall(each)},
        {email for each in plain for email in _emails_in(each)},
    )
    return [event for event, each in zip(events, plain, strict=True) if _mentions(forgotten, each)]


def _emails_in(plain: bytes) -> Iterator[str]:
    for found in _EMAIL.findall(plain):
        yield found.decode("utf-8", "replace").rstrip(".!")


def _rewrite(event_id: UUID, raw: bytes, now: datetime) -> None:
    """Replace a body, and what was noted of it that could quote it; without bytes it is gone."""
    stored = InboxEvent.objects.filter(id=event_id)
    event = stored.defer("body", "digest").get()
    headers = dict(event.headers)
    headers.pop("hmac-sha256", None)  # of the body that was
    digest = hashlib.sha256(raw).digest()
    stored.update(body=raw, digest=digest, headers=headers, body_pruned_at=None if raw else now)
    _forget_reasons(event)


def _forget_reasons(event: InboxEvent) -> None:
    if event.last_error or event.tries:
        InboxEvent.objects.filter(id=event.id).update(
            last_error=WITHHELD if event.last_error else "",
            tries=[{**each, "reason": _unquoted(each)} for each in event.tries],
        )


def _reasons(event: InboxEvent) -> bytes:
    reasons = [event.last_error, *(str(each["reason"]) for each in event.tries)]
    return " ".join(reasons).lower().encode()


def _unquoted(each: Mapping[str, Any]) -> str:
    kept = each["outcome"] == PUT_BACK or not each["reason"]
    return str(each["reason"]) if kept else WITHHELD


def _needles(person: Person) -> list[bytes]:
    """Return texts one of which is in every body about a person: no other one has to be parsed."""
    numbers = [str(number) for number in {*person.customers, *person.orders}]
    # Phone numbers are written in many ways; their last digits in a row, mostly.
    return [text.encode() for text in [*numbers, *person.emails, *(p[-4:] for p in person.phones)]]


def _plain(event: Claimed | InboxEvent) -> bytes:
    """Return a body in small letters, without escapes of plain characters."""
    raw = bytes(event.body)
    if rb"\u00" in raw:
        raw = _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), raw)
    return raw.lower()


def _is_about(person: Person, event: InboxEvent) -> bool:
    """Tell whether a body is about a person; one that cannot be read is, where it names them."""
    try:
        body = parse(bytes(event.body))
        kind = _kind_of(event.topic, body)
        if kind is not None:
            return person.is_in(kind, body)
        if event.topic in REQUESTS:
            return bool(named_in(body).customers & person.customers)
    except PayloadError:
        pass
    return _mentions(person, _plain(event))


def _kind_of(topic: str, body: Body) -> Kind | None:
    """Return what a body is; None where it does not say whom it is about as its kind does."""
    kind = kind_of(topic)
    return kind if kind is not None and names_anybody(kind, body) else None


def _mentions(person: Person, plain: bytes) -> bool:
    numbers = {int(found) for found in _NUMBER.findall(plain)}
    if numbers & (person.customers | person.orders):
        return True
    return any(email.encode() in plain for email in person.emails)
