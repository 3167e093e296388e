"""The settings page of a person: the password, and where they are signed in."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import attempts, email_confirmation, second_factor, signed_in
from accounts.audit import note_own
from accounts.browser import session_id
from accounts.models import User
from accounts.password_forms import PasswordForm
from tenants.audit import Action
from xenofy.common.addresses import address_of
from xenofy.common.errors import TooMany
from xenofy.common.formats import clock, day


@never_cache
@login_required
@require_safe
def you(request: HttpRequest) -> HttpResponse:
    """Show how and where the person signs in."""
    factor = second_factor.factor_of(_person(request))
    context = {"sign_ins": _rows(request, timezone.now()), "second_factor": factor}
    return render(request, "accounts/you.html", context)


@never_cache
@sensitive_post_parameters("current", "new")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def password(request: HttpRequest) -> HttpResponse:
    """Change the password, which ends every other sign-in of the person."""
    user, now = _person(request), timezone.now()
    form = PasswordForm(request.POST if request.method == "POST" else None, user=user)
    if form.proves(address=address_of(request), now=now):
        _change(request, user, form.cleaned_data["new"], now)
        messages.info(request, "The password is changed. You are signed out everywhere else.")
        return redirect("accounts:you")
    status = 400 if form.is_bound else 200
    return render(request, "accounts/password.html", {"form": form}, status=status)


@login_required
@require_POST
def mail_again(request: HttpRequest) -> HttpResponse:
    """Mail the link that confirms the e-mail once more."""
    user, now = _person(request), timezone.now()
    try:
        may_get_another = attempts.count_mail(user.email, address=address_of(request), now=now)
    except TooMany as error:
        messages.error(request, error.message)
        return redirect("accounts:you")
    if may_get_another:
        email_confirmation.mail_link(user, now=now)
    messages.info(request, f"A mail to {user.email} is on its way.")
    return redirect("accounts:you")


@login_required
@require_POST
def end(request: HttpRequest, sign_in: UUID) -> HttpResponse:
    """End one of the person's sign-ins; 404 for what is none of theirs."""
    if not signed_in.end(_person(request), sign_in, now=timezone.now()):
        raise Http404
    messages.info(request, "Signed out there.")
    return redirect("accounts:you")


@login_required
@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """End every sign-in of the person but this browser's."""
    signed_in.end_others(_person(request), but=session_id(request), now=timezone.now())
    messages.info(request, "You are signed out everywhere else.")
    return redirect("accounts:you")


def _change(request: HttpRequest, user: User, password: str, now: datetime) -> None:
    user.set_password(password)
    user.save(update_fields=["password", "updated_at"])
    update_session_auth_hash(request, user)  # gives this session a new key
    signed_in.end_others(user, but=session_id(request), now=now)
    note_own(request, user, Action.PASSWORD_CHANGED)


def _rows(request: HttpRequest, now: datetime) -> list[dict[str, Any]]:
    """Return the sign-ins in words; moments in UTC, since a person may have several shops."""
    here = session_id(request)
    return [
        {
            "id": each.id,
            "device": each.device or "unknown",
            "address": each.address,
            "how": "in a browser" if each.is_browser else "through the REST API",
            "since": _written(each.signed_in_at, now),
            "used": _written(each.last_used_at, now),
            "is_this": each.id == here,
        }
        for each in signed_in.sign_ins(_person(request), now=now)
    ]


def _written(moment: datetime | None, now: datetime) -> str:
    return f"{day(moment.date(), today=now.date())}, {clock(moment)} UTC" if moment else "unknown"


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
