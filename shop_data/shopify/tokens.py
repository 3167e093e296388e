"""A token that works: renewed before it ends, by one process for all, and never lost.

A refresh token is used up by using what it brought, so two must not renew at once: whoever does
holds the connection's row for the seconds that Shopify takes, which is why this asks Shopify
inside of a transaction, and one of its own. Both tokens of a pair are written together, and the
pair before stays: of an answer that was lost, it is the one that Shopify still knows.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from shop_data.models import AppInstallation
from shop_data.shopify import grants
from shop_data.shopify.errors import ReauthRequired, Unreachable
from shop_data.shopify.grants import Granted, GrantRefused
from tenants.models import Connection, ConnectionState, Grant
from tenants.scope import tenant_scope

EARLY = timedelta(minutes=7)  # before its end a token is renewed
IDLE = timedelta(days=7)  # after which the pair of a shop that nothing is asked of is renewed
PAIR = [
    *("access_token_encrypted", "refresh_token_encrypted", "access_expires_at"),
    *("previous_access_token_encrypted", "previous_refresh_token_encrypted"),
    *("refresh_expires_at", "renewed_at", "grant", "state", "last_error", "checked_at"),
    "updated_at",
]
_RECONNECT = "Connect the shop again on the settings page; nothing that is here is lost."


def access_token(connection_id: UUID, *, now: datetime, refused: str = "") -> str:
    """Return a token for the shop, renewed where it is due or was `refused`.

    Raises `ReauthRequired` when only the merchant can help, `Unreachable` when Shopify does not
    answer and the token that is there is over.
    """
    connection = Connection.objects.get(id=connection_id)
    if not _due(connection, now=now, refused=refused):
        return str(connection.access_token)
    return renew(connection_id, now=now, refused=refused)


def renew(connection_id: UUID, *, now: datetime, refused: str = "") -> str:
    """Renew a token that is due or was refused, unless another process just did; return it."""
    with transaction.atomic(durable=True):
        connection = _locked(connection_id)
        if _due(connection, now=now, refused=refused):
            _renew(connection, now=now, refused=refused)
    if connection.state != ConnectionState.CONNECTED:
        raise ReauthRequired(connection.last_error)
    return str(connection.access_token)


def renew_idle(connection_id: UUID, *, now: datetime) -> None:
    """Renew what was not for a week, so that its refresh token does not end unused.

    A token that was approved and never ends, which Shopify takes until 2027, becomes a pair.
    """
    with transaction.atomic(durable=True):
        connection = _locked(connection_id)
        if connection.state == ConnectionState.CONNECTED and _is_idle(connection, now=now):
            _renew(connection, now=now)


def keep(connection: Connection, granted: Granted, *, now: datetime) -> None:
    """Write a pair of tokens, and keep the one that was there; the caller holds the row."""
    connection.previous_access_token = connection.access_token
    connection.previous_refresh_token = connection.refresh_token
    connection.access_token = granted.access_token
    connection.refresh_token = granted.refresh_token
    connection.access_expires_at = granted.access_expires_at
    connection.refresh_expires_at = granted.refresh_expires_at
    connection.renewed_at = connection.checked_at = now
    connection.state, connection.last_error = ConnectionState.CONNECTED, ""
    connection.save(update_fields=PAIR)


def give_up(connection_id: UUID, *, refused: str, now: datetime) -> None:
    """Raise `ReauthRequired`, after a renewed token was `refused` too.

    Another that came meanwhile, as when the merchant connected again, is left as it is.
    """
    with transaction.atomic(durable=True):
        connection = _locked(connection_id)
        if connection.access_token == refused:
            end(connection, why="Shopify takes the access token no more.", now=now)
    if connection.state != ConnectionState.CONNECTED:
        raise ReauthRequired(connection.last_error)
    raise Unreachable("Shopify took the access token no more; there is another one now.")


def end(connection: Connection, *, why: str, now: datetime) -> None:
    """Write down that only the merchant can help, and what Shopify said.

    `updated_at` stays: a shop whose connection changed counts as connected again (xenofy.erasing).
    """
    since = connection.renewed_at or connection.created_at
    with tenant_scope(connection.tenant_id):
        gone = AppInstallation.objects.filter(uninstalled_at__gt=since).exists()
    connection.state = ConnectionState.UNINSTALLED if gone else ConnectionState.REAUTH_REQUIRED
    connection.last_error = f"{why} {_RECONNECT}"
    connection.checked_at = now
    connection.save(update_fields=["state", "last_error", "checked_at"])


def _due(connection: Connection, *, now: datetime, refused: str) -> bool:
    if not connection.access_token or (refused and connection.access_token == refused):
        return True
    ends_at = connection.access_expires_at
    return ends_at is not None and ends_at - EARLY <= now


def _is_idle(connection: Connection, *, now: datetime) -> bool:
    if connection.grant != Grant.CODE or connection.access_token_encrypted is None:
        return False
    return connection.renewed_at is None or connection.renewed_at + IDLE <= now


def _renew(connection: Connection, *, now: datetime, refused: str = "") -> None:
    try:
        granted = _next(connection, now=now)
    except GrantRefused as error:
        end(connection, why=error.message, now=now)
    except Unreachable:
        if not _still_good(connection, now=now, refused=refused):
            raise
    else:
        keep(connection, granted, now=now)


def _still_good(connection: Connection, *, now: datetime, refused: str) -> bool:
    """Tell whether the token can be used while Shopify gives no other."""
    ends_at = connection.access_expires_at
    good = ends_at is not None and ends_at > now
    return good and connection.access_token not in {"", refused}


def _next(connection: Connection, *, now: datetime) -> Granted:
    """Ask for the next tokens in the way that this connection has; raise `GrantRefused`."""
    domain, app = connection.domain, connection.app
    if connection.grant == Grant.CLIENT_CREDENTIALS:
        return grants.for_credentials(domain, app, now=now)
    if connection.grant == Grant.CODE and connection.access_expires_at is None:
        return grants.for_lasting_token(domain, app, connection.access_token, now=now)
    if not connection.refresh_token:
        raise GrantRefused("Shopify takes the access token no more.")
    try:
        return grants.for_refresh_token(domain, app, connection.refresh_token, now=now)
    except GrantRefused:
        before = connection.previous_refresh_token
        if not before:
            raise
        return grants.for_refresh_token(domain, app, before, now=now)


def _locked(connection_id: UUID) -> Connection:
    rows = Connection.objects.select_related("app").select_for_update(of=("self",))
    return rows.get(id=connection_id)
