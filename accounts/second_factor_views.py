"""The pages on which a person turns the second step of signing in on and off."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts import browser, second_factor, sign_in, signed_in
from accounts.audit import note_own
from accounts.form_pages import form_page, next_path, page, posted, refused, with_next
from accounts.forms import CodeForm
from accounts.models import User
from accounts.password_forms import ProofForm, TurnOffForm
from tenants.audit import Action
from xenofy.common.addresses import address_of
from xenofy.common.errors import XenofyError


@never_cache
@sensitive_post_parameters("code")
@login_required
@form_page
def second_factor_page(request: HttpRequest) -> HttpResponse:
    """Show what to do next: ask for the password, show what the app reads, or say it is on.

    What is posted is the app's first code, which turns it on.
    """
    user, now = _person(request), timezone.now()
    factor = second_factor.being_set_up(user)
    if factor is None:
        return page(request, "second_factor", ProofForm(user=user), _state(user))
    form, drawing = (
        CodeForm(posted(request)),
        {"factor": factor, "qr": second_factor.qr_code(factor)},
    )
    if not form.is_valid():
        return page(request, "second_factor_app", form, drawing)
    try:
        codes = sign_in.confirm_app(factor, form.cleaned_data["code"], now=now)
    except XenofyError as error:
        return refused(request, "second_factor_app", form, error, drawing)
    browser.note_second_factor(request, now=now)
    signed_in.end_others(user, but=browser.session_id(request), now=now)
    return _codes_page(request, codes, Action.SECOND_FACTOR_ON)


@never_cache
@sensitive_post_parameters("current")
@login_required
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Make a secret for the person's app, after the password."""
    user = _person(request)
    form = ProofForm(request.POST, user=user)
    if not form.proves(address=address_of(request), now=timezone.now()):
        return page(request, "second_factor", form, _state(user))
    try:
        second_factor.begin(user)
    except XenofyError as error:
        messages.error(request, error.message)
    return redirect(with_next("accounts:second_factor", request))


@never_cache
@sensitive_post_parameters("code")
@login_required
@form_page
def renew_codes(request: HttpRequest) -> HttpResponse:
    """Replace the recovery codes, after a code of the app."""
    user, form = _person(request), CodeForm(posted(request))
    if second_factor.factor_of(user) is None:
        return redirect("accounts:second_factor")
    if not form.is_valid():
        return page(request, "recovery_codes", form)
    try:
        sign_in.check_code(user, form.cleaned_data["code"], now=timezone.now())
    except XenofyError as error:
        return refused(request, "recovery_codes", form, error)
    codes = second_factor.renew_recovery_codes(user)
    return _codes_page(request, codes, Action.RECOVERY_CODES_RENEWED)


@never_cache
@sensitive_post_parameters("current", "code")
@login_required
@form_page
def turn_off(request: HttpRequest) -> HttpResponse:
    """Ask for no code any more, after the password and a last one."""
    user, now = _person(request), timezone.now()
    if second_factor.factor_of(user) is None:
        return redirect("accounts:second_factor")
    form = TurnOffForm(posted(request), user=user)
    if not form.proves(address=address_of(request), now=now):
        return page(request, "second_factor_off", form)
    try:
        sign_in.check_code(user, form.cleaned_data["code"], now=now)
    except XenofyError as error:
        return refused(request, "second_factor_off", form, error)
    if second_factor.remove(user):
        note_own(request, user, Action.SECOND_FACTOR_OFF)
    messages.info(request, "Your password is enough to sign in from now on.")
    return redirect("accounts:you")


def _codes_page(request: HttpRequest, codes: list[str], action: Action) -> HttpResponse:
    """Show recovery codes, this once."""
    note_own(request, _person(request), action)
    context = {"codes": codes, "next": next_path(request, otherwise="accounts:you")}
    return render(request, "accounts/recovery_codes_made.html", context, status=201)


def _state(user: User) -> dict[str, Any]:
    return {
        "factor": second_factor.factor_of(user),
        "codes_left": user.recovery_codes.count(),
    }


def _person(request: HttpRequest) -> User:
    return cast("User", request.user)
