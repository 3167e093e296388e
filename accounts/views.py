"""The pages of registering, of shops, the demo and the settings of a shop."""

from __future__ import annotations

from typing import cast

from django.conf import settings
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
from accounts.authorisation import redirect_address
from accounts.form_pages import form_page, page, posted, refused
from accounts.forms import ConnectForm, RegisterForm, RetentionForm, StoreForm
from accounts.http import IdentifiedRequest
from accounts.identities import Identity
from accounts.import_state import import_state
from accounts.models import User
from accounts.webhook_addresses import webhook_addresses
from shop_data.errands import ask
from shop_data.shopify.scopes import asked_for
from shop_data.shopify.upkeep import CONNECTION
from tenants.http import tenant_page
from tenants.models import Tenant
from tenants.rights import Right
from xenofy.common.addresses import address_of
from xenofy.common.errors import XenofyError


@never_cache
@sensitive_post_parameters("password")
@form_page
def register(request: HttpRequest) -> HttpResponse:
    """Create an account and go on to its settings, where the shop's secrets are entered."""
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
    return redirect("accounts:settings")


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
    return redirect("accounts:settings")


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
    identity = _identity(request)
    tenant = cast("Tenant", identity.tenant)
    may_change = identity.credential.may(Right.MANAGE)
    if request.method == "POST" and not may_change:
        raise PermissionDenied
    connection = store_connection.store_connection(tenant.id, now=timezone.now())
    form = StoreForm(posted(request), connection=connection)
    more = {
        "connection": connection,
        "may_change": may_change,
        "last_heard": store_connection.last_heard(now=timezone.now()),
        "redirect_address": redirect_address(),
        "asked_for": asked_for().split(","),
        "addresses": webhook_addresses(),
        "is_public": settings.PUBLIC_URL.startswith("https://"),
        "retention": RetentionForm({"days": tenant.body_retention_days}),
        "imported": import_state(now=timezone.now()),
    }
    if not form.is_valid():
        return page(request, "settings", form, more)
    try:
        store_connection.change(tenant, shop=form.shop())
        ask(CONNECTION, at=timezone.now())
    except XenofyError as error:
        return refused(request, "settings", form, error, more)
    return redirect("accounts:settings")


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
