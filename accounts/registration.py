"""How an account comes to be: a person, a tenant, and the claim on a shop's domain."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

import psycopg
from django.db import IntegrityError, transaction

from accounts.email_confirmation import mail_link
from accounts.models import Membership, User
from shop_data.errands import ask
from shop_data.shopify.upkeep import CONNECTION
from tenants.models import Connection, Role, ShopifyApp, Tenant, TenantState
from tenants.scope import tenant_scope
from xenofy.common.errors import Conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """What somebody says about a shop; `domain` as `normal_domain` returns it.

    `access_token` is the Admin API's, `client_id` and `client_secret` the app's, whose secret
    signs webhooks; each may be given later.
    """

    name: str
    domain: str
    access_token: str = ""
    client_secret: str = ""
    client_id: str = ""


class EmailTaken(Conflict):
    """Somebody has registered with this email."""

    def __init__(self) -> None:
        message = "There is an account with this email. Sign in instead."
        super().__init__(message, fields={"email": [message]})


class DomainTaken(Conflict):
    """Another tenant has proven that the shop is theirs."""

    def __init__(self) -> None:
        message = "This shop is connected to another account. Ask its owner to add you."
        super().__init__(message, fields={"domain": [message]})


class AppTaken(Conflict):
    """The app is known here, and not with this secret."""

    def __init__(self) -> None:
        message = "This app is in use here with another secret. Give its present secret with it."
        super().__init__(message, fields={"client_id": [message]})


@transaction.atomic
def register(*, email: str, password: str, shop: Shop, now: datetime) -> tuple[User, Tenant]:
    """Create a person who owns a new tenant, and mail them to confirm the e-mail; all or nothing.

    Raises `EmailTaken` or `DomainTaken`. A claim on a domain that nobody has proven blocks nobody.
    """
    refuse_taken(shop.domain)
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, password)
    except IntegrityError as error:
        if isinstance(error.__cause__, psycopg.errors.UniqueViolation):
            raise EmailTaken from error
        raise
    mail_link(user, now=now)
    return user, open_tenant(user, shop=shop, now=now)


@transaction.atomic
def open_tenant(owner: User, *, shop: Shop, now: datetime) -> Tenant:
    """Create a tenant with an unproven claim on a shop's domain; raise `DomainTaken`.

    A token is tried in the background (`shop_data.shopify.upkeep`), and what is there imported.
    """
    refuse_taken(shop.domain)
    tenant = Tenant.objects.create(name=shop.name)
    with tenant_scope(tenant.id):
        TenantState.objects.create()
        if shop.access_token:
            ask(CONNECTION, at=now)
    Membership.objects.create(user=owner, tenant=tenant, role=Role.OWNER)
    claim(tenant, shop=shop)
    return tenant


def claim(tenant: Tenant, *, shop: Shop) -> Connection:
    """Write down which shop a tenant says is theirs, with an app of its own."""
    app = app_of(shop)
    connection = Connection(tenant=tenant, app=app, domain=shop.domain)
    connection.access_token = shop.access_token
    connection.save(force_insert=True)
    return connection


def app_of(shop: Shop) -> ShopifyApp:
    """Return the app whose credentials are given, which may serve other shops, else a new one.

    Raises `AppTaken` for an app that is known here with another secret.
    """
    known = ShopifyApp.objects.filter(client_id=shop.client_id).exclude(client_id="").first()
    if known is None:
        app = ShopifyApp(name=shop.name, client_id=shop.client_id)
        app.client_secret = shop.client_secret
        app.save(force_insert=True)
        return app
    given = shop.client_secret.encode()
    if not given or not hmac.compare_digest(known.client_secret.encode(), given):
        raise AppTaken
    return known


def refuse_taken(domain: str) -> None:
    """Raise `DomainTaken` when some tenant has proven the domain."""
    if Connection.objects.filter(domain=domain, proven_at__isnull=False).exists():
        raise DomainTaken
