"""What a request of ours carries beside Django's."""

from __future__ import annotations

from typing import cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from accounts.identities import Identity
from tenants.credentials import Credential
from tenants.models import Tenant


class IdentifiedRequest(HttpRequest):
    """A request after `CredentialMiddleware`; all is None for a stranger."""

    identity: Identity | None
    credential: Credential | None
    refused_token: Exception | None  # why the bearer token was not accepted


def managed_tenant(request: IdentifiedRequest) -> Tenant:
    """Return the tenant of a request that may manage it; anybody else gets 403."""
    identity = request.identity
    if identity is None or not identity.credential.may_manage:
        raise PermissionDenied
    return cast("Tenant", identity.tenant)
