"""The page that a mailed invitation leads to."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from accounts import attempts, browser
from accounts.forms import NewPasswordForm
from accounts.invitations import accept, invitation_of, join
from accounts.models import User
from tenants.models import Invitation
from xenofy.common.addresses import address_of
from xenofy.common.errors import TooMany


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Let the person who was invited join: with their account, or with a new one.

    Somebody else who is signed in here is told so; an account that exists is signed in to first.
    """
    now = timezone.now()
    found = invitation_of(token, now=now)
    if found is None:
        return render(request, "accounts/invitation_over.html", status=404)
    account = User.objects.filter(email=found.email).first()
    form = NewPasswordForm(request.POST if request.method == "POST" else None, email=found.email)
    who = _who(request, account)
    if request.method == "POST" and account is not None and who == "invited":
        return _joined(request, found, account if accept(found, account, now=now) else None)
    if who == "new" and _may_register(request, form, now) and form.is_valid():
        person = join(found, password=form.cleaned_data["password"], now=now)
        return _joined(request, found, person)
    context = {"invitation": found, "who": who, "form": form, "next": request.path}
    status = 400 if request.method == "POST" else 200
    return render(request, "accounts/invitation.html", context, status=status)


def _who(request: HttpRequest, account: User | None) -> str:
    """Return who looks: the `invited` person, `another` one, a `stranger` to sign in, or a `new`
    one."""
    if request.user.is_authenticated:
        return "invited" if request.user == account else "another"
    return "stranger" if account else "new"


def _may_register(request: HttpRequest, form: NewPasswordForm, now: datetime) -> bool:
    if not form.is_bound:
        return False
    try:
        attempts.count_registration(address=address_of(request), now=now)
    except TooMany as error:
        form.add_error(None, error.message)
    return True


def _joined(request: HttpRequest, found: Invitation, person: User | None) -> HttpResponse:
    """Show the shop to who joined it; None is who came too late."""
    if person is None:
        return render(request, "accounts/invitation_over.html", status=404)
    if not request.user.is_authenticated:
        browser.enter(request, person)
    browser.choose_tenant(request, found.tenant_id)
    return redirect("analytics:overview")
