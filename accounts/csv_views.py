"""Owners upload CSV exports of Shopify, see what was understood, and confirm it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import note
from accounts.csv_forms import CsvForm
from accounts.csv_rows import upload_row, upload_rows
from accounts.form_pages import form_page, page, posted, refused
from accounts.http import IdentifiedRequest, managed_tenant
from shop_data.csv_exports import uploads
from tenants.audit import Action
from tenants.http import tenant_page
from xenofy.common.errors import XenofyError


@never_cache
@form_page
@tenant_page
def files(request: IdentifiedRequest) -> HttpResponse:
    """Take files, and list those that came."""
    managed_tenant(request)
    form = CsvForm(posted(request), request.FILES if request.method == "POST" else None)
    rows = {"rows": upload_rows(now=timezone.now())}
    if not form.is_valid():
        return page(request, "csv_files", form, rows)
    try:
        kept = [
            uploads.keep(each.name, each.chunks(), now=timezone.now())
            for each in form.cleaned_data["exports"]
        ]
    except XenofyError as error:
        return refused(request, "csv_files", form, error, rows)
    if len(kept) == 1:
        return redirect("accounts:csv_file", kept[0].id)
    return redirect("accounts:csv_files")


@never_cache
@require_safe
@tenant_page
def file(request: IdentifiedRequest, upload_id: UUID) -> HttpResponse:
    """Say what was understood of a file, and how far its import is."""
    managed_tenant(request)
    row, understood = upload_row(upload_id, now=timezone.now())
    return render(request, "accounts/csv_file.html", {"row": row, "understood": understood})


@require_POST
@tenant_page
def confirm(request: IdentifiedRequest, upload_id: UUID) -> HttpResponse:
    """Let what was understood be imported."""
    managed_tenant(request)
    row, _ = upload_row(upload_id, now=timezone.now())
    holds_all = "holds_all" in request.POST
    if uploads.confirm(upload_id, holds_all=holds_all, now=timezone.now()):
        note(request, Action.CSV_IMPORTED, subject=row.name, holds_all=holds_all)
    else:
        messages.error(request, "There is nothing to import: this file does not wait any more.")
    return redirect("accounts:csv_file", upload_id)


@require_POST
@tenant_page
def drop(request: IdentifiedRequest, upload_id: UUID) -> HttpResponse:
    """Forget a file; what has been imported of it stays."""
    managed_tenant(request)
    upload_row(upload_id, now=timezone.now())
    if uploads.drop(upload_id, now=timezone.now()):
        messages.info(request, "The file is forgotten. What was imported of it stays.")
    return redirect("accounts:csv_files")
