"""The settings page of API keys, for the owner."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from accounts.audit import note
from accounts.http import IdentifiedRequest, managed_tenant
from accounts.key_forms import KeyForm
from accounts.key_rows import key_rows
from accounts.models import User
from shop_data.store import shop_time_zone
from tenants.api_keys import NewKey, TooManyKeys, keys_of, make_key, revoke_key
from tenants.audit import Action
from tenants.http import tenant_page
from tenants.models import Tenant


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@tenant_page
def keys(request: IdentifiedRequest) -> HttpResponse:
    """Show the keys of the tenant; make one, and show it this once."""
    tenant, now = managed_tenant(request), timezone.now()
    form = KeyForm(request.POST if request.method == "POST" else None)
    made = _made(request, form, tenant, now) if form.is_valid() else None
    context = {
        "form": KeyForm() if made else form,
        "made": made,
        "keys": key_rows(keys_of(tenant), zone=shop_time_zone(), now=now),
    }
    status = 201 if made else 400 if form.is_bound else 200
    return render(request, "accounts/keys.html", context, status=status)


@require_POST
@tenant_page
def revoke(request: IdentifiedRequest, key_id: UUID) -> HttpResponse:
    """End a key; 404 for one that is none of this tenant, or is over already."""
    revoked = revoke_key(managed_tenant(request), key_id, now=timezone.now())
    if revoked is None:
        raise Http404
    note(request, Action.KEY_REVOKED, subject=revoked.prefix, name=revoked.name)
    messages.info(request, f"{revoked.name} ({revoked.prefix}…) is refused from now on.")
    return redirect("accounts:keys")


def _made(
    request: IdentifiedRequest, form: KeyForm, tenant: Tenant, now: datetime
) -> NewKey | None:
    """Make the key of a valid form; None, with the reason in the form, where there may be none."""
    try:
        made = make_key(
            tenant,
            name=form.cleaned_data["name"],
            scopes=form.scopes_given(),
            expires_at=form.expires_at(now),
            created_by=cast("User", request.user).id,
            now=now,
        )
    except TooManyKeys as error:
        form.add_error("name", error.message)
        return None
    row = made.row
    note(request, Action.KEY_MADE, subject=row.prefix, name=row.name, scopes=row.scopes)
    return made
