"""Noting what is asked: who wants their data, and who or what is to be forgotten.

Carried out is it later, step by step (`xenofy.privacy`). From the moment on at which it is noted
nothing that comes about a forgotten customer gets past `shop_data.privacy.withholding`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from shop_data.changes import Change
from shop_data.models import CustomerMerge, PrivacyRequest, Redaction
from shop_data.payloads.values import PayloadError
from shop_data.privacy.kinds import REQUESTS
from shop_data.privacy.people import Person, named_in
from shop_data.privacy.pseudonyms import CUSTOMER, EMAIL, PHONE, Pseudonyms
from shop_data.upserts import tombstones
from shop_data.upserts.bodies import Superseded

DUE = timedelta(days=30)  # what Shopify gives to carry out a request
Kind = PrivacyRequest.Kind


def note_requests(changes: Sequence[Change], *, now: datetime) -> Superseded:
    """Note what is asked; a delivery that is processed again asks for nothing new."""
    wanted = [_request(change) for change in changes]
    PrivacyRequest.objects.bulk_create(wanted, ignore_conflicts=True)
    for request in wanted:
        if request.kind == Kind.REDACT_CUSTOMER:
            withhold_from(Person.from_json(request.customer), now=now)
    return set()


def request_to_forget(person: Person, *, key: str, now: datetime) -> None:
    """Ask that a person be forgotten who turns out to be somebody who was."""
    request = PrivacyRequest(kind=Kind.REDACT_CUSTOMER, key=key, requested_at=now)
    _say_whom(request, person)
    PrivacyRequest.objects.bulk_create([request], ignore_conflicts=True)
    withhold_from(person, now=now)


def withhold_from(person: Person, *, now: datetime) -> None:
    """Let nothing about a person come in from now on."""
    pseudonyms = Pseudonyms()
    customers = [pseudonyms.of(CUSTOMER, each) for each in with_merged(person.customers)]
    others = [pseudonyms.of(EMAIL, each) for each in person.emails]
    others += [pseudonyms.of(PHONE, each) for each in person.phones]
    subjects = sorted({*customers, *others})
    Redaction.objects.filter(subject__in=subjects).update(redacted_at=now)
    rows = [Redaction(subject=subject, redacted_at=now) for subject in subjects]
    Redaction.objects.bulk_create(rows, ignore_conflicts=True)
    tombstones.bury(tombstones.CUSTOMER, dict.fromkeys(customers, now))


def with_merged(customers: Collection[int]) -> set[int]:
    """Return customers and those who became part of them."""
    merged = CustomerMerge.objects.filter(into_shopify_id__in=list(customers))
    return {*customers, *merged.values_list("shopify_id", flat=True)}


def due_at(request: PrivacyRequest) -> datetime:
    """Return until when a request is to be carried out."""
    return request.requested_at + DUE


def _request(change: Change) -> PrivacyRequest:
    kind = Kind(REQUESTS[change.topic])
    at = change.version.triggered_at
    request = PrivacyRequest(kind=kind, key=str(change.delivery), requested_at=at)
    if kind != Kind.REDACT_SHOP:
        person = named_in(change.body)
        if not person.customers:
            raise PayloadError("customer.id is missing.")
        _say_whom(request, person)
    return request


def _say_whom(request: PrivacyRequest, person: Person) -> None:
    request.customer = person.as_json()
    if person.customers:  # else a guest, known by contacts alone
        request.subject = Pseudonyms().of(CUSTOMER, min(person.customers))
