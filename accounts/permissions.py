"""What a credential must be for a REST view; docs/security.md lists the roles and their rights."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from tenants.credentials import Credential
from tenants.models import Role


class IsPerson(BasePermission):
    """Somebody who has signed in, with a shop or without."""

    def has_permission(self, request: Request, view: Any) -> bool:
        credential = _credential(request)
        return credential is not None and credential.user_id is not None


class HasTenant(BasePermission):
    """Whoever belongs to a tenant, the demo's visitors included."""

    def has_permission(self, request: Request, view: Any) -> bool:
        credential = _credential(request)
        return credential is not None and credential.tenant_id is not None


class HasRole(BasePermission):
    """Whoever has one of `roles` in the tenant."""

    roles: ClassVar[frozenset[Role]]

    def has_permission(self, request: Request, view: Any) -> bool:
        credential = _credential(request)
        return credential is not None and credential.role in self.roles


class IsAnalyst(HasRole):
    """Whoever may read lists with people in them, and export."""

    roles = frozenset({Role.OWNER, Role.ANALYST})


class IsOwner(HasRole):
    """Whoever may change the tenant."""

    roles = frozenset({Role.OWNER})


def _credential(request: Request) -> Credential | None:
    return cast("Credential | None", request.auth)
