"""Whom a request means: all names under which bodies and rows know one person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from shop_data.payloads.values import Body, child, identifier
from shop_data.privacy.kinds import Kind, Path, value_at

_DIGITS = re.compile(r"\D+")
_FEWEST_DIGITS = 6  # of a phone number


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A customer, or what is left to recognise one by.

    Parameters
    ----------
    customers
        Shopify's ids: their own and those that were merged into it.
    orders
        Shopify's ids of their orders.
    emails, phones
        in the form of `normal_email` and `normal_phone`; a guest is known by them alone.
    """

    customers: frozenset[int] = frozenset()
    orders: frozenset[int] = frozenset()
    emails: frozenset[str] = frozenset()
    phones: frozenset[str] = frozenset()

    def is_in(self, kind: Kind, body: Body) -> bool:
        """Tell whether a body is about this person."""
        customers = kind.customers_in(body)
        if customers & self.customers or kind.orders_in(body) & self.orders:
            return True
        return not customers and bool(
            emails_in(kind, body) & self.emails or phones_in(kind, body) & self.phones
        )

    def as_json(self) -> str:
        """Return the person as text, which `from_json` reads."""
        return json.dumps({name: sorted(getattr(self, name)) for name in self.__slots__})

    @classmethod
    def from_json(cls, written: str) -> Person:
        """Return the person that `as_json` wrote."""
        return cls(**{name: frozenset(values) for name, values in json.loads(written).items()})


def named_in(request: Body) -> Person:
    """Return whom the body of a request names; raise `PayloadError` where it names nobody."""
    customer = child(request, "customer") or {}
    found = identifier(customer.get("id"), "customer.id")
    return Person(
        customers=frozenset([] if found is None else [found]),
        orders=frozenset(_orders_in(request)),
        emails=frozenset(_normal([customer.get("email")], normal_email)),
        phones=frozenset(_normal([customer.get("phone")], normal_phone)),
    )


def names_anybody(kind: Kind, body: Body) -> bool:
    """Tell whether a body says whom it is about, where those of its kind do."""
    ids = kind.customers_in(body) or kind.orders_in(body)
    return bool(ids or emails_in(kind, body) or phones_in(kind, body))


def emails_in(kind: Kind, body: Body) -> set[str]:
    """Return the addresses that a body names."""
    return set(_normal(_values(body, kind.emails), normal_email))


def phones_in(kind: Kind, body: Body) -> set[str]:
    """Return the phone numbers that a body names."""
    return set(_normal(_values(body, kind.phones), normal_phone))


def normal_email(given: str) -> str:
    """Return the form in which addresses are compared."""
    return given.strip().lower()


def normal_phone(given: str) -> str:
    """Return the digits of a phone number; none where they are too few to be one."""
    digits = _DIGITS.sub("", given)
    return digits if len(digits) >= _FEWEST_DIGITS else ""


def _values(body: Body, paths: Iterable[Path]) -> list[Any]:
    return [value_at(body, path) for path in paths]


def _normal(values: Iterable[Any], normal: Any) -> Iterator[str]:
    for value in values:
        if isinstance(value, str) and (found := normal(value)):
            yield found


def _orders_in(request: Mapping[str, Any]) -> Iterator[int]:
    for name in ("orders_requested", "orders_to_redact"):
        given = request.get(name)
        for item in given if isinstance(given, list) else []:
            found = identifier(item, name)
            if found is not None:
                yield found
