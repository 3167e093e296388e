"""The endpoints under /auth/."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django.utils import timezone
from rest_framework.exceptions import NotFound, PermissionDenied
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import attempts, browser, registration, sessions, sign_in, signed_in
from accounts.devices import device
from accounts.models import User
from accounts.permissions import IsPerson
from accounts.serializers import (
    AccountBody,
    LoginSerializer,
    LogoutSerializer,
    MeBody,
    MessageBody,
    RefreshSerializer,
    RegisterSerializer,
    SignedInBody,
    SwitchSerializer,
    TokensBody,
    account_body,
    shop_bodies,
)
from accounts.store_connection import domain_of
from accounts.tokens import TokenPair
from tenants.credentials import Credential, Kind
from tenants.models import Tenant
from xenofy.common.addresses import address_of
from xenofy.common.errors import NotAuthenticated
from xenofy.common.operations import Nothing, operation

NOT_KEPT = {"Cache-Control": "no-store"}  # tokens are in it


class Entrance(APIView):
    """An endpoint for whoever has no credential; one that comes along counts for nothing."""

    authentication_classes = ()
    permission_classes = (AllowAny,)


class RegisterView(Entrance):
    @operation(SignedInBody, RegisterSerializer, status=201, errors=(409, 429))
    def post(self, request: Request, given: RegisterSerializer) -> Response:
        """Create a person and their tenant; 409 for an e-mail or a proven domain that is taken."""
        now = timezone.now()
        attempts.count_registration(address=address_of(request), now=now)
        user, tenant = registration.register(
            email=given.validated_data["email"],
            password=given.validated_data["password"],
            shop=given.shop(),
            now=now,
        )
        pair = sessions.open_session(user, tenant_id=tenant.id, now=now, **_whence(request))
        return _signed_in(user, tenant, pair, status=201)


class LoginView(Entrance):
    @operation(SignedInBody, LoginSerializer, errors=(401, 429))
    def post(self, request: Request, given: LoginSerializer) -> Response:
        """Open a session in the person's first tenant."""
        now = timezone.now()
        code = given.validated_data.pop("code")
        user = sign_in.person(**given.validated_data, address=address_of(request), now=now)
        sign_in.check_code(user, code, now=now)
        tenant = sign_in.first_tenant(user)
        tenant_id = tenant.id if tenant else None
        pair = sessions.open_session(user, tenant_id=tenant_id, now=now, **_whence(request))
        return _signed_in(user, tenant, pair, status=200)


class RefreshView(Entrance):
    @operation(TokensBody, RefreshSerializer, errors=(401,))
    def post(self, request: Request, given: RefreshSerializer) -> Response:
        """Exchange a refresh token, once, for the next pair."""
        pair = sessions.rotate(given.validated_data["refresh"], now=timezone.now())
        return Response(pair._asdict(), headers=NOT_KEPT)


class MeView(APIView):
    permission_classes = (IsPerson,)

    @operation(MeBody, Nothing)
    def get(self, request: Request, given: Nothing) -> Response:
        """Answer who is signed in, in which shop, and which others they have."""
        identity = cast("Any", request).identity
        shops = shop_bodies(sign_in.memberships_of(identity.user))
        return Response({**_account(identity.user, identity.tenant), "shops": shops})


class SwitchView(APIView):
    permission_classes = (IsPerson,)

    @operation(SignedInBody, SwitchSerializer, errors=(404,))
    def post(self, request: Request, given: SwitchSerializer) -> Response:
        """Open a session in another of the person's shops; the one that asks ends."""
        if cast("Credential", request.auth).kind is not Kind.TOKEN:
            raise PermissionDenied  # a browser switches on its pages
        user, now = cast("User", request.user), timezone.now()
        tenant_id = given.validated_data["tenantId"]
        found = sign_in.memberships_of(user).filter(tenant=tenant_id).first()
        if found is None:
            raise NotFound
        _end(request)
        pair = sessions.open_session(user, tenant_id=tenant_id, now=now, **_whence(request))
        return _signed_in(user, found.tenant, pair, status=200)


class LogoutView(APIView):
    permission_classes = (AllowAny,)

    @operation(MessageBody, LogoutSerializer)
    def post(self, request: Request, given: LogoutSerializer) -> Response:
        """End the session of the credential, and that of the refresh token where one is given;
        `everywhere` ends all of the person, in browsers too."""
        refresh = given.validated_data.get("refresh")
        everywhere = given.validated_data["everywhere"]
        user, now = request.user, timezone.now()
        if request.auth is None and (everywhere or not refresh):
            raise NotAuthenticated("Sign in or send a valid token.")
        if refresh:
            sessions.end_session_of(refresh, now=now)
        if request.auth is not None:
            _end(request)
        if everywhere and isinstance(user, User):
            signed_in.end_all(user, now=now)
        return Response({"message": "Signed out."})


def _whence(request: Request) -> dict[str, str]:
    """Return what is kept of where a sign-in came from."""
    agent = request.headers.get("User-Agent", "")
    return {"device": device(agent), "address": address_of(request)}


def _end(request: Request) -> None:
    credential = cast("Credential", request.auth)
    if credential.kind is Kind.TOKEN:
        sessions.end_session(cast("UUID", credential.session_id), now=timezone.now())
    else:
        browser.leave(request)


def _signed_in(user: User, tenant: Tenant | None, pair: TokenPair, *, status: int) -> Response:
    return Response({**pair._asdict(), **_account(user, tenant)}, status=status, headers=NOT_KEPT)


def _account(user: User, tenant: Tenant | None) -> AccountBody:
    return account_body(user, tenant=tenant, domain=domain_of(tenant.id) if tenant else None)
