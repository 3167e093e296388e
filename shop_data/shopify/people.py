"""Documents that ask nothing of who a customer is: for apps that Shopify shows no names to.

Protected customer data have two levels: who bought what, and names, e-mails, phones and addresses.
An app that was approved for the first alone gets an error for each field of the second, and a bulk
operation that asks for one brings nothing at all:
https://shopify.dev/docs/apps/launch/protected-customer-data.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from graphql import (
    REMOVE,
    FieldNode,
    FragmentDefinitionNode,
    Node,
    Visitor,
    VisitorAction,
    parse,
    print_ast,
    visit,
)

from shop_data.models import AppInstallation
from tenants.scope import tenant_scope

_PEOPLE = frozenset(
    "email phone firstName lastName displayName defaultEmailAddress defaultPhoneNumber".split()
)
_ADDRESSES = frozenset("billingAddress shippingAddress defaultAddress".split())
_PLACE = frozenset("countryCodeV2 country provinceCode province".split())  # where nobody lives


def are_people_withheld(tenant_id: UUID) -> bool:
    """Tell whether Shopify refused who somebody is when it was asked last."""
    with tenant_scope(tenant_id):
        return AppInstallation.objects.filter(people_withheld_at__isnull=False).exists()


def without_people(document: str) -> str:
    """Return a document without the fields that tell who somebody is."""
    return print_ast(visit(parse(document), _Stripping()))


class _Stripping(Visitor):
    """Removes fields of people, and those of their addresses that tell more than the region."""

    def enter_field(
        self, node: FieldNode, key: Any, parent: Any, path: Any, ancestors: Sequence[Any]
    ) -> VisitorAction:
        name = node.name.value
        if name in _PEOPLE or (_is_in_address(ancestors) and name not in _PLACE):
            return REMOVE
        return None


def _is_in_address(ancestors: Sequence[Node | Sequence[Node]]) -> bool:
    for one in reversed(ancestors):
        if isinstance(one, FieldNode):
            return one.name.value in _ADDRESSES
        if isinstance(one, FragmentDefinitionNode):
            return one.type_condition.name.value == "MailingAddress"
    return False
