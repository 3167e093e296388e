"""The page of data health, one delivery, its body, and putting deliveries back."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any, BinaryIO, cast
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from analytics.pages.files import list_files
from shop_data.reconciliation.report_file import ReportRefused, compare_report
from shop_data.reconciliation.results import compared
from shop_data.store import shop_time_zone
from tenants.credentials import Kind
from tenants.http import TenantRequest, tenant_page
from tenants.rights import Right
from webhooks import replay
from webhooks.api import MOST, body_response
from webhooks.events import body_of, event_detail
from webhooks.health import deliveries_health
from webhooks.serializers import RetryParameters
from xenofy.data_health.page import detail_rows, health_page, try_rows

SHOWN = 100_000  # bytes of a body
WANTED = ("topic", "status", "since", "until")
MOMENTS = {"since", "until"}


@never_cache
@require_safe
@tenant_page
def page(request: TenantRequest) -> HttpResponse:
    """Answer the page."""
    shown = health_page(
        deliveries_health(now=timezone.now()),
        compared(),
        zone=shop_time_zone(),
        may_see_people=request.credential.may_see_people,
        is_demo=request.credential.kind is Kind.DEMO,
    )
    context = {
        "page": shown,
        "files": list_files("webhooks:events", {}),
        "may_change": request.credential.may(Right.WRITE_WEBHOOKS),
    }
    return render(request, "data_health/page.html", context)


@never_cache
@require_safe
@tenant_page
def delivery(request: TenantRequest, event_id: UUID) -> HttpResponse:
    """Answer one delivery with its body; 404 for what is none of this shop."""
    _require(Right.READ_WEBHOOKS, request)
    event = event_detail(event_id)
    if event is None:
        raise Http404
    body = body_of(event_id)
    zone, now = shop_time_zone(), timezone.now()
    context = {
        "event": event,
        "rows": detail_rows(event, zone=zone, now=now),
        "tries": try_rows(event, zone=zone, now=now),
        "body": body[:SHOWN].decode("utf-8", "replace") if body is not None else None,
        "is_cut": body is not None and len(body) > SHOWN,
    }
    return render(request, "data_health/delivery.html", context)


@never_cache
@require_safe
@tenant_page
def body(request: TenantRequest, event_id: UUID) -> HttpResponse:
    """Answer a body byte for byte, as a file."""
    _require(Right.READ_WEBHOOKS, request)
    found = body_of(event_id)
    if found is None:
        raise Http404
    return body_response(event_id, found, credential=request.credential, person=request.user)


@require_POST
@tenant_page
def retry(request: TenantRequest) -> HttpResponse:
    """Put deliveries back into the queue: chosen ones, else those that the form describes."""
    _require(Right.WRITE_WEBHOOKS, request)
    parameters = RetryParameters(data=_wanted(request))
    if not parameters.is_valid():
        messages.error(
            request, "Nothing was put back: say since and until as moments, the later one last."
        )
        return redirect("data_health:page")
    found = replay.put_back(parameters.selection(), now=timezone.now(), by=_by(request), most=MOST)
    messages.info(request, _in_words(found))
    return redirect("data_health:page")


@require_POST
@tenant_page
def report(request: TenantRequest) -> HttpResponse:
    """Hold the shop's days against a report of Shopify's that was uploaded."""
    _require(Right.WRITE_WEBHOOKS, request)
    file = cast("BinaryIO", request.FILES.get("report") or BytesIO())
    try:
        done = compare_report(file, now=timezone.now())
    except ReportRefused as error:
        messages.error(request, error.message)
    else:
        messages.info(request, f"Compared {done.first_day} to {done.last_day} with the report.")
    return redirect(reverse("data_health:page") + "#shopify")


def _wanted(request: HttpRequest) -> dict[str, Any]:
    """Return the parameters of a replay; where rows can be chosen, none chosen means none."""
    if "chosen" in request.POST or ("ids" in request.POST and "status" not in request.POST):
        return {"ids": request.POST.getlist("ids")}
    wanted = {name: request.POST[name] for name in WANTED if request.POST.get(name)}
    return wanted | {name: _of_shop(wanted[name]) for name in MOMENTS & wanted.keys()}


def _of_shop(moment: str) -> str:
    """Add the shop's time zone to what a browser's field says; what is none stays as it is."""
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return moment
    return (at if at.tzinfo else at.replace(tzinfo=shop_time_zone())).isoformat()


def _in_words(found: replay.PutBack) -> str:
    said = f"{found.queued:,} put back; the worker tries them now."
    if found.pruned:
        said += f" {found.pruned:,} stay, since their bodies were pruned."
    if found.more:
        said += " There are more."
    return said


def _by(request: HttpRequest) -> str:
    return f"Put back by {request.user}."


def _require(right: Right, request: TenantRequest) -> None:
    if not request.credential.may(right):
        raise PermissionDenied
