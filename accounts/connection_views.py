"""Connecting a shop: approving the app in Shopify, its own credentials, and asking the shop.

These views talk to Shopify, so they run outside of the tenant's transaction.
"""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from accounts import authorisation, store_connection
from accounts.audit import note
from accounts.authorisation import COOKIE, COOKIE_SECONDS, NotAuthorised
from accounts.form_pages import next_path
from accounts.http import IdentifiedRequest, managed_tenant
from shop_data.errands import ask
from shop_data.shopify.checking import check
from shop_data.shopify.errors import NotConnected
from shop_data.shopify.upkeep import CONNECTION, DAILY, start_work
from shop_data.upserts.store import note_people
from tenants.audit import Action
from tenants.http import tenant_page
from tenants.models import Connection
from tenants.scope import tenant_scope
from xenofy.common.errors import XenofyError


@never_cache
@require_safe
@tenant_page
def authorise(request: IdentifiedRequest) -> HttpResponse:
    """Send the owner to Shopify to approve the app; a link, for our forms lead nowhere else."""
    connection = _connection(request)
    try:
        departure = authorisation.depart(connection)
    except XenofyError as error:
        return _back(request, connection, error)
    answer = HttpResponse(status=302, headers={"Location": departure.address})
    answer.set_cookie(
        COOKIE,
        departure.cookie,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return answer


@never_cache
@require_safe
@tenant_page
@sensitive_variables()
def authorised(request: IdentifiedRequest) -> HttpResponse:
    """Take what Shopify sends the owner back with; say why where it does not count."""
    connection = _connection(request)

    def exchange() -> None:
        if any(len(values) > 1 for _, values in request.GET.lists()):
            raise NotAuthorised("The answer names a thing twice.")
        cookie = request.COOKIES.get(COOKIE, "")
        authorisation.arrive(connection, request.GET.dict(), cookie=cookie, now=timezone.now())

    answer = _connecting(request, connection, exchange)
    answer.delete_cookie(COOKIE)
    return answer


@require_POST
@tenant_page
def use_credentials(request: IdentifiedRequest) -> HttpResponse:
    """Get a token with the app's own credentials, as shops of the app's organisation may."""
    connection = _connection(request)
    return _connecting(request, connection, lambda: store_connection.use_credentials(connection))


@require_POST
@tenant_page
def check_connection(request: IdentifiedRequest) -> HttpResponse:
    """Ask the shop whether the connection works."""
    return _connecting(request, _connection(request), lambda: None)


def _connecting(
    request: IdentifiedRequest, connection: Connection, begin: Callable[[], None]
) -> HttpResponse:
    """Do what leads to a token, then ask the shop; the page says what came of it.

    A shop that was not proven before is on its first steps.
    """
    try:
        begin()
        found = check(connection.id, now=timezone.now())
    except XenofyError as error:
        return _back(request, connection, error)
    now = timezone.now()
    start_work(found.tenant_id, now=now)
    with tenant_scope(found.tenant_id):
        note_people(withheld_at=None)
        ask(CONNECTION, at=now + DAILY)
        note(request, Action.SHOP_CONNECTED, subject=found.domain, grant=found.grant)
    messages.info(request, f"{found.domain} is connected.")
    otherwise = "accounts:settings" if connection.proven_at else "accounts:welcome_check"
    return redirect(next_path(request, otherwise=otherwise))


def _connection(request: IdentifiedRequest) -> Connection:
    """Return the connection of who may manage it; 409 where there is none, 403 for anybody else."""
    tenant = managed_tenant(request)
    connection = store_connection.connection_of(tenant.id)
    if connection is None:
        raise NotConnected
    return connection


def _back(request: HttpRequest, connection: Connection, error: XenofyError) -> HttpResponse:
    messages.error(request, error.message)
    otherwise = "accounts:settings" if connection.proven_at else "accounts:welcome_connect"
    return redirect(next_path(request, otherwise=otherwise))
