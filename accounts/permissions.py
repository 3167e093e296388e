"""What a credential must be for a REST view; docs/security.md lists the roles and their rights."""

from __future__ import annotations

from typing import Any, cast

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from tenants.credentials import Credential


class IsPerson(BasePermission):
    """Somebody who has signed in, with a shop or without."""

    def has_permission(self, request: Request, view: Any) -> bool:
        credential = _credential(request)
        return credential is not None and credential.user_id is not None


class HasRight(BasePermission):
    """Whoever has the right that the view names as its `right`; a view has to name one."""

    def has_permission(self, request: Request, view: Any) -> bool:
        credential = _credential(request)
        return credential is not None and credential.may(view.right)


def _credential(request: Request) -> Credential | None:
    return cast("Credential | None", request.auth)
