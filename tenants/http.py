"""What views of a tenant's pages start with."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from tenants.credentials import Credential


class TenantRequest(HttpRequest):
    """A request whose credential belongs to a tenant; its scope is open."""

    credential: Credential


View = Callable[..., HttpResponse]


def tenant_page(view: View) -> View:
    """Send strangers to the login page and people without a shop to the page that connects one."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        credential: Credential | None = getattr(request, "credential", None)
        if credential is None:
            return redirect_to_login(request.get_full_path())
        if credential.tenant_id is None:
            return redirect("accounts:no_shop")
        return view(request, *args, **kwargs)

    return guarded
