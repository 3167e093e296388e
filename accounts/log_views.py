"""The settings page of what people did in a tenant, for its owner."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.http import IdentifiedRequest, managed_tenant
from accounts.log_rows import log_rows
from shop_data.store import shop_time_zone
from tenants import audit
from tenants.http import tenant_page

PER_PAGE = 50


@never_cache
@require_safe
@tenant_page
def log(request: IdentifiedRequest) -> HttpResponse:
    """Show the entries, newest first; `before` is the number of the one that a page ends above."""
    managed_tenant(request)
    entries = audit.entries(before=_before(request), limit=PER_PAGE + 1)
    shown = entries[:PER_PAGE]
    path = reverse("accounts:log")
    context = {
        "rows": log_rows(shown, zone=shop_time_zone(), now=timezone.now()),
        "newer": path if "before" in request.GET else "",
        "older": f"{path}?before={shown[-1].number}" if len(entries) > PER_PAGE else "",
    }
    return render(request, "accounts/log.html", context)


def _before(request: IdentifiedRequest) -> int | None:
    """Return the number that is asked for; 404 for what is none."""
    given = request.GET.get("before")
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= 18):
        raise Http404
    return int(given)
