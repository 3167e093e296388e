"""How pages with a form answer: the empty form, a wrong one, and one that is refused."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_http_methods

from xenofy.common.errors import XenofyError

form_page = require_http_methods(["GET", "HEAD", "POST"])


def posted(request: HttpRequest) -> QueryDict | None:
    """Return what a form is bound to: None while it is only shown."""
    return request.POST if request.method == "POST" else None


def next_path(request: HttpRequest, *, otherwise: str = "analytics:overview") -> str:
    """Return where to go afterwards: a path of ours, never another host."""
    given: str = request.POST.get("next") or request.GET.get("next") or ""
    if given.startswith("/") and url_has_allowed_host_and_scheme(given, allowed_hosts=None):
        return given
    return resolve_url(otherwise)


def with_next(name: str, request: HttpRequest, *, otherwise: str = "analytics:overview") -> str:
    """Return the address of a page that goes on to where this one would."""
    path = next_path(request, otherwise=otherwise)
    return f"{resolve_url(name)}?{urlencode({'next': path})}"


def page(
    request: HttpRequest, name: str, form: Form, more: dict[str, Any] | None = None
) -> HttpResponse:
    """Answer the page of a form; 400, with the form's words, when it was sent and is wrong."""
    context = {"form": form, "next": next_path(request), "demo": settings.DEMO, **(more or {})}
    status = 400 if form.is_bound else 200
    return render(request, f"accounts/{name}.html", context, status=status)


def refused(
    request: HttpRequest,
    name: str,
    form: Form,
    error: XenofyError,
    more: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer the page of a form that was right in itself, with why it was refused."""
    for field, reasons in (error.fields or {"": [error.message]}).items():
        for message in reasons:
            form.add_error(field if field in form.fields else None, message)
    response = page(request, name, form, more)
    response.status_code = error.status
    for header, value in error.headers.items():
        response[header] = value
    return response
