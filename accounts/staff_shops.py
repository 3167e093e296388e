"""The admin's page on which staff open a shop: which one, and why."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import AdminTextInputWidget
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache

from accounts.form_pages import form_page, next_path, posted
from accounts.models import User
from tenants.lookup import tenants_called
from tenants.models import Tenant
from tenants.staff_access import OPEN_FOR, Staff, close_shops, open_shop, open_shops
from xenofy.common.addresses import address_for_entries

LEAST = 10  # characters of a reason


class ShopForm(forms.Form):
    """A shop, as people know it, and why its data has to be read."""

    shop = forms.CharField(
        label="Id, shop domain or name", max_length=200, widget=AdminTextInputWidget
    )
    reason = forms.CharField(
        label="Reason",
        help_text="It is written into the shop’s own audit entries, with your name.",
        min_length=LEAST,
        max_length=500,
        widget=AdminTextInputWidget,
    )

    def clean_shop(self) -> Tenant:
        """Return the one shop that is called so."""
        found = tenants_called(self.cleaned_data["shop"].replace("\0", ""))
        if not found:
            raise forms.ValidationError("No shop has this id, domain or name.")
        if len(found) > 1:
            raise forms.ValidationError("Several shops are called so: give the id or the domain.")
        return found[0]


@never_cache
@form_page
def shops(request: HttpRequest) -> HttpResponse:
    """Show which shops are open; open one more for a reason, or close all."""
    if request.method == "POST" and "close" in request.POST:
        close_shops(request)
        return HttpResponseRedirect(request.path)
    form = ShopForm(posted(request))
    if form.is_valid():
        _open(request, form)
        return HttpResponseRedirect(next_path(request, otherwise="admin:index"))
    context = {
        **admin.site.each_context(request),
        "title": "Shops",
        "form": form,
        "next": next_path(request, otherwise="admin:index"),
        "opened": Tenant.objects.filter(id__in=open_shops(request)).order_by("name"),
        "minutes": int(OPEN_FOR.total_seconds() // 60),
    }
    return render(request, "admin/shops.html", context, status=400 if form.is_bound else 200)


def _open(request: HttpRequest, form: ShopForm) -> None:
    given: dict[str, Any] = form.cleaned_data
    person = cast("User", request.user)
    staff = Staff(person.id, str(person), address_for_entries(request))
    open_shop(request, given["shop"], reason=given["reason"], by=staff, now=timezone.now())
    messages.info(request, f"{given['shop'].name} is open until you close it, for an hour at most.")
