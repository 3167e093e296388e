"""The admin's way in: staff sign in where everybody does, and have a second factor."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone

from accounts import browser
from accounts.form_pages import next_path, with_next
from accounts.models import User

GOOD_FOR = timedelta(hours=8)  # after which the admin asks for another code


class StaffSite(AdminSite):
    """Opens to staff whose second factor is in force, and was proven in this browser today."""

    def has_permission(self, request: HttpRequest) -> bool:
        return super().has_permission(request) and _missing_step(request) is None

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Return Django's addresses, and that of the page which opens a shop."""
        return [path("shops/", self.admin_view(_shops), name="shops"), *super().get_urls()]

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        """Send on to the step that is missing; 403 to who is signed in and no staff."""
        user = request.user
        if user.is_authenticated and not super().has_permission(request):
            raise PermissionDenied
        step = _missing_step(request)
        if step is None:
            return HttpResponseRedirect(next_path(request, otherwise="admin:index"))
        return HttpResponseRedirect(with_next(step, request, otherwise="admin:index"))

    def password_change(  # type: ignore[override]  # Django's shows a page of its own
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseRedirect:
        """Send on to the page where everybody changes the password."""
        return redirect("accounts:password")


def _shops(request: HttpRequest) -> HttpResponse:
    from accounts.staff_shops import shops  # noqa: PLC0415 - the page needs the site

    return shops(request)


def _missing_step(request: HttpRequest) -> str | None:
    """Return the page of what somebody has not done yet to enter; None when all is done."""
    if not isinstance(request.user, User):
        return "accounts:login"
    factor = getattr(request.user, "second_factor", None)  # one query for each request
    if factor is None or factor.confirmed_at is None:
        return "accounts:second_factor"
    proved_at = browser.proved_second_factor(request)
    if proved_at is None or proved_at < timezone.now() - GOOD_FOR:
        return "accounts:login_code"
    return None
