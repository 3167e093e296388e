"""Customers, as webhooks since 2025-01 carry them: without tags, consent and totals."""

from __future__ import annotations

from xenofy.fakeshop.bodies.values import Body, address, gid
from xenofy.fakeshop.catalogue_records import Customer
from xenofy.fakeshop.dates import local
from xenofy.fakeshop.state import ShopState


def customer(state: ShopState, found: Customer) -> Body:
    zone = state.settings.timezone
    place = address(found.address)
    home = {**place, "id": found.id, "customer_id": found.id, "default": True} if place else None
    return {
        "id": found.id,
        "created_at": local(found.created_at, zone),
        "updated_at": local(found.updated_at, zone),
        "first_name": found.first_name,
        "last_name": found.last_name,
        "state": found.state,
        "note": found.note,
        "verified_email": found.verified,
        "multipass_identifier": None,
        "tax_exempt": found.tax_exempt,
        "email": found.email,
        "phone": found.phone,
        "currency": state.settings.currency,
        "addresses": [home] if home else [],
        "tax_exemptions": [],
        "admin_graphql_api_id": gid("Customer", found.id),
        **({"default_address": home} if home else {}),
    }


def merge(kept: Customer, gone: Customer) -> Body:
    """Return what `customers/merge` carries."""
    return {
        "admin_graphql_api_customer_kept_id": gid("Customer", kept.id),
        "admin_graphql_api_customer_deleted_id": gid("Customer", gone.id),
        "admin_graphql_api_job_id": None,
        "status": "completed",
        "errors": [],
    }


def redact(state: ShopState, found: Customer) -> Body:
    """Return what `customers/redact` carries."""
    return {
        "shop_id": state.id,
        "shop_domain": state.domain,
        "customer": {"id": found.id, "email": found.email, "phone": found.phone},
        "orders_to_redact": list(found.order_ids),
    }
