"""The first steps of a shop, guided: connect it, check what it shows, bring its past.

They are made of the parts of the settings page, and may be left and taken up at any time.
"""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from accounts.form_pages import form_page
from accounts.http import IdentifiedRequest, managed_tenant
from accounts.store_page import store_context, store_page
from tenants.http import tenant_page


@never_cache
@sensitive_post_parameters("client_secret", "access_token")
@form_page
@tenant_page
def connect(request: IdentifiedRequest) -> HttpResponse:
    """Take the shop's app or token, and lead to Shopify."""
    managed_tenant(request)
    has_token = bool(request.POST.get("access_token"))
    then = "welcome_check" if has_token else "welcome_connect"
    return store_page(request, name="welcome_connect", then=f"accounts:{then}")


@never_cache
@require_safe
@tenant_page
def check(request: IdentifiedRequest) -> HttpResponse:
    """Say whether the connection works, and what may be read."""
    return _step(request, "welcome_check")


@never_cache
@require_safe
@tenant_page
def import_past(request: IdentifiedRequest) -> HttpResponse:
    """Say how far the import of the shop's past is."""
    return _step(request, "welcome_import")


@never_cache
@require_safe
@tenant_page
def begin(request: IdentifiedRequest) -> HttpResponse:
    """Go to the first step that is not done."""
    managed_tenant(request)
    known = store_context(request)
    connection = known["connection"]
    if connection is None or not connection.has_token or connection.is_over:
        return redirect("accounts:welcome_connect")
    is_checked = connection.checked_at and not connection.last_error
    return redirect("accounts:welcome_import" if is_checked else "accounts:welcome_check")


def _step(request: IdentifiedRequest, name: str) -> HttpResponse:
    managed_tenant(request)
    return render(request, f"accounts/{name}.html", store_context(request))
