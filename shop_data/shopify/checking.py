"""Asking a shop whether its connection works: whose it is, and what may be read there."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from shop_data.shopify.client import AdminClient
from shop_data.shopify.documents import document
from shop_data.shopify.errors import NotConnected, Refused, ShopifyError
from shop_data.upserts.store import note_granted
from tenants.connections import prove
from tenants.models import Connection, ConnectionState
from tenants.scope import tenant_scope

PATIENCE = 8.0  # seconds: somebody waits before a page
_COLUMNS = ["state", "last_error", "checked_at", "updated_at"]


def check(connection_id: UUID, *, now: datetime) -> Connection:
    """Ask the shop once, and write down what came of it; a token that works proves the domain.

    It calls out: use it outside of transactions. Raises a `ShopifyError`, which the connection
    keeps in words.
    """
    connection = Connection.objects.select_related("app").get(id=connection_id)
    try:
        installed = _ask(connection)
        if not prove(connection, now=now):
            raise Refused("This shop is connected to another account. Ask its owner to add you.")
    except ShopifyError as error:
        Connection.objects.filter(id=connection_id).update(last_error=error.message, checked_at=now)
        raise
    scopes = [str(scope["handle"]) for scope in installed.get("accessScopes") or ()]
    with tenant_scope(connection.tenant_id):
        note_granted(scopes, now=now)
    return _works(connection_id, now=now)


def _ask(connection: Connection) -> dict[str, Any]:
    """Return what Shopify says of our app in the shop; refuse another shop's answer."""
    has_token = connection.access_token_encrypted is not None
    if not has_token and not connection.app.client_id:
        raise NotConnected("There is no access token yet, and no app to get one with.")
    admin = AdminClient(connection.id, connection.tenant_id, connection.domain, PATIENCE)
    data = admin.run(document("connection"))
    if (data.get("shop") or {}).get("myshopifyDomain") != connection.domain:
        raise Refused("The access token belongs to another shop than the one that is named here.")
    installed: dict[str, Any] = data.get("currentAppInstallation") or {}
    return installed


def _works(connection_id: UUID, *, now: datetime) -> Connection:
    connection = Connection.objects.select_related("app").get(id=connection_id)
    connection.state, connection.last_error = ConnectionState.CONNECTED, ""
    connection.checked_at = now
    connection.save(update_fields=_COLUMNS)
    return connection
