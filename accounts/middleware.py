"""The middleware that finds out who is asking."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_vary_headers

from accounts import identities
from accounts.browser import chosen_tenant, looks_at_demo, note_use
from accounts.http import IdentifiedRequest
from accounts.identities import Identity
from accounts.tokens import InvalidToken
from tenants.credentials import Kind
from xenofy.common.http import error_response, is_for_machines

READING = {"GET", "HEAD", "OPTIONS"}
# Probes of load balancers and Shopify's deliveries come often and belong to nobody; the admin
# knows its staff by itself, and mailed links prove who follows them.
PROBES = {"/health", "/health/ready", "/metrics"}
DELIVERIES = ("/api/webhooks/shopify/", "/api/v1/webhooks/shopify/")
MAILED = ("/password/", "/email/confirm/", "/invitations/")
NOBODYS = (*DELIVERIES, *MAILED, f"/{settings.ADMIN_PATH}/")
DEMO_IS_READ_ONLY = "The demo store can only be read."


class CredentialMiddleware:
    """Put `request.credential` there: from a bearer token, an API key, the demo, or the browser's
    session.

    A token or a key counts on the addresses for machines, and alone: the cookies that come with
    it are ignored, so that no other site can use them. On the others, cookies count alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: IdentifiedRequest) -> HttpResponse:
        request.identity = request.credential = request.refused_token = None
        if request.path in PROBES or request.path.startswith(NOBODYS):
            return self.get_response(request)
        if request.path in _entrances():
            return self.get_response(request)
        request.identity = _identify(request)
        request.credential = request.identity.credential if request.identity else None
        response = self.get_response(request)
        if is_for_machines(request):
            patch_vary_headers(response, ("Authorization", "X-API-Key", "Cookie"))
        return response


class ReadOnlyDemoMiddleware:
    """Answer 403 to whoever wants to change the demo store; leaving it is no change."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: IdentifiedRequest) -> HttpResponse:
        return _refuse_writing(request) or self.get_response(request)


@cache
def _entrances() -> frozenset[str]:
    """Return the addresses where one becomes somebody, or proves it, whichever shop one looks at.

    What they count has to stay when they refuse: the transaction of a tenant would not.
    """
    pages = (
        *("login", "login_code", "register", "demo", "connect", "password"),
        *("second_factor", "begin_second_factor", "recovery_codes", "end_second_factor"),
    )
    paths = ("register", "login", "refresh")
    return frozenset(
        [
            *(reverse(f"accounts:{name}") for name in pages),
            *(reverse(f"auth:{name}") for name in paths),
        ]
    )


def _identify(request: IdentifiedRequest) -> Identity | None:
    token = _bearer_token(request)
    if token is not None:
        return _proven(request, identities.of_token, token)
    key = request.headers.get("X-API-Key")
    if key is not None and is_for_machines(request):
        return _proven(request, identities.of_api_key, key.strip())
    if looks_at_demo(request) and (demo := identities.of_demo()):
        return demo
    if request.user.is_authenticated:
        note_use(request, now=timezone.now())
        return identities.of_browser(request.user, chosen=chosen_tenant(request))
    return None


def _bearer_token(request: HttpRequest) -> str | None:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not is_for_machines(request):
        return None
    return token.strip()


def _proven(
    request: IdentifiedRequest, identity_of: Callable[..., Identity], secret: str
) -> Identity | None:
    """Return whose secret it is; what refuses it is told by the view's authentication."""
    request.user = AnonymousUser()  # not the one of the cookies
    try:
        identity = identity_of(secret, now=timezone.now())
    except InvalidToken as error:
        request.refused_token = error
        return None
    request.user = identity.user or request.user
    return identity


def _refuse_writing(request: IdentifiedRequest) -> HttpResponse | None:
    credential = request.credential
    if credential is None or credential.kind is not Kind.DEMO or request.method in READING:
        return None
    if request.path == reverse("accounts:logout"):
        return None
    if is_for_machines(request):
        return error_response(403, message=DEMO_IS_READ_ONLY)
    return render(request, "accounts/demo_read_only.html", status=403)
