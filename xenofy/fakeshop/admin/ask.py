"""Who asks, of which shop: what resolvers know beside the record."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from graphql import GraphQLError, GraphQLSchema

from xenofy.fakeshop.grants import Grant
from xenofy.fakeshop.shop import Shop
from xenofy.fakeshop.state import ShopState

ORDERS_WINDOW = timedelta(days=60)  # what an app sees of orders without read_all_orders


@dataclass
class Ask:
    """One request to the Admin API."""

    shop: Shop
    grant: Grant
    version: str
    schema: GraphQLSchema
    is_bulk: bool = False
    warnings: list[dict[str, Any]] = field(default_factory=list)
    objects: int = 0  # what has been answered so far, for the cost
    pages: int = 0

    @property
    def state(self) -> ShopState:
        return self.shop.state

    def now(self) -> datetime:
        return self.state.clock.now()

    def needs(self, scope: str, name: str) -> None:
        """Refuse a field to an app without its scope, in Shopify's words; "" is no scope."""
        if scope and scope not in self.grant.scopes:
            raise denied(name, f"`{scope}` access scope")

    def needs_customer_data(self, name: str) -> None:
        """Refuse who bought to an app that is not approved for it."""
        if not self.grant.customer_data:
            raise denied(name, "protected customer data")

    def needs_people(self, name: str) -> None:
        """Refuse names, mails, phones and addresses to an app that is not approved for them."""
        if not (self.grant.customer_data and self.grant.people):
            raise denied(name, "protected customer data, level 2")

    def oldest_order(self) -> datetime | None:
        """Return since when orders can be seen; None where all can."""
        if "read_all_orders" in self.grant.scopes:
            return None
        return self.now() - ORDERS_WINDOW


def denied(name: str, required: str) -> GraphQLError:
    return GraphQLError(
        f"Access denied for {name} field. Required access: {required}.",
        extensions={
            "code": "ACCESS_DENIED",
            "documentation": "https://shopify.dev/api/usage/access-scopes",
            "requiredAccess": required,
        },
    )
