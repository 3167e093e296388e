"""Bodies of /auth/*, as the contract writes them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypedDict, cast

from django.core.exceptions import ValidationError
from rest_framework import serializers

from accounts.domains import NotAShop, normal_domain
from accounts.models import Membership, User
from accounts.registration import Shop
from accounts.validation import (
    LONGEST_CODE,
    LONGEST_PASSWORD,
    LONGEST_SECRET,
    check_new_password,
    plain_email,
)
from tenants.models import Tenant
from xenofy.common.moments import iso
from xenofy.common.shapes import Id, Moment
from xenofy.common.strict_query import StrictQuery


class Password(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, max_length=LONGEST_PASSWORD, **options)


class Secret(serializers.CharField):
    """Something of Shopify's that may be left out."""

    def __init__(self) -> None:
        super().__init__(
            required=False, allow_blank=True, allow_null=True, max_length=LONGEST_SECRET
        )


class RegisterSerializer(StrictQuery):
    """A new account; the secrets of Shopify may be given later, under Settings."""

    email = serializers.EmailField(max_length=254, validators=[plain_email])
    password = Password()
    name = serializers.CharField(max_length=200)
    domain = serializers.CharField(max_length=500)
    apiKey = Secret()
    apiSecret = Secret()

    def validate_domain(self, value: str) -> str:
        try:
            return normal_domain(value)
        except NotAShop as error:
            raise serializers.ValidationError(str(error)) from error

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        try:
            check_new_password(attrs["password"], email=attrs["email"])
        except ValidationError as error:
            raise serializers.ValidationError({"password": error.messages}) from error
        return attrs

    def shop(self) -> Shop:
        given = self.validated_data
        return Shop(
            name=given["name"],
            domain=given["domain"],
            access_token=given.get("apiKey") or "",
            client_secret=given.get("apiSecret") or "",
        )


class LoginSerializer(StrictQuery):
    """Only shapes are checked: what is no e-mail gets the answer of one that is unknown."""

    email = serializers.CharField(max_length=254)
    password = Password()
    code = serializers.CharField(
        max_length=LONGEST_CODE, required=False, allow_blank=True, default=""
    )


class RefreshSerializer(StrictQuery):
    """The refresh token of the last pair."""

    refresh = serializers.CharField(max_length=5000)


class LogoutSerializer(StrictQuery):
    """The refresh token of a session that is to end too."""

    refresh = serializers.CharField(max_length=5000, required=False, allow_null=True)
    everywhere = serializers.BooleanField(required=False, default=False)


class SwitchSerializer(StrictQuery):
    """The id of another shop of the person."""

    tenantId = serializers.UUIDField()


class UserBody(TypedDict):
    """A person; `tenantId` is that of the shop at hand."""

    id: Id
    email: str
    tenantId: Id | None
    createdAt: Moment
    updatedAt: Moment


class TenantBody(TypedDict):
    """A merchant's account; `domain` is null until a shop is connected."""

    id: Id
    name: str
    domain: str | None
    createdAt: Moment
    updatedAt: Moment


class AccountBody(TypedDict):
    """Who is signed in; `tenant` is null for a person without a shop."""

    user: UserBody
    tenant: TenantBody | None


RoleName = Literal["owner", "analyst", "viewer"]


class ShopBody(TypedDict):
    """A shop that the person belongs to, and as what."""

    id: Id
    name: str
    role: RoleName


class MeBody(AccountBody):
    """Who is signed in, with all of their shops."""

    shops: list[ShopBody]


class TokensBody(TypedDict):
    """`token` proves who one is for 24 hours, `refresh` gets the next pair, once, for 30 days."""

    token: str
    refresh: str


class SignedInBody(TokensBody, AccountBody):
    """The tokens of a new session, and whose they are."""


class MessageBody(TypedDict):
    message: str


def account_body(user: User, *, tenant: Tenant | None, domain: str | None) -> AccountBody:
    """Return {user, tenant}."""
    return {
        "user": {
            "id": str(user.id),
            "email": user.email,
            "tenantId": str(tenant.id) if tenant else None,
            "createdAt": iso(user.created_at),
            "updatedAt": iso(user.updated_at),
        },
        "tenant": _tenant_body(tenant, domain) if tenant else None,
    }


def _tenant_body(tenant: Tenant, domain: str | None) -> TenantBody:
    return {
        "id": str(tenant.id),
        "name": tenant.name,
        "domain": domain,
        "createdAt": iso(tenant.created_at),
        "updatedAt": iso(tenant.updated_at),
    }


def shop_bodies(memberships: Iterable[Membership]) -> list[ShopBody]:
    """Return the shops of a person, in the order given."""
    return [
        {"id": str(each.tenant_id), "name": each.tenant.name, "role": cast("RoleName", each.role)}
        for each in memberships
    ]
