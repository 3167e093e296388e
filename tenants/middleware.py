"""The middleware that puts every request into its tenant's transaction."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction
from django.http import HttpRequest, HttpResponse

from tenants.scope import tenant_scope
from tenants.streams import TenantStream, WrittenFile

# Under it views ask Shopify, which no transaction waits for; they open scopes of their own.
ASKING_SHOPIFY = "/settings/connection/"
_READING = {"GET", "HEAD", "OPTIONS"}


class StreamingInScope(RuntimeError):
    """A view of a tenant answered with a stream that does not keep itself in the tenant."""


class TenantMiddleware:
    """Open the scope of the credential's tenant around the view.

    A reading request sees one moment of the data throughout. An answer that reports a failure
    leaves nothing behind: its transaction is rolled back. A streaming answer is made after the
    transaction, where there is no tenant: it is refused unless it opens one of its own
    (`TenantStream`) or reads no rows any more (`WrittenFile`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        credential = getattr(request, "credential", None)
        if credential is None or credential.tenant_id is None:
            return self.get_response(request)
        if request.path_info.startswith(ASKING_SHOPIFY):
            return self.get_response(request)
        with tenant_scope(credential.tenant_id, snapshot=request.method in _READING):
            response = self.get_response(request)
            if response.streaming and not isinstance(response, TenantStream | WrittenFile):
                response.close()
                raise StreamingInScope(request.path)
            if response.status_code >= 400:
                transaction.set_rollback(True)
        return response
