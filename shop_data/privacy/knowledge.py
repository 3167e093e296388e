"""What the mirror knows of a person beside the names that a request gives."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import F, Func, Q, QuerySet, TextField, Value

from shop_data.models import AbandonedCart, Customer, Order
from shop_data.privacy.people import Person, normal_email, normal_phone
from shop_data.privacy.requests import with_merged

_DIGITS = Func(
    F("phone"), Value(r"\D"), Value(""), Value("g"),
    function="regexp_replace", output_field=TextField(),
)  # fmt: skip


def all_known(named: Person) -> Person:
    """Return a person with all customers, orders and contacts that belong to them here.

    A guest's order is theirs when it has their address or phone number; that of another customer
    never is, whatever it has.
    """
    customers = with_merged(named.customers)
    rows = Customer.objects.filter(shopify_id__in=customers).values_list("email", "phone")
    emails = {*named.emails, *_normal((email for email, _ in rows), normal_email)}
    phones = {*named.phones, *_normal((phone for _, phone in rows), normal_phone)}
    orders = Order.objects.filter(customer_shopify_id__in=customers)
    by_guests = _of_guests(Order.objects.all(), "email_search", emails, phones)
    return Person(
        customers=frozenset(customers),
        orders=named.orders | _ids(orders) | _ids(by_guests),
        emails=frozenset(emails),
        phones=frozenset(phones),
    )


def carts_of(person: Person) -> QuerySet[AbandonedCart]:
    """Return the checkouts of a person."""
    carts = AbandonedCart.objects.all()
    by_guests = _of_guests(carts, "email", person.emails, person.phones)
    ids = [*_ids(carts.filter(customer_shopify_id__in=person.customers)), *_ids(by_guests)]
    return carts.filter(shopify_id__in=ids)


def _of_guests(
    rows: QuerySet[Any], email_column: str, emails: Collection[str], phones: Collection[str]
) -> QuerySet[Any]:
    rows = rows.filter(customer_shopify_id=None)
    if not phones:
        return rows.filter(**{f"{email_column}__in": emails})
    rows = rows.annotate(digits=_DIGITS)
    return rows.filter(Q(**{f"{email_column}__in": emails}) | Q(digits__in=phones))


def _ids(rows: QuerySet[Any]) -> frozenset[int]:
    return frozenset(rows.values_list("shopify_id", flat=True))


def _normal(values: Iterable[str | None], normal: Any) -> set[str]:
    return {found for value in values if value and (found := normal(value))}
