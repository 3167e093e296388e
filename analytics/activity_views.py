"""The page of what happened in the shop."""

from __future__ import annotations

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from analytics.pages.activity import PAGE, activity_page
from analytics.reports.activity import ActivityQuery
from analytics.reports.activity import activity as report
from analytics.serializers import ActivityParameters
from shop_data.store import shop_time_zone
from tenants.http import TenantRequest, tenant_page


@require_safe
@cache_control(private=True, no_cache=True)
@tenant_page
def activity(request: TenantRequest) -> HttpResponse:
    """Answer a page of what happened, newest first."""
    form = ActivityParameters(_asked(request))
    if not form.is_valid():
        return render(request, "analytics/activity.html", {"form": form}, status=400)
    people = request.credential.may_see_people
    query = ActivityQuery(**{**form.validated_data, "limit": PAGE}, may_see_people=people)
    page = activity_page(report(query), query, zone=shop_time_zone(), now=timezone.now())
    return render(request, "analytics/activity.html", {"form": form, "page": page})


def _asked(request: TenantRequest) -> QueryDict:
    """Return the query without a type that its form leaves empty."""
    asked = request.GET.copy()
    if asked.get("type") == "":
        del asked["type"]
    return asked
