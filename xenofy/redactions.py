"""Who was forgotten, kept apart from the database, and forgetting them again after a restore.

A backup knows nothing of requests that came after it. The ledger names nobody: customers stand in
it as pseudonyms, with the key that they follow from, encrypted as in the database. Whoever is in a
restored database is recognised by computing the pseudonyms of all customers and contacts again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from shop_data.models import AbandonedCart, Customer, Order, PrivacyRequest, Redaction
from shop_data.privacy.people import Person, normal_email, normal_phone
from shop_data.privacy.pseudonyms import CUSTOMER, EMAIL, PHONE, Pseudonyms, is_pseudonym
from shop_data.privacy.requests import request_to_forget
from tenants.models import Tenant, TenantState
from tenants.scope import tenant_scope
from xenofy.common.errors import XenofyError
from xenofy.common.identifiers import uuid7

Entry = dict[str, Any]  # one line of the ledger: a tenant


class OtherKey(XenofyError):
    """The pseudonyms of the ledger follow from another key than those of the database."""

    def __init__(self, tenant_id: UUID) -> None:
        super().__init__(f"The ledger of {tenant_id} was made with another key.")


def ledger() -> Iterator[Entry]:
    """Yield for each tenant who was forgotten, and whether the shop is erased."""
    for tenant in Tenant.objects.order_by("id"):
        with tenant_scope(tenant.id):
            state = TenantState.objects.first()
            key = state.pseudonym_key_encrypted if state else None
            found = Redaction.objects.order_by("subject").values_list("subject", "redacted_at")
            yield {
                "tenant": str(tenant.id),
                "erasedAt": tenant.erased_at and tenant.erased_at.isoformat(),
                "key": bytes(key).hex() if key else None,
                "forgotten": [[subject, at.isoformat()] for subject, at in found],
            }


def written(entry: Entry) -> str:
    """Return a line of the ledger."""
    return json.dumps(entry, separators=(",", ":"))


def forget_again(entry: Entry, *, now: datetime) -> int | None:
    """Ask for what the ledger says and the database does not know; return of how many names of
    customers, None for a shop that is to be erased, which a worker then carries out."""
    tenant = Tenant.objects.filter(id=entry["tenant"]).first()
    if tenant is None or tenant.erased_at is not None:
        return 0
    with tenant_scope(tenant.id):
        if entry["erasedAt"]:
            _ask_to_erase(tenant.id, at=datetime.fromisoformat(entry["erasedAt"]))
            return None
        missing = _missing(entry)
        if missing:
            _take_key(tenant.id, bytes.fromhex(entry["key"]))
            _forget(missing, now=now)
    return len(missing)


def _ask_to_erase(tenant_id: UUID, *, at: datetime) -> None:
    kind, key = PrivacyRequest.Kind.REDACT_SHOP, str(uuid5(tenant_id, "erased"))
    request = PrivacyRequest(kind=kind, key=key, requested_at=at)
    PrivacyRequest.objects.bulk_create([request], ignore_conflicts=True)


def _missing(entry: Entry) -> dict[int, datetime]:
    """Return the names that are forgotten in the ledger alone, with the moment."""
    told = {subject: datetime.fromisoformat(at) for subject, at in entry["forgotten"]}
    known = set(Redaction.objects.values_list("subject", flat=True))
    return {subject: at for subject, at in told.items() if subject not in known}


def _take_key(tenant_id: UUID, encrypted: bytes) -> None:
    """Use the key of the ledger where the database has none yet."""
    state = TenantState.objects.get()
    before = state.pseudonym_key
    state.pseudonym_key_encrypted = encrypted
    if before and state.pseudonym_key != before:
        raise OtherKey(tenant_id)
    TenantState.objects.update(pseudonym_key_encrypted=encrypted)


def _forget(missing: dict[int, datetime], *, now: datetime) -> None:
    """Ask that whoever is meant be forgotten; keep the names of those who are not here too."""
    person = _found(missing)
    if person.customers or person.emails or person.phones:
        request_to_forget(person, key=str(uuid7()), now=now)
    rows = [Redaction(subject=subject, redacted_at=at) for subject, at in missing.items()]
    Redaction.objects.bulk_create(rows, ignore_conflicts=True)


def _found(missing: dict[int, datetime]) -> Person:
    """Return those who are in the database, by ids and contacts."""
    pseudonyms = Pseudonyms()

    def among(kind: str, values: Iterable[Any]) -> frozenset[Any]:
        named = {value for value in values if value}
        return frozenset(value for value in named if pseudonyms.of(kind, value) in missing)

    customers, emails, phones = _names()
    return Person(
        customers=among(CUSTOMER, (each for each in customers if each and not is_pseudonym(each))),
        emails=among(EMAIL, (normal_email(each) for each in emails if each)),
        phones=among(PHONE, (normal_phone(each) for each in phones if each)),
    )


def _names() -> tuple[set[int | None], set[str | None], set[str | None]]:
    """Return all ids, addresses and phone numbers of customers, orders and checkouts."""
    customers = set(Customer.objects.values_list("shopify_id", flat=True))
    emails: set[str | None] = set()
    phones: set[str | None] = set()
    for with_customer in (Order, AbandonedCart):
        customers |= set(with_customer.objects.values_list("customer_shopify_id", flat=True))
    for with_contact in (Customer, Order, AbandonedCart):
        emails |= set(with_contact.objects.values_list("email", flat=True))
        phones |= set(with_contact.objects.values_list("phone", flat=True))
    return customers, emails, phones
