"""What is known of the connection to the shop, and the form that changes it: one for all pages."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts import store_connection
from accounts.authorisation import redirect_address
from accounts.form_pages import page, posted, refused
from accounts.forms import RetentionForm, StoreForm
from accounts.http import IdentifiedRequest
from accounts.identities import Identity
from accounts.import_state import import_state
from accounts.webhook_addresses import webhook_addresses
from shop_data.errands import ask
from shop_data.shopify.scopes import asked_for
from shop_data.shopify.upkeep import CONNECTION
from shop_data.withheld_customers import withheld_customers
from tenants.models import Tenant
from tenants.rights import Right
from xenofy.common.errors import XenofyError


def store_page(request: IdentifiedRequest, *, name: str, then: str) -> HttpResponse:
    """Show the connection on the page `name`; its owner sets and replaces the secrets, and goes on
    to `then`."""
    more = store_context(request)
    if request.method == "POST" and not more["may_change"]:
        raise PermissionDenied
    form = StoreForm(posted(request), connection=more["connection"])
    if not form.is_valid():
        return page(request, name, form, more)
    try:
        store_connection.change(_tenant(request), shop=form.shop())
        ask(CONNECTION, at=timezone.now())
    except XenofyError as error:
        return refused(request, name, form, error, more)
    return redirect(then)


def store_context(request: IdentifiedRequest) -> dict[str, Any]:
    """Return what the parts of these pages show (templates/accounts/_*.html)."""
    tenant, now = _tenant(request), timezone.now()
    return {
        "connection": store_connection.store_connection(tenant.id, now=now),
        "may_change": cast("Identity", request.identity).credential.may(Right.MANAGE),
        "last_heard": store_connection.last_heard(now=now),
        "redirect_address": redirect_address(),
        "asked_for": asked_for().split(","),
        "addresses": webhook_addresses(),
        "is_public": settings.PUBLIC_URL.startswith("https://"),
        "retention": RetentionForm({"days": tenant.body_retention_days}),
        "imported": import_state(now=now),
        "withheld": withheld_customers(),
    }


def _tenant(request: IdentifiedRequest) -> Tenant:
    return cast("Tenant", cast("Identity", request.identity).tenant)
