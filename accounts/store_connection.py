"""A tenant's connection to its shop, as the settings page shows and changes it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F

from accounts.registration import Shop, app_of, claim, refuse_taken
from shop_data.models import AppInstallation
from shop_data.shopify.budget import other_version
from shop_data.shopify.errors import NotConnected
from shop_data.shopify.scopes import Scope, missing
from shop_data.shopify.tokens import PAIR
from shop_data.store import shop_time_zone
from tenants.models import Connection, ConnectionState, Grant, ShopifyApp, Tenant, TenantState
from xenofy.common.formats import clock, day

_APP = ["client_id", "client_secret_encrypted", "previous_secret_encrypted", "updated_at"]


class StoreConnection(NamedTuple):
    """What is known of a connection; the secrets themselves never leave their columns."""

    domain: str
    client_id: str
    is_proven: bool
    has_secret: bool
    has_previous_secret: bool
    has_token: bool
    grant: str
    state: str
    last_error: str
    checked_at: str
    scopes: list[str] | None
    missing: list[Scope]
    other_version: str  # of the API, where Shopify answers with one that was not asked for

    @property
    def has_app(self) -> bool:
        return bool(self.client_id) and self.has_secret

    @property
    def is_over(self) -> bool:
        """Whether Shopify takes our token no more."""
        return self.state != ConnectionState.CONNECTED


def domain_of(tenant_id: UUID) -> str | None:
    """Return the domain of the tenant's shop, proven or not; None without a connection."""
    connection = connection_of(tenant_id)
    return connection.domain if connection else None


def store_connection(tenant_id: UUID, *, now: datetime) -> StoreConnection | None:
    """Return the tenant's connection, the proven one where there are several."""
    connection = connection_of(tenant_id)
    if connection is None:
        return None
    scopes = AppInstallation.objects.values_list("scopes", flat=True).first()
    return StoreConnection(
        domain=connection.domain,
        client_id=connection.app.client_id,
        is_proven=connection.proven_at is not None,
        has_secret=connection.app.client_secret_encrypted is not None,
        has_previous_secret=connection.app.previous_secret_encrypted is not None,
        has_token=connection.access_token_encrypted is not None,
        grant=Grant(connection.grant).label,
        state=connection.state,
        last_error=connection.last_error,
        checked_at=_local(connection.checked_at, now=now),
        scopes=scopes,
        missing=[] if scopes is None else missing(scopes),
        other_version=other_version(),
    )


def last_heard(*, now: datetime) -> str:
    """Return when what Shopify sent last changed the shop's data here, in the shop's own time.

    Empty when nothing has come yet.
    """
    changed_at = TenantState.objects.values_list("data_changed_at", flat=True).first()
    return _local(changed_at, now=now)


def _local(moment: datetime | None, *, now: datetime) -> str:
    """Write a moment in the shop's own time; empty for none."""
    if moment is None:
        return ""
    zone = shop_time_zone()
    local = moment.astimezone(zone)
    return f"{day(local.date(), today=now.astimezone(zone).date())}, {clock(local)} ({zone.key})"


def keep_bodies(tenant: Tenant, *, days: int) -> None:
    """Set for how many days the tenant keeps the bodies of deliveries."""
    tenant.body_retention_days = days
    tenant.save(update_fields=["body_retention_days", "updated_at"])


@transaction.atomic
def change(tenant: Tenant, *, shop: Shop) -> None:
    """Set what is given; an empty secret or token stays as it is.

    A proven domain stays, whatever is given; raises `DomainTaken` for one that another tenant has
    proven.
    """
    connection = connection_of(tenant.id, lock=True)
    if connection is None:
        refuse_taken(shop.domain)
        claim(tenant, shop=shop)
        return
    if connection.proven_at is None and shop.domain != connection.domain:
        refuse_taken(shop.domain)
        connection.domain = shop.domain
    if shop.access_token:
        _paste(connection, shop.access_token)
    if shop.client_secret or shop.client_id:
        connection.app = _app(connection, shop)
    connection.save(update_fields=["app", "domain", *PAIR])


def use_credentials(connection: Connection) -> None:
    """Let the token be one that the app's own credentials get; raise without them."""
    if not connection.app.client_id or connection.app.client_secret_encrypted is None:
        raise NotConnected("Enter the client ID and the secret of your app first.")
    _forget_tokens(connection)
    connection.grant = Grant.CLIENT_CREDENTIALS
    connection.save(update_fields=PAIR)


def _paste(connection: Connection, token: str) -> None:
    _forget_tokens(connection)
    connection.grant = Grant.PASTED
    connection.access_token = token


def _forget_tokens(connection: Connection) -> None:
    """Begin anew: what a token was renewed with belongs to it alone."""
    connection.access_token = connection.refresh_token = ""
    connection.previous_access_token = connection.previous_refresh_token = ""
    connection.access_expires_at = connection.refresh_expires_at = None
    connection.renewed_at = connection.checked_at = None
    connection.state, connection.last_error = ConnectionState.CONNECTED, ""


def _app(connection: Connection, shop: Shop) -> ShopifyApp:
    """Return the app with what is given; the old secret stays good, Shopify signs with it a while.

    An app that serves other shops too is left alone: this shop gets one of its own, or joins the
    one whose credentials it gives. Raises `AppTaken`.
    """
    app = connection.app
    is_another = shop.client_id not in {"", app.client_id}
    if not is_another and not shop.client_secret:
        return app
    serves_others = app.connections.exclude(id=connection.id).exists()
    known = ShopifyApp.objects.filter(client_id=shop.client_id).exists()
    if serves_others or (is_another and (app.client_id or known)):
        return app_of(shop)
    app.client_id = shop.client_id or app.client_id
    if shop.client_secret not in {"", app.client_secret}:
        app.previous_secret, app.client_secret = app.client_secret, shop.client_secret
    app.save(update_fields=_APP)
    return app


def connection_of(tenant_id: UUID, *, lock: bool = False) -> Connection | None:
    """Return the tenant's connection with its app, the proven one where there are several."""
    rows = Connection.objects.select_related("app").filter(tenant_id=tenant_id)
    if lock:
        rows = rows.select_for_update()
    return rows.order_by(F("proven_at").asc(nulls_last=True), "id").first()
