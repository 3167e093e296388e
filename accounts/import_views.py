"""Beginning and ending an import of the shop's past; pages with its part tell how far it is."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from accounts.audit import note
from accounts.form_pages import next_path
from accounts.http import IdentifiedRequest, managed_tenant
from shop_data.imports import importing
from shop_data.shopify.client import admin_client
from shop_data.shopify.errors import ShopifyError
from tenants.audit import Action
from tenants.http import tenant_page


@require_POST
@tenant_page
def begin(request: IdentifiedRequest) -> HttpResponse:
    """Begin to import the shop's past, or join the import that runs."""
    tenant = managed_tenant(request)
    try:
        admin_client(tenant.id)
    except ShopifyError as error:
        messages.error(request, error.message)
        return redirect(next_path(request, otherwise="accounts:settings"))
    importing.begin(now=timezone.now())
    note(request, Action.IMPORT_BEGUN, subject=tenant.name)
    messages.info(request, "The import has begun. Everything else works meanwhile.")
    return redirect(next_path(request, otherwise="accounts:settings"))


@require_POST
@tenant_page
def cancel(request: IdentifiedRequest) -> HttpResponse:
    """End the import; what has come stays."""
    tenant = managed_tenant(request)
    if importing.cancel(now=timezone.now()):
        note(request, Action.IMPORT_CANCELLED, subject=tenant.name)
        messages.info(request, "The import has ended. What has come stays.")
    else:
        messages.info(request, "The import had ended before.")
    return redirect(next_path(request, otherwise="accounts:settings"))
