"""Access tokens: which app may read what of which shop, and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

SCOPES = frozenset(
    "read_orders read_all_orders read_products read_inventory read_locations read_customers"
    " read_customer_merge read_returns read_fulfillments read_merchant_managed_fulfillment_orders"
    " read_discounts read_reports read_marketing_events read_shopify_payments_disputes".split()
)
APP = "double"  # the app of tokens that no authorisation has asked for


@dataclass(slots=True)
class Grant:
    """What a token allows. Without `expires_at` it lasts until it is revoked."""

    token: str
    domain: str
    app: str = APP
    scopes: frozenset[str] = SCOPES
    expires_at: datetime | None = None
    customer_data: bool = True  # protected customer data: who bought what
    people: bool = True  # its second level: names, mails, phones, addresses
    revoked: bool = False
    used: bool = False  # somebody has asked with it


class Grants:
    """All tokens that were given out."""

    def __init__(self) -> None:
        self._by_token: dict[str, Grant] = {}

    def add(self, grant: Grant) -> Grant:
        self._by_token[grant.token] = grant
        return grant

    def of(self, domain: str) -> list[Grant]:
        """Return the grants of a shop, the oldest first."""
        return [grant for grant in self._by_token.values() if grant.domain == domain]

    def find(self, token: str, domain: str, *, now: datetime) -> Grant | None:
        """Return what a token allows in a shop now; None where it allows nothing."""
        grant = self._by_token.get(token)
        if grant is None or grant.domain != domain or grant.revoked:
            return None
        if grant.expires_at is not None and grant.expires_at <= now:
            return None
        grant.used = True
        return grant

    def revoke(self, domain: str, app: str | None = None) -> None:
        """End all tokens of a shop, or those of one app."""
        for grant in self.of(domain):
            if app in (None, grant.app):
                grant.revoked = True
