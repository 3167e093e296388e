"""Bodies of /auth/*, as the contract writes them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from rest_framework import serializers

from accounts.domains import NotAShop, normal_domain
from accounts.models import User
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


class Password(serializers.CharField):
    def __init__(self, **options: Any) -> None:
        super().__init__(trim_whitespace=False, max_length=LONGEST_PASSWORD, **options)


class Secret(serializers.CharField):
    """Something of Shopify's that may be left out."""

    def __init__(self) -> None:
        super().__init__(
            required=False, allow_blank=True, allow_null=True, max_length=LONGEST_SECRET
        )


class RegisterSerializer(serializers.Serializer[Any]):
    email = serializers.EmailField(max_length=254, validators=[plain_email])
    password = Password()
    name = serializers.CharField(max_length=200)
    domain = serializers.CharField(max_length=500)
    apiKey = Secret()  # noqa: N815 - the contract's name
    apiSecret = Secret()  # noqa: N815

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


class LoginSerializer(serializers.Serializer[Any]):
    """Only shapes are checked: what is no e-mail gets the answer of one that is unknown."""

    email = serializers.CharField(max_length=254)
    password = Password()
    code = serializers.CharField(
        max_length=LONGEST_CODE, required=False, allow_blank=True, default=""
    )


class RefreshSerializer(serializers.Serializer[Any]):
    refresh = serializers.CharField(max_length=5000)


class LogoutSerializer(serializers.Serializer[Any]):
    refresh = serializers.CharField(max_length=5000, required=False, allow_null=True)


def account_body(user: User, *, tenant: Tenant | None, domain: str | None) -> dict[str, Any]:
    """Return {user, tenant}; `tenant` is null for a person without a shop."""
    return {
        "user": {
            "id": str(user.id),
            "email": user.email,
            "tenantId": str(tenant.id) if tenant else None,
            "createdAt": iso(user.created_at),
            "updatedAt": iso(user.updated_at),
        },
        "tenant": tenant
        and {
            "id": str(tenant.id),
            "name": tenant.name,
            "domain": domain,
            "createdAt": iso(tenant.created_at),
            "updatedAt": iso(tenant.updated_at),
        },
    }
