"""The numbers that customers have once they are forgotten, and marks of how they were reached.

They follow from what is meant by a key that only this shop has, so that what comes late is known
again without keeping whom it is about. With the key goes the last way back.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Iterable

from tenants.models import TenantState

FIRST = 2**62  # Shopify's own numbers are far below
NAME = "Forgotten customer"  # of all of them
CUSTOMER, EMAIL, PHONE = "customer", "email", "phone"
_KEY_BYTES = 32


class Pseudonyms:
    """The pseudonyms of the current tenant; its key is made when it is first needed."""

    def __init__(self) -> None:
        self._key = bytes.fromhex(_key())

    def of(self, kind: str, value: object) -> int:
        """Return the pseudonym of a value; the one of a customer's pseudonym is itself."""
        if isinstance(value, int) and is_pseudonym(value):
            return value
        digest = hmac.digest(self._key, f"{kind}:{value}".encode(), hashlib.sha256)
        return FIRST + int.from_bytes(digest[:8]) % FIRST

    def names(self, customers: Iterable[int]) -> dict[int, int]:
        """Return Shopify's id of a customer -> pseudonym."""
        return {customer: self.of(CUSTOMER, customer) for customer in customers}


def is_pseudonym(customer: int) -> bool:
    """Tell whether a customer's number says that they were forgotten."""
    return customer >= FIRST


def _key() -> str:
    state = TenantState.objects.get()
    if not state.pseudonym_key:
        state.pseudonym_key = secrets.token_hex(_KEY_BYTES)
        TenantState.objects.update(pseudonym_key_encrypted=state.pseudonym_key_encrypted)
    return str(state.pseudonym_key)
