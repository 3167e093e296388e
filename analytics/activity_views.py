"""The page of what happened in the shop."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from analytics.data.parameters import FeedParameters
from analytics.list_filters import FeedFilter
from analytics.pages.activity import PAGE, activity_page
from analytics.reports.activity import happened, lines_by_type
from shop_data.store import shop_time_zone
from tenants.http import TenantRequest, tenant_page
from xenofy.common.list_pages import PageQuery, page_of


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def activity(request: TenantRequest) -> HttpResponse:
    """Answer a page of what happened, newest first."""
    form = FeedParameters(_asked(request))
    if not form.is_valid():
        return render(request, "analytics/activity.html", {"form": form}, status=400)
    chosen = {**form.chosen(), "sort": None}  # the newest first
    feed = FeedFilter(chosen, zone=shop_time_zone())
    asked = PageQuery(PAGE, form.validated_data["page"])
    found = page_of(feed.rows(), asked, count=feed.count)
    page = activity_page(
        found,
        happened(found.rows, may_see_people=request.credential.may_see_people),
        chosen=chosen,
        types=lines_by_type(),
        zone=feed.zone,
        now=timezone.now(),
    )
    return render(request, "analytics/activity.html", {"form": form, "page": page})


def _asked(request: TenantRequest) -> QueryDict:
    """Return the query without what its form leaves empty."""
    asked = request.GET.copy()
    for name in [name for name, value in asked.items() if value == ""]:
        del asked[name]
    return asked
