"""The pages of signing in, in one step or two, and of signing out."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import browser, second_factor, sign_in
from accounts.form_pages import form_page, next_path, page, posted, refused, with_next
from accounts.forms import CodeForm, LoginForm
from accounts.models import User
from xenofy.common.addresses import address_of
from xenofy.common.errors import XenofyError


@never_cache
@sensitive_post_parameters("password")
@form_page
def login(request: HttpRequest) -> HttpResponse:
    """Sign a person in and go on to `next`, a path of ours, or to the overview."""
    form = LoginForm(posted(request))
    if not form.is_bound and request.user.is_authenticated:
        browser.leave_demo(request)
        return HttpResponseRedirect(next_path(request))
    if not form.is_valid():
        return page(request, "login", form)
    now = timezone.now()
    try:
        user = sign_in.person(**form.cleaned_data, address=address_of(request), now=now)
    except XenofyError as error:
        return refused(request, "login", form, error)
    if second_factor.factor_of(user) is not None:
        browser.enter_by_half(request, user, now=now)
        return HttpResponseRedirect(with_next("accounts:login_code", request))
    browser.enter(request, user)
    return HttpResponseRedirect(next_path(request))


@never_cache
@sensitive_post_parameters("code")
@form_page
def login_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code of a person's app: after the password, or of staff once more."""
    now = timezone.now()
    person = _who_gives_a_code(request, now)
    if person is None:
        return HttpResponseRedirect(with_next("accounts:login", request))
    form = CodeForm(posted(request))
    if not form.is_valid():
        return page(request, "login_code", form)
    try:
        proved = sign_in.check_code(person, form.cleaned_data["code"], now=now)
    except XenofyError as error:
        return refused(request, "login_code", form, error)
    if request.user != person:
        browser.enter(request, person)
    if proved:
        browser.note_second_factor(request, now=now)
    return HttpResponseRedirect(next_path(request))


@never_cache
@form_page
def logout(request: HttpRequest) -> HttpResponse:
    """Sign out, or leave the demo; a GET only asks."""
    if request.method != "POST":
        return render(request, "accounts/logout.html")
    still_signed_in = browser.leave(request)
    return redirect("analytics:overview" if still_signed_in else "accounts:login")


def _who_gives_a_code(request: HttpRequest, now: datetime) -> User | None:
    """Return whose password was right just now, or who is signed in and has a second factor."""
    half = browser.half_signed_in(request, now=now)
    if half is not None or not isinstance(request.user, User):
        return half
    return request.user if second_factor.factor_of(request.user) else None
