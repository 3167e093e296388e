"""Taking a person out of the mirror, so that every figure stays as it was.

Customers get their pseudonyms, everywhere alike. Orders are written again from what may stay of
their documents: amounts, days, country and region, but nothing that tells who ordered.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db.models import Case, Q, Value, When

from shop_data.changes import UNKNOWN_VERSION
from shop_data.known_orders import KnownOrder
from shop_data.models import (
    AbandonedCart,
    CsvUpload,
    Customer,
    CustomerFile,
    CustomerMerge,
    CustomerTag,
    Fulfillment,
    Order,
    OrderDocument,
    PrivacyRequest,
    PurchasingSummary,
    Refund,
    Return,
    ReturnLine,
    RollupMark,
    Tombstone,
)
from shop_data.payloads.checkouts import titles_of
from shop_data.privacy import kinds
from shop_data.privacy.knowledge import carts_of
from shop_data.privacy.people import Person
from shop_data.upserts import tombstones
from shop_data.upserts.merges import merges_of
from shop_data.upserts.orders import learn_again
from shop_data.upserts.store_events import forget_store_events

CHUNK = 500  # orders of one transaction
_NO_DIGEST = UUID(int=0)
_SAID_OF_CUSTOMERS = (
    *("email", "phone", "first_name", "last_name", "name_search", "state", "tags", "note"),
    *("verified_email", "tax_exempt", "email_marketing_state", "sms_marketing_state", "city"),
)
Names = Mapping[int, int]  # Shopify's id of a customer -> pseudonym


def forget_orders(person: Person, names: Names, *, now: datetime) -> int:
    """Take a person out of the next orders of theirs; return how many, 0 when all are done."""
    _rename_customers(names)
    _know_orders(person.orders)
    waiting = OrderDocument.objects.filter(shopify_id__in=person.orders, redacted_at=None)
    documents = list(waiting.order_by("shopify_id")[:CHUNK])
    ids = [document.shopify_id for document in documents]
    for model in (Order, OrderDocument):  # what is written has another digest, maybe a lesser one
        model.objects.filter(shopify_id__in=ids).update(version_digest=_NO_DIGEST)
    merges = merges_of(names.values())
    learn_again(documents, partial(_forget, names=names, merges=merges), now=now)
    OrderDocument.objects.filter(shopify_id__in=ids).update(redacted_at=now)
    forget_parts(ids)
    _rename_marks(names)
    return len(documents)


def forget_parts(orders: Collection[int]) -> None:
    """Take out of what stands beside orders what people wrote, and what leads to them."""
    of_orders = {"order_shopify_id__in": orders}
    Refund.objects.filter(**of_orders).update(note=None)
    Fulfillment.objects.filter(**of_orders).update(tracking_numbers=[])
    returns = Return.objects.filter(**of_orders).values_list("id", flat=True)
    ReturnLine.objects.filter(parent_id__in=list(returns)).update(note=None)


def forget_customers(person: Person, names: Names) -> None:
    """Take a person out of all that is not an order."""
    customers = list(person.customers)
    _rename_customers(names)
    _rename_marks(names)
    _forget_carts(person, names)
    PurchasingSummary.objects.filter(shopify_id__in=customers).delete()
    CustomerTag.objects.filter(customer_shopify_id__in=customers).delete()
    graves = (tombstones.CUSTOMER, tombstones.MERGED_CUSTOMER)
    Tombstone.objects.filter(resource__in=graves, shopify_id__in=customers).delete()
    forget_store_events(customers)
    _rename_merges(names)
    _drop_uploads()
    subjects = list(names.values())
    CustomerFile.objects.filter(subject__in=subjects).delete()
    of_person = PrivacyRequest.objects.filter(subject__in=subjects)
    of_person.exclude(status=PrivacyRequest.Status.WAITING).update(customer_encrypted=None)


def _drop_uploads() -> None:
    """Drop the files that wait to be taken: nobody knows whom they name."""
    waiting = CsvUpload.objects.exclude(content=None)
    why = "A customer asked to be forgotten. Export it again: what Shopify still has may come in."
    waiting.update(content=None, state=CsvUpload.State.DROPPED, trouble=why)


def _forget(known: KnownOrder, *, names: Names, merges: Names) -> None:
    known.forget(
        lambda body: kinds.ORDER.scrubbed(body, names),
        lambda body: kinds.REFUND.scrubbed(body, names),
    )
    known.rename(names)
    if merges:
        known.learn_merges(merges)


def _know_orders(orders: Collection[int]) -> None:
    """Let there be a document of each order, so that what still comes of it is known to be
    nobody's."""
    present = set(
        OrderDocument.objects.filter(shopify_id__in=orders).values_list("shopify_id", flat=True)
    )
    at, triggered_at, digest = UNKNOWN_VERSION
    OrderDocument.objects.bulk_create(
        OrderDocument(
            shopify_id=order,
            version_at=at,
            version_triggered_at=triggered_at,
            version_digest=digest,
            synced_at=at,
        )
        for order in sorted(set(orders) - present)
    )


def _forget_carts(person: Person, names: Names) -> None:
    """Take the person out of checkouts; whether there was a contact is counted and stays."""
    carts = carts_of(person)
    ids = list(carts.values_list("id", flat=True))
    carts = AbandonedCart.objects.filter(id__in=ids)
    carts.filter(email__gt="").update(email=kinds.FORGOTTEN)
    carts.filter(phone__gt="").update(phone=kinds.FORGOTTEN)
    carts.update(token=None, cart_token=None, recovery_url=None)
    for cart in carts:
        lines = kinds.without_own_words(cart.lines)
        carts.filter(id=cart.id).update(lines=lines, held_search=titles_of(lines))
    merges = merges_of(names.values())
    for customer, name in names.items():
        of_customer = carts.filter(customer_shopify_id=customer)
        of_customer.update(customer_shopify_id=merges.get(name, name))


def _rename_customers(names: Names) -> None:
    """Leave of customers a row that counts and says nothing but since when, whether there was an
    e-mail, and the country and region, as orders do."""
    present = Customer.objects.filter(shopify_id__in=names.values())
    taken = set(present.values_list("shopify_id", flat=True))
    for customer, name in names.items():
        row = Customer.objects.filter(shopify_id=customer)
        if name in taken:  # by what came of them after they were forgotten
            row.delete()
            continue
        had_email = Case(When(email_search=None, then=None), default=Value(kinds.FORGOTTEN))
        unsaid = dict.fromkeys(_SAID_OF_CUSTOMERS)
        row.update(shopify_id=name, email_search=had_email, version_digest=_NO_DIGEST, **unsaid)


def _rename_marks(names: Names) -> None:
    for customer, name in names.items():
        marks = RollupMark.objects.filter(customer_shopify_id=customer)
        marks.update(customer_shopify_id=name)


def _rename_merges(names: Names) -> None:
    customers = list(names)
    named = Q(shopify_id__in=customers) | Q(told_into_shopify_id__in=customers)
    for merge in CustomerMerge.objects.filter(named | Q(into_shopify_id__in=customers)):
        gone, told, into = (
            names.get(key, key) if key is not None else None
            for key in (merge.shopify_id, merge.told_into_shopify_id, merge.into_shopify_id)
        )
        same = CustomerMerge.objects.filter(shopify_id=gone, told_into_shopify_id=told)
        if same.exclude(id=merge.id).exists():
            merge.delete()  # it was told again meanwhile
        else:
            CustomerMerge.objects.filter(id=merge.id).update(
                shopify_id=gone, told_into_shopify_id=told, into_shopify_id=into
            )
