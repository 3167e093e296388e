"""How REST views learn who is asking: from the middleware, which has found out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, CSRFCheck
from rest_framework.request import Request

from accounts.models import User
from tenants.credentials import Credential, Kind

BY_COOKIE = {Kind.SESSION, Kind.DEMO}


class CredentialAuthentication(BaseAuthentication):
    """Take `request.credential` as `request.auth`; raise for a token that was refused."""

    def authenticate(self, request: Request) -> tuple[User | None, Credential] | None:
        django_request: Any = request._request  # noqa: SLF001 - DRF has no other name for it
        if django_request.refused_token is not None:
            raise django_request.refused_token
        credential: Credential | None = django_request.credential
        if credential is None:
            return None
        if credential.kind in BY_COOKIE:
            _require_csrf_token(django_request)
        return django_request.identity.user, credential

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="xenofy"'


def _require_csrf_token(request: HttpRequest) -> None:
    """Refuse a request that writes with a cookie's right and without the page's token."""
    check = CSRFCheck(_no_response)
    check.process_request(request)
    if check.process_view(request, _no_response, (), {}):
        raise exceptions.PermissionDenied


def _no_response(request: HttpRequest) -> HttpResponse:  # pragma: no cover
    raise NotImplementedError
