"""The page of what customers asked of a shop, and the files made for them; for owners only."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts import privacy
from accounts.audit import note
from accounts.http import IdentifiedRequest, managed_tenant
from shop_data.privacy.files import file_answer, file_content
from tenants.audit import Action
from tenants.http import tenant_page


@never_cache
@require_safe
@tenant_page
def requests(request: IdentifiedRequest) -> HttpResponse:
    """Answer the page; 403 to anybody but an owner, since it says who asked."""
    managed_tenant(request)
    rows = privacy.request_rows(now=timezone.now())
    return render(request, "accounts/privacy.html", {"rows": rows})


@never_cache
@require_safe
@tenant_page
def file(request: IdentifiedRequest, file_id: UUID) -> HttpResponse:
    """Answer a customer's data as a file and note who took it; 404 once its time is over."""
    managed_tenant(request)
    content = file_content(file_id, now=timezone.now())
    if content is None:
        raise Http404
    note(request, Action.CUSTOMER_DATA_TAKEN, subject=str(file_id))
    return file_answer(file_id, content)
