"""The pages that mailed links lead to, and the one on which a new password is asked for."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts import attempts, email_confirmation, password_reset
from accounts.audit import note_own
from accounts.form_pages import form_page, page, posted, refused
from accounts.forms import EmailForm, NewPasswordForm
from tenants.audit import Action
from xenofy.common.addresses import address_of
from xenofy.common.errors import XenofyError


@never_cache
@form_page
def forgotten_password(request: HttpRequest) -> HttpResponse:
    """Mail a link to a new password; the answer is the same whether anybody has the e-mail."""
    form = EmailForm(posted(request))
    if not form.is_valid():
        return page(request, "forgotten_password", form)
    email, now = form.cleaned_data["email"].lower(), timezone.now()
    try:
        may_get_another = attempts.count_mail(email, address=address_of(request), now=now)
    except XenofyError as error:
        return refused(request, "forgotten_password", form, error)
    if may_get_another:
        password_reset.mail_link(email, now=now)
    return render(request, "accounts/forgotten_password_mailed.html", {"email": email})


@never_cache
@sensitive_post_parameters("password")
@form_page
def reset_password(request: HttpRequest, token: str) -> HttpResponse:
    """Set a new password by a mailed link, which ends all sign-ins; 404 once it is over."""
    person = password_reset.person_of(token)
    if person is None:
        return render(request, "accounts/link_over.html", status=404)
    form = NewPasswordForm(posted(request), email=person.email)
    if not form.is_valid():
        return page(request, "reset_password", form)
    given, now = form.cleaned_data["password"], timezone.now()
    if not password_reset.reset(person, given, address=address_of(request), now=now):
        return render(request, "accounts/link_over.html", status=404)
    note_own(request, person, Action.PASSWORD_RESET)
    messages.info(request, "Your new password is set. Sign in with it.")
    return redirect("accounts:login")


@never_cache
@form_page
def confirm_email(request: HttpRequest, token: str) -> HttpResponse:
    """Note that a person reads their e-mail; a GET only asks, since mail scanners open links."""
    person = email_confirmation.person_of(token)
    if person is None:
        return render(request, "accounts/link_over.html", status=404)
    if request.method != "POST":
        return render(request, "accounts/confirm_email.html", {"email": person.email})
    email_confirmation.confirm_email(person, now=timezone.now())
    messages.info(request, f"{person.email} is confirmed.")
    return redirect("analytics:overview")
