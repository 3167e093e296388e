"""What still comes about somebody who was forgotten: counted, but without them.

Deliveries come late, and stored ones are put back. Before any writer sees a body, whom it is about
is looked for among the pseudonyms of those who were forgotten.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from shop_data.changes import EPOCH, Change, digest_of
from shop_data.models import Order, OrderDocument, Redaction
from shop_data.payloads.customers import merge_of
from shop_data.payloads.values import PayloadError, moment, written
from shop_data.privacy.forgetting import forget_parts
from shop_data.privacy.kinds import Kind, kind_of
from shop_data.privacy.people import Person, emails_in, phones_in
from shop_data.privacy.pseudonyms import CUSTOMER, EMAIL, FIRST, PHONE, Pseudonyms
from shop_data.privacy.requests import request_to_forget

MERGED = "customers/merge"


class Forgotten(NamedTuple):
    """Who of those that a batch names was forgotten; contacts with the moment up to which a body
    that names them is theirs."""

    customers: frozenset[int]
    orders: frozenset[int]
    emails: Mapping[str, datetime]
    phones: Mapping[str, datetime]

    def at(self, said_at: datetime) -> Person:
        """Return them as a body of that moment names them."""
        return Person(
            customers=self.customers,
            orders=self.orders,
            emails=frozenset(key for key, until in self.emails.items() if said_at <= until),
            phones=frozenset(key for key, until in self.phones.items() if said_at <= until),
        )


def anybody_forgotten() -> bool:
    """Tell whether the shop has forgotten anybody: most have not."""
    return bool(Redaction.objects.exists())


def as_it_may_come_in(changes: Sequence[Change], *, now: datetime) -> list[Change]:
    """Return the changes, without whoever was forgotten."""
    scrubbed = withhold(changes, now=now) if anybody_forgotten() else {}
    return [scrubbed.get(change.delivery, change) for change in changes]


def withhold(changes: Sequence[Change], *, now: datetime) -> dict[UUID, Change]:
    """Return those of the changes that are about somebody who was forgotten, as they may come in.

    Whoever is merged into somebody who was forgotten is to be forgotten too.
    """
    pseudonyms = Pseudonyms()
    known = [(change, kind) for change in changes if (kind := kind_of(change.topic))]
    forgotten = _forgotten(known, pseudonyms)
    forgotten = _with_merged(forgotten, [each for each, _ in known if each.topic == MERGED], now)
    about = [(change, kind) for change, kind in known
             if forgotten.at(_said_at(change)).is_in(kind, change.body)]  # fmt: skip
    if not about:
        return {}
    names = pseudonyms.names(forgotten.customers)
    forget_parts({key for change, kind in about for key in kind.orders_in(change.body)})
    return {change.delivery: _without(change, kind, names) for change, kind in about}


def forgotten_among(numbers: Collection[int], emails: Collection[str]) -> Person:
    """Return who of these was forgotten, whatever else the bodies say that name them."""
    pseudonyms = Pseudonyms()
    until = _until({pseudonyms.of(EMAIL, each): each for each in emails})
    return Person(
        customers=frozenset(_customers(numbers, pseudonyms)),
        orders=frozenset(_orders(numbers)),
        emails=frozenset(until),
    )


def _forgotten(known: Sequence[tuple[Change, Kind]], pseudonyms: Pseudonyms) -> Forgotten:
    customers, orders, emails, phones = (set[int](), set[int](), set[str](), set[str]())
    for change, kind in known:
        customers |= kind.customers_in(change.body)
        orders |= kind.orders_in(change.body)
        emails |= emails_in(kind, change.body)
        phones |= phones_in(kind, change.body)
    return Forgotten(
        frozenset(_customers(customers, pseudonyms)),
        frozenset(_orders(orders)),
        _until({pseudonyms.of(EMAIL, each): each for each in emails}),
        _until({pseudonyms.of(PHONE, each): each for each in phones}),
    )


def _customers(ids: Collection[int], pseudonyms: Pseudonyms) -> set[int]:
    # A batch may name one of them by id and by pseudonym: both have the same subject.
    subjects = {key: pseudonyms.of(CUSTOMER, key) for key in ids}
    found = Redaction.objects.filter(subject__any=set(subjects.values()))
    forgotten = set(found.values_list("subject", flat=True))
    return {key for key, subject in subjects.items() if subject in forgotten}


def _orders(ids: Collection[int]) -> set[int]:
    documents = OrderDocument.objects.filter(shopify_id__any=ids, redacted_at__isnull=False)
    later = Order.objects.filter(shopify_id__any=ids, customer_shopify_id__gte=FIRST)
    return {*documents.values_list("shopify_id", flat=True),
            *later.values_list("shopify_id", flat=True)}  # fmt: skip


def _until(subjects: Mapping[int, str]) -> dict[str, datetime]:
    found = Redaction.objects.filter(subject__any=subjects)
    return {subjects[subject]: at for subject, at in found.values_list("subject", "redacted_at")}


def _said_at(change: Change) -> datetime:
    """Return when a body says that it was so; one that does not is as old as can be."""
    with suppress(PayloadError):
        return moment(change.body.get("updated_at"), "updated_at") or EPOCH
    return EPOCH


def _with_merged(forgotten: Forgotten, merges: Sequence[Change], now: datetime) -> Forgotten:
    """Forget those too who became part of somebody who was forgotten."""
    customers = set(forgotten.customers)
    for change in merges:
        merge = None
        with suppress(PayloadError):  # then its writer says so
            merge = merge_of(change.body)
        if merge and merge.kept in customers and merge.gone not in customers:
            gone = Person(customers=frozenset([merge.gone]))
            request_to_forget(gone, key=str(change.delivery), now=now)
            customers.add(merge.gone)
    return forgotten._replace(customers=frozenset(customers))


def _without(change: Change, kind: Kind, names: Mapping[int, int]) -> Change:
    """Return a change without them; of a body that does not have its shape nothing is left."""
    try:
        body = kind.scrubbed(change.body, names)
    except PayloadError:
        body = {}
    raw = written(body)
    version = change.version._replace(digest=digest_of(raw))
    return replace(change, body=body, raw=raw, version=version)
