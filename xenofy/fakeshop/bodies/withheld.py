"""Bodies for an app that is not approved for protected customer data: what is personal is null."""

from __future__ import annotations

from typing import Any

_PEOPLE = frozenset(
    "email contact_email phone first_name last_name name address1 address2 city zip company"
    " latitude longitude note".split()
)
_PLACES = frozenset({"billing_address", "shipping_address", "default_address", "customer"})
_CONTACTS = frozenset({"email", "contact_email", "phone"})


def without_people(topic: str, body: dict[str, Any]) -> dict[str, Any]:
    """Return a body without names, mails, phones and addresses; places keep their country."""
    if topic.startswith("customers/"):
        return _blank(body)
    kept = {name: None if name in _CONTACTS else value for name, value in body.items()}
    return {
        name: _blank(value) if name in _PLACES and isinstance(value, dict) else value
        for name, value in kept.items()
    }


def _blank(body: dict[str, Any]) -> dict[str, Any]:
    """Return an address or a customer of whom nothing tells who it is."""
    return {
        name: [] if name == "addresses"
        else _blank(value) if name in _PLACES and isinstance(value, dict)
        else None if name in _PEOPLE
        else value
        for name, value in body.items()
    }  # fmt: skip
