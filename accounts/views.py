"""The pages of registering, of shops, the demo and the settings of a shop."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from accounts import attempts, browser, identities, registration, store_connection
from accounts.form_pages import form_page, page, posted, refused
from accounts.forms import ConnectForm, RegisterForm, RetentionForm
from accounts.http import IdentifiedRequest
from accounts.identities import Identity
from accounts.models import User
from accounts.store_page import store_page
from tenants.http import tenant_page
from tenants.models import Tenant
from tenants.rights import Right
from xenofy.common.addresses import address_of
from xenofy.common.errors import XenofyError


@never_cache
@sensitive_post_parameters("password")
@form_page
def register(request: HttpRequest) -> HttpResponse:
    """Create an account and go on to the first steps of its shop."""
    form = RegisterForm(posted(request))
    if not form.is_bound and request.user.is_authenticated:
        return redirect("accounts:connect")
    if not form.is_valid():
        return page(request, "register", form)
    now = timezone.now()
    try:
        attempts.count_registration(address=address_of(request), now=now)
        user, tenant = registration.register(
            email=form.cleaned_data["email"],
            password=form.cleaned_data["password"],
            shop=form.shop(),
            now=now,
        )
    except XenofyError as error:
        return refused(request, "register", form, error)
    browser.enter(request, user)
    browser.choose_tenant(request, tenant.id)
    return redirect("accounts:welcome_connect")


@never_cache
@login_required
@form_page
def connect(request: HttpRequest) -> HttpResponse:
    """Open a further tenant for a person who has signed in."""
    form = ConnectForm(posted(request))
    if not form.is_valid():
        return page(request, "connect", form)
    try:
        attempts.count_registration(address=address_of(request), now=timezone.now())
        tenant = registration.open_tenant(
            cast("User", request.user), shop=form.shop(), now=timezone.now()
        )
    except XenofyError as error:
        return refused(request, "connect", form, error)
    browser.choose_tenant(request, tenant.id)
    return redirect("accounts:welcome_connect")


@never_cache
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """Show the demo store, read-only and without an account."""
    if identities.of_demo() is None:
        return render(request, "accounts/demo_off.html", status=404)
    browser.enter_demo(request)
    return redirect("analytics:overview")


@never_cache
@require_safe
def no_shop(request: IdentifiedRequest) -> HttpResponse:
    """Tell a person who belongs to no shop how to get into one."""
    if request.credential is None:
        return redirect("accounts:login")
    if request.credential.tenant_id is not None:
        return redirect("analytics:overview")
    return render(request, "accounts/no_shop.html")


@require_POST
@tenant_page
def switch(request: IdentifiedRequest) -> HttpResponse:
    """Look at another of the person's shops; 404 for one that is not theirs."""
    for tenant in _identity(request).other_tenants:
        if str(tenant.id) == request.POST.get("tenant"):
            browser.choose_tenant(request, tenant.id)
            return redirect("analytics:overview")
    raise Http404


@never_cache
@sensitive_post_parameters("client_secret", "access_token")
@form_page
@tenant_page
def store_settings(request: IdentifiedRequest) -> HttpResponse:
    """Show the connection to the shop; its owner sets and replaces the secrets."""
    return store_page(request, name="settings", then="accounts:settings")


@require_POST
@tenant_page
def retention(request: IdentifiedRequest) -> HttpResponse:
    """Set for how many days bodies are kept; the owner does, anybody else gets 403."""
    identity = _identity(request)
    if not identity.credential.may(Right.MANAGE):
        raise PermissionDenied
    form = RetentionForm(request.POST)
    if form.is_valid():
        store_connection.keep_bodies(
            cast("Tenant", identity.tenant), days=form.cleaned_data["days"]
        )
        messages.info(request, "Saved.")
    else:
        messages.error(request, " ".join(map(str, form.errors["days"])))
    return redirect("accounts:settings")


def _identity(request: IdentifiedRequest) -> Identity:
    """Return who is asking, behind `tenant_page`."""
    return cast("Identity", request.identity)
